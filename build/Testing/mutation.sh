# Runs Stryker where a changed program can spoil nothing. $1 the checkout, $2 where results go, $3 Stryker.
mount -t tmpfs -o mode=0755 tmpfs /media
mkdir /media/upper /media/work /media/checkout /media/results /media/tmp /media/home
chmod 1777 /media/tmp
mount --bind "$2" /media/results
mount -t overlay -o "lowerdir=$1,upperdir=/media/upper,workdir=/media/work" overlay /media/checkout
export NUGET_PACKAGES="${NUGET_PACKAGES:-$HOME/.nuget/packages}" HOME=/media/home

# What is a disk's is read-only from here on: a delete that lost its border finds nothing that it could take.
findmnt --raw --noheadings --output TARGET,SOURCE | while read -r target source; do
  case $target in /media|/media/*|/proc|/proc/*|/sys|/sys/*|/dev|/dev/*) continue ;; esac
  mount -o remount,bind,ro "$(printf %b "$target")"
done
for place in /tmp /run /var/tmp; do
  mkdir -p "/media/memory$place"
  chmod 1777 "/media/memory$place"
  mount --bind "/media/memory$place" "$place"
done
if touch /.dom0image-writable 2>/dev/null; then
  echo "the machine's root can still be written to; expected it read-only, nothing was run" >&2
  exit 125
fi

cd /media/checkout/tests/Dom0Image.Tests
exec "$3" --config-file /media/results/stryker-config.json --output /media/results --skip-version-check
