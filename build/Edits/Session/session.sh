# Makes a session's root of an overlay over a generation, and starts a shell in it that is not this machine's root. All mounts are in a
# namespace of their own and end with it. Paths that the user chose are never parsed: they are mounted at names of ours first.
#   $1 the generation's root   $2 the session's directory   $3 where the user came from, or empty   $4 host name
#   $5 place of /tmp below the root   $6 words for the prompt   $7 'shell', or 'line'   $8 the line   then archives on this machine's disk
lower=$1 session=$2 here=$3 name=$4 temporary=$5 prompt=$6 how=$7 line=$8
shift 8

cd "$session"
mount --bind "$lower" lower
mount -t overlay overlay -o "nodev,lowerdir=seed:lower,upperdir=upper,workdir=work,metacopy=off,index=off,xino=off,redirect_dir=off" root
printf '%s' "$name" >/proc/sys/kernel/hostname
root=$session/root

# What is read-only here stays so: who would change it has no right to mount.
mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
for frozen in sys sysrq-trigger irq bus fs acpi scsi; do
    [ ! -e "$root/proc/$frozen" ] || { mount --bind "$root/proc/$frozen" "$root/proc/$frozen"; mount -o remount,bind,ro,nosuid,nodev,noexec "$root/proc/$frozen"; }
done
for hidden in kcore keys timer_list kmsg; do
    [ ! -e "$root/proc/$hidden" ] || mount --bind /dev/null "$root/proc/$hidden"
done
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs "$root/sys"

make_devices "$root/dev"
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o nosuid,noexec,newinstance,ptmxmode=0666,mode=0620,gid=5 devpts "$root/dev/pts"
mount -t tmpfs -o nosuid,nodev,mode=1777,size=64M tmpfs "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s fd/0 "$root/dev/stdin"
ln -s fd/1 "$root/dev/stdout"
ln -s fd/2 "$root/dev/stderr"

mount -t tmpfs -o nosuid,nodev,mode=0755,size=64M tmpfs "$root/run"
mkdir -p "$root/run/lock" "$root/run/dom0image/apt"
chmod 1777 "$root/run/lock"
mount -t overlay overlay -o "nosuid,nodev,noexec,lowerdir=apt-lower,upperdir=apt,workdir=apt-work,metacopy=off,index=off,xino=off,redirect_dir=off" "$root/run/dom0image/apt"
for noted in history times; do
    touch "$root/run/dom0image/$noted"
    mount --bind "$noted" "$root/run/dom0image/$noted"
done
mount --bind tmp "$root$temporary"
if [ -n "$here" ]; then
    mkdir "$root/run/here"
    mount --bind "$here" "$root/run/here"
    mount -o remount,bind,ro,nosuid,nodev "$root/run/here"
fi
for archive in "$@"; do
    mount --bind "$archive" "$root$archive"
    mount -o remount,bind,ro,nosuid,nodev "$root$archive"
done

# A terminal of the session's own: what is typed into another's would be typed on this machine.
mount --bind "$root/dev/pts" /dev/pts
[ ! -e /dev/ptmx ] || [ -L /dev/ptmx ] || mount --bind "$root/dev/pts/ptmx" /dev/ptmx

# From here on this machine's files have no name below the root, and none above: all of them are under it.
cd "$root"
mount --move . /

# No rights for modules, the clock, reboots, raw I/O, device nodes, mounts, the network's settings, other processes' memory. A constant for
# a shell; script(1) takes nothing else, and values come in the environment.
export DOM0IMAGE_PROMPT="$prompt" DOM0IMAGE_SHELL=/bin/sh
[ ! -x ./bin/bash ] || DOM0IMAGE_SHELL=/bin/bash
enter='exec setpriv --inh-caps=-all --bounding-set=-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+setfcap,+sys_chroot,+audit_write -- \
    env -i HOME=/root USER=root LOGNAME=root SHELL="$DOM0IMAGE_SHELL" PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    LANG=C.UTF-8 TZ=UTC TERM="${TERM:-dumb}" http_proxy="${http_proxy:-}" https_proxy="${https_proxy:-}" no_proxy="${no_proxy:-}" \
    debian_chroot="$DOM0IMAGE_PROMPT" HISTFILE=/run/dom0image/history PROMPT_COMMAND="history -a" chroot . "$@"'
# What ends with a failure from here on is the user's.
: >"$session/started"
case $how in
shell)
    exec script --quiet --flush --return --command "set -- \"\$DOM0IMAGE_SHELL\" -i; $enter" /dev/null
    ;;
line)
    # Nobody is there to be asked.
    exec sh -c "$enter" sh /usr/bin/env DEBIAN_FRONTEND=noninteractive /bin/sh -c "$line" </dev/null
    ;;
esac
