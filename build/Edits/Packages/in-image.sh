# Runs a command in an image's tree, in namespaces of its own that end with it and with all that it started, without a network.
#   $1 the tree   $2 a directory that the command finds as /run/packages, or empty   $3 seconds since 1970 for what notes the time
# and then the command.
root=$1 packages=$2 epoch=$3
shift 3

# A link would lead out of the tree.
own() { [ -d "$root/$1" ] && [ ! -L "$root/$1" ]; }

own proc && mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
own tmp && mount -t tmpfs -o nosuid,nodev,mode=1777 tmpfs "$root/tmp"
own dev && make_devices "$root/dev"
if own run; then
    mount -t tmpfs -o nosuid,nodev,mode=0755 tmpfs "$root/run"
    mkdir "$root/run/lock" "$root/run/apt" "$root/run/apt/partial" "$root/run/apt/lists" "$root/run/apt/lists/partial"
    if [ -n "$packages" ]; then
        mkdir "$root/run/packages"
        mount --bind "$packages" "$root/run/packages"
    fi
fi

exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 TZ=UTC SOURCE_DATE_EPOCH="$epoch" \
    DEBIAN_FRONTEND=noninteractive DEBCONF_NONINTERACTIVE_SEEN=true SYSTEMD_OFFLINE=1 \
    setpriv --inh-caps=-all --bounding-set=-sys_module,-sys_rawio,-sys_boot,-sys_time -- chroot "$root" "$@"
