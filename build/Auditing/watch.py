# Runs on a client that is audited, from before its init: notes which process wrote to which file of the root file system.
# One line for each pair: path, tab, process id, tab, command line. Ends with the client. What was written through a mount that is
# gone by now (seen of dockerd's files) has its name from that mount's root, and "elsewhere:" in front.
import ctypes
import os
import struct
import sys

FAN_CLASS_NOTIF, FAN_CLOEXEC, FAN_UNLIMITED_QUEUE = 0x0, 0x1, 0x10
FAN_MARK_ADD, FAN_MARK_FILESYSTEM = 0x1, 0x100
FAN_MODIFY, FAN_CLOSE_WRITE = 0x2, 0x8
AT_FDCWD = -100
EVENT = struct.Struct("=IBBHQii")

libc = ctypes.CDLL("libc.so.6", use_errno=True)
group = libc.fanotify_init(FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_UNLIMITED_QUEUE, os.O_RDONLY | os.O_LARGEFILE | os.O_CLOEXEC)
# The whole file system: systemd's services see it through mounts of their own.
marked = group >= 0 and libc.fanotify_mark(
    group, FAN_MARK_ADD | FAN_MARK_FILESYSTEM, ctypes.c_uint64(FAN_MODIFY | FAN_CLOSE_WRITE), AT_FDCWD, b"/") == 0
out = open(sys.argv[1], "w", buffering=1)
if not marked:
    print("audit: fanotify: " + os.strerror(ctypes.get_errno()) + "; processes will not be told")
    sys.exit(0)


def command(pid):
    try:
        with open("/proc/%d/cmdline" % pid, "rb") as file:
            words = file.read().replace(b"\0", b" ").decode("utf-8", "replace").strip()
        return words or open("/proc/%d/comm" % pid).read().strip()
    except OSError:
        return "?"


def mounts(pid):
    try:
        with open("/proc/%s/mountinfo" % pid) as file:
            return {line.split()[0] for line in file}
    except OSError:
        return set()


def is_in_tree(descriptor, pid, path):
    with open("/proc/self/fdinfo/%d" % descriptor) as file:
        mount = next(line.split()[1] for line in file if line.startswith("mnt_id:"))
    writers = mounts(pid)
    if mount in mounts("self") or mount in writers:
        return True
    # A writer that ended may have had mounts of its own, as systemd's services have, and the file may be gone with it.
    directory = os.path.dirname(path)
    return not writers and (os.path.lexists(path) or (directory != "/" and os.path.isdir(directory)))


seen = set()
while True:
    events = os.read(group, 65536)
    while events:
        length, _, _, _, mask, descriptor, pid = EVENT.unpack_from(events)
        events = events[length:]
        if descriptor < 0:
            continue
        try:
            path = os.readlink("/proc/self/fd/%d" % descriptor)
        except OSError:
            path = None
        if path and pid != os.getpid() and (path, pid) not in seen:
            seen.add((path, pid))
            place = "" if is_in_tree(descriptor, pid, path) else "elsewhere:"
            out.write("%s%s\t%d\t%s\n" % (place, path, pid, command(pid).replace("\t", " ").replace("\n", " ")))
        os.close(descriptor)
