#!/bin/sh
# Runs inside mmdebstrap's steps, on the build machine; $1 is the root that is being laid. All values come in the environment:
#   DOM0IMAGE_PACKAGES  packages that need not be downloaded, as hard links that may be used up
#   DOM0IMAGE_FETCHED   where the packages that were used are left
#   DOM0IMAGE_DPKG      dpkg settings for the image, or empty
#   DOM0IMAGE_LIST      where the list of what is installed goes
set -eu
root=$1
archives=$root/var/cache/apt/archives

# Hard links where it can be, for speed; copies across file systems.
hand_over() {
    find "$1" -maxdepth 1 -type f -name '*.deb' -exec cp --link --no-clobber -t "$2" {} + 2>/dev/null ||
        find "$1" -maxdepth 1 -type f -name '*.deb' -exec cp --no-clobber -t "$2" {} +
}

case $MMDEBSTRAP_HOOK in
setup)
    mkdir -p "$archives"
    hand_over "$DOM0IMAGE_PACKAGES" "$archives"
    ;;
extract)
    hand_over "$archives" "$DOM0IMAGE_FETCHED"
    # Set only now: mmdebstrap would filter each package of the first extraction by itself, which takes longer than to clean up below.
    if [ -n "$DOM0IMAGE_DPKG" ]; then
        mkdir -p "$root/etc/dpkg/dpkg.cfg.d"
        cp "$DOM0IMAGE_DPKG" "$root/etc/dpkg/dpkg.cfg.d/01dom0image"
    fi
    ;;
customize)
    hand_over "$archives" "$DOM0IMAGE_FETCHED"
    dpkg-query --admindir="$root/var/lib/dpkg" --show --showformat='${Package} ${Version} ${Architecture}\n' >"$DOM0IMAGE_LIST"
    if [ -n "$DOM0IMAGE_DPKG" ]; then
        sed -n 's/^path-exclude=//p' "$DOM0IMAGE_DPKG" | while read -r excluded; do
            directory=$root${excluded%/\*}
            [ -d "$directory" ] || continue
            find "$directory" -xdev ! -type d ! -name copyright -delete
            find "$directory" -xdev -mindepth 1 -type d -empty -delete
        done
    fi
    # What belongs to this machine or to one client only, and what would make two builds differ.
    rm -f "$root/etc/apt/apt.conf.d/99mmdebstrap" "$root/etc/resolv.conf" "$root/etc/hostname" \
        "$root"/etc/ssh/ssh_host_*_key "$root"/etc/ssh/ssh_host_*_key.pub \
        "$root"/var/log/bootstrap.log "$root"/var/cache/debconf/*-old "$root"/var/lib/dpkg/*-old
    sed -i 's/^deb \[signed-by=[^]]*\]/deb/' "$root/etc/apt/sources.list"
    find "$archives" -maxdepth 1 -type f -name '*.deb' -delete
    ;;
esac
