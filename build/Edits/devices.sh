# $1 gets the devices that every program may have, and no others. Goes before scripts that have a root made.
make_devices() {
    mount -t tmpfs -o nosuid,noexec,mode=0755,size=1M tmpfs "$1"
    while read -r node major minor; do
        mknod "$1/$node" c "$major" "$minor"
        chmod 0666 "$1/$node"
    done <<NODES
null 1 3
zero 1 5
full 1 7
random 1 8
urandom 1 9
tty 5 0
NODES
    ln -s /proc/self/fd "$1/fd"
}

