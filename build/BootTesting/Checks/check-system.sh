
# --- the order of the boot, by the kernel's clock
ready=$(dmesg | sed -n 's/.*dom0-ramtree: ready \([0-9.]*\).*/\1/p' | head -n 1)
udevd=$(running '*udevd' | head -n 1)
if [ -z "$ready" ]; then
    flunk ramtree-before-udev 'the RAM tree left no mark in the kernel log'
elif [ -z "$udevd" ]; then
    flunk ramtree-before-udev 'udev does not run'
else
    # Field 22: ticks of 1/100 s from the boot to the start of the process; the name, in brackets, may hold blanks.
    started=$(sed 's/.*) //' "/proc/$udevd/stat" | cut -d ' ' -f 20)
    if awk "BEGIN { exit !($started / 100 >= $ready - 0.02) }" </dev/null; then
        pass ramtree-before-udev "at $ready s, udev at $started/100 s"
    else
        flunk ramtree-before-udev "the RAM tree was ready at $ready s, udev started before, at $started/100 s"
    fi
fi

# --- a generation never changes: a client that asks whether it has was mounted wrong
if [ "$requests" -gt 0 ] && [ "$attributes" -le 50 ]; then
    pass root-remembered "$attributes of $requests requests asked for attributes again"
else
    flunk root-remembered "$attributes of $requests requests for the root asked for attributes, which never change"
fi

# --- an identity of its own
keys=
for file in /etc/ssh/ssh_host_*_key.pub; do
    [ -r "$file" ] && keys="$keys$(ssh-keygen -lf "$file" | cut -d ' ' -f 2) "
done
fact host-keys "$keys"
where=$(readlink -f /etc/ssh/ssh_host_ed25519_key)
case $keys:$where in
SHA256:*:/flash/*) pass own-host-keys "$where" ;;
*) flunk own-host-keys "no SSH host key below /flash (found '$where')" ;;
esac
id=
read -r id </etc/machine-id
fact machine-id "$id"
where=$(readlink -f /etc/machine-id)
case $where in
/flash/* | /run/*) in_ram=yes ;;
*) in_ram=$(while read -r _ point _; do [ "$point" = "$where" ] && echo yes; done </proc/mounts) ;;
esac
if [ "${#id}" = 32 ] && [ "$in_ram" = yes ]; then pass own-machine-id "$id"; else flunk own-machine-id "'$id' in $where"; fi

# --- what runs
if grep -q ' [0-9A-F]*:0016 [0-9A-F:]* 0A ' /proc/net/tcp /proc/net/tcp6; then
    pass ssh-server 'port 22 is open'
else
    flunk ssh-server 'nothing listens on port 22'
fi

# --- users can ping, without the capability that a program cannot have over NFSv3
if command -v ping >/dev/null; then
    if said=$(setpriv --reuid=65534 --regid=65534 --clear-groups ping -c 1 -W 5 127.0.0.1 2>&1); then
        pass users-can-ping '127.0.0.1, as nobody'
    else
        flunk users-can-ping "it fails for nobody: $(echo "$said" | tail -n 1)"
    fi
fi

# --- nothing wanted to write where it must not
logs_without_read_only /var/log /dev/log

# --- the root after everything is up, past what the client remembers of it
sync
echo 3 >/proc/sys/vm/drop_caches
if ls -lR /etc >/dev/null 2>&1 && cat /usr/bin/* 2>/dev/null | head -c 3000000 >/dev/null; then
    pass root-answers 'read again without caches'
else
    flunk root-answers 'the root over NFS cannot be read'
fi

fact flash-kilobytes "$(df -k /flash | awk 'NR == 2 { print $3 }')"
fact memory-free-kilobytes "$(sed -n 's/^MemAvailable: *\([0-9]*\).*/\1/p' /proc/meminfo)"
fact clock "$(date +%s)"
read -r up _ </proc/uptime
fact uptime "$up"
