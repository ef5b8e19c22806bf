# Run on a booted client by the boot test. Writes check|NAME|ok or fail|DETAIL and fact|NAME|VALUE.
PATH=/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
# Clients that booted side by side have the same process ids, and the images of domUs in common.
read -r probe </proc/sys/kernel/random/uuid
probe=.boot-test-$probe

pass() { echo "check|$1|ok|$2"; }
flunk() { echo "check|$1|fail|$2"; }
fact() { echo "fact|$1|$2"; }

# nfs_requests FILE PATTERN: requests for / over NFS so far. Counted by the shell itself, so that counting asks for little.
nfs_requests() {
    mine=
    total=0
    while read -r word count _ _ place _; do
        # shellcheck disable=SC2254 # a pattern is wanted
        case $word in
        device) if [ "$place" = / ]; then mine=yes; else mine=; fi ;;
        $2) if [ -n "$mine" ]; then total=$((total + count)); fi ;;
        esac
    done <"$1"
    echo "$total"
}

# First of all: what is checked below asks for much.
requests=$(nfs_requests /proc/self/mountstats '[A-Z]*:')
attributes=$(nfs_requests /proc/self/mountstats 'GETATTR:')
fact nfs-requests-before-checks "$requests"

root_nfs() {
    seen=$(while read -r what where type options _; do
        [ "$where" = / ] && [ "$type" != rootfs ] && echo "$what $type $options"
    done </proc/mounts)
    case $seen in
    "$1 nfs "*) pass root-over-nfs "$1" ;;
    *) flunk root-over-nfs "/ is ${seen%% rw*}, not NFS from $1" ;;
    esac
    case ",${seen##* }," in
    *,ro,*) pass root-read-only '/ is mounted ro' ;;
    *) flunk root-read-only "/ is mounted with ${seen##* }" ;;
    esac
    flash=$(while read -r _ where type options _; do
        [ "$where" = /flash ] && echo "$type,$options"
    done </proc/mounts)
    case ",$flash," in
    ,tmpfs,rw,*) pass flash-in-ram "$flash" ;;
    *) flunk flash-in-ram "/flash is '$flash', not a writable tmpfs" ;;
    esac
}

host_name() {
    seen=$(uname -n)
    if [ "$seen" = "$1" ]; then pass host-name "$seen"; else flunk host-name "it is called '$seen', not '$1'"; fi
}

# flash_entry PATH MODE OWNER KIND
flash_entry() {
    seen=$(stat -c '%a %u:%g %F' "$1" 2>/dev/null) || seen='not there'
    case $seen in
    "$2 $3 $4"*) pass "flash $1" "$seen" ;;
    *) flunk "flash $1" "it is '$seen', not '$2 $3 $4'" ;;
    esac
}

flash_symlink() {
    if [ -L "$1" ]; then pass "flash $1" "$(readlink "$1")"; else flunk "flash $1" 'it is no symlink'; fi
}

# flash_link PATH TARGET
flash_link() {
    seen=$(readlink "$1") || seen='no link'
    if [ "$seen" = "$2" ]; then pass "link $1" "$seen"; else flunk "link $1" "it is '$seen', not '$2'"; fi
}

writable_directory() {
    if (echo x >"$1/$probe") 2>/dev/null && rm "$1/$probe"; then
        pass "write $1" ''
    else
        flunk "write $1" 'nothing can be written there'
        rm -f "$1/$probe" 2>/dev/null
    fi
}

writable_file() {
    if (: >>"$1") 2>/dev/null; then pass "write $1" ''; else flunk "write $1" 'it cannot be written'; fi
}

read_only() {
    if said=$( (: >"$1/$probe") 2>&1); then
        flunk "read-only $1" 'it can be written'
        rm -f "$1/$probe"
    else
        case $said in
        *'Read-only file system'*) pass "read-only $1" '' ;;
        *) flunk "read-only $1" "it fails with '${said##*: }', not with 'Read-only file system'" ;;
        esac
    fi
}

# images WAY SERVER:PATH: what a client gets of the images of domUs; /mnt is there in every Debian root.
images() {
    # -i: an image may well have no mount.nfs, the kernel can do without. NFSv4, as dom0s mount them: its locks are the server's.
    if ! said=$(mount -i -t nfs4 -o "vers=4.0,proto=tcp,clientaddr=0.0.0.0,addr=${2%%:*}" "$2" /mnt 2>&1); then
        said=$(echo "$said" | tr '\n|' '; ')
        if [ "$1" = none ]; then pass images "none: $said"; else flunk images "$said"; fi
        return
    fi
    if said=$( (: >"/mnt/$probe") 2>&1); then
        seen=read-write
        if ! said=$(flock -n "/mnt/$probe" true 2>&1); then seen="without locks: $said"; fi
        rm -f "/mnt/$probe"
    else
        case $said in
        *'Read-only file system'* | *'Permission denied'*) seen=read-only ;;
        *) seen="failing with '${said##*: }'" ;;
        esac
    fi
    umount /mnt
    if [ "$seen" = "$1" ]; then pass images "$seen"; else flunk images "they are $seen, not $1"; fi
}

# running PATTERN: prints the process ids
running() {
    for directory in /proc/[0-9]*; do
        name=
        read -r name <"$directory/comm" || continue
        # shellcheck disable=SC2254 # a pattern is wanted
        case $name in
        $1) echo "${directory#/proc/}" ;;
        esac
    done 2>/dev/null
}

