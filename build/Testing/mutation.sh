# Runs Stryker where a changed program can spoil nothing. $1 the checkout, $2 where results go, $3 Stryker.
mount -t tmpfs -o mode=0755 tmpfs /mnt
mkdir /mnt/upper /mnt/work /mnt/checkout /mnt/results /mnt/tmp /mnt/home
chmod 1777 /mnt/tmp
mount --bind "$2" /mnt/results
mount -t overlay -o "lowerdir=$1,upperdir=/mnt/upper,workdir=/mnt/work" overlay /mnt/checkout
export NUGET_PACKAGES="${NUGET_PACKAGES:-$HOME/.nuget/packages}" HOME=/mnt/home

# What is a disk's is read-only from here on: a delete that lost its border finds nothing that it could take.
findmnt --raw --noheadings --output TARGET,SOURCE | while read -r target source; do
  case $target in /mnt|/mnt/*|/proc|/proc/*|/sys|/sys/*|/dev|/dev/*) continue ;; esac
  mount -o remount,bind,ro "$(printf %b "$target")"
done
for place in /tmp /run /var/tmp; do
  mkdir -p "/mnt/memory$place"
  chmod 1777 "/mnt/memory$place"
  mount --bind "/mnt/memory$place" "$place"
done
if touch /.dom0image-writable 2>/dev/null; then
  echo "the machine's root can still be written to; expected it read-only, nothing was run" >&2
  exit 125
fi

cd /mnt/checkout/tests/Dom0Image.Tests
exec "$3" --config-file /mnt/results/stryker-config.json --output /mnt/results --skip-version-check
