#!/bin/busybox sh
# First program of a client that is audited: mounts the read-only root over NFS as the kernel would, lays a tree in RAM over
# it, and hands over to the image's init. The image does not know.
bb=/bin/busybox
fail() {
    $bb echo "audit: FAILED: $1"
    $bb echo "Kernel panic - not syncing: audit: $1"
    $bb sleep 3
    $bb reboot -f
}

$bb mount -t proc proc /proc
$bb mount -t devtmpfs dev /dev || fail 'no devtmpfs'
exec </dev/console >/dev/console 2>&1

server=
for word in $($bb cat /proc/cmdline); do
    case $word in
    nfsroot=*)
        source=${word#nfsroot=}
        options=${source#*,}
        source=${source%%,*}
        server=${source%%:*}
        ;;
    esac
done
[ -n "$server" ] || fail 'no nfsroot= on the command line'
$bb mount -t nfs -o "ro,$options,addr=$server,mountproto=tcp" "$source" /lower || fail "cannot mount $source"
$bb mount -t tmpfs -o mode=0755 audit /audit || fail 'no tmpfs'
$bb mkdir /audit/upper /audit/work
$bb chmod 0755 /audit/upper
$bb mount -t overlay -o lowerdir=/lower,upperdir=/audit/upper,workdir=/audit/work overlay /new || fail 'no overlay: CONFIG_OVERLAY_FS?'
# The image's fstab says that the root is read-only, and its init mounts it so before any service starts. The kernel refuses
# that as long as a file of the root is open for writing: whatever fstab and init say, and however they go about it. Both stay
# as they are, so that a program that reads them does what it does elsewhere.
exec 9>/new/.write-audit || fail 'the tree in RAM cannot be written'
$bb sleep 1000000000 </dev/null &
exec 9>&-
$bb rm /new/.write-audit
$bb cp /watch.py /audit/watch.py
$bb mount --move /audit "/new$AUDIT_PLACE" || fail "the image has no $AUDIT_PLACE"
# As the kernel does it for a root that it mounts itself. /proc is early; init finds it there and goes on.
$bb mount --move /dev /new/dev
$bb mount --move /proc /new/proc
# What the shell starts beside itself reads from here.
$bb mknod /dev/null c 1 3
if [ -x /new/usr/bin/python3 ]; then
    $bb chroot /new /usr/bin/python3 -B -S -E "$AUDIT_PLACE/watch.py" "$AUDIT_PLACE/events" &
    waited=0
    while ! [ -e "/new$AUDIT_PLACE/events" ] && [ $waited -lt 30 ]; do
        $bb sleep 1
        waited=$((waited + 1))
    done
fi
$bb echo "VFS: Mounted root (nfs filesystem) below a tree in RAM, for the write audit."
exec $bb switch_root /new /sbin/init
