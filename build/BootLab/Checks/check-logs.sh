
# all_logs DIRECTORY: what was logged, wherever this image keeps it: a ring in RAM, systemd's journal, files.
all_logs() {
    {
        dmesg
        logread
        journalctl --boot --no-pager
        find "$1/" -type f -exec cat {} +
    } 2>/dev/null
}

# logger_is_read DIRECTORY: whether what is logged now is found, after a moment.
logger_is_read() {
    logger -t boot-test "$probe" || return 1
    waited=0
    until all_logs "$1" | grep -a -q -F "$probe"; do
        waited=$((waited + 1))
        [ "$waited" -le 10 ] || return 1
        sleep 1
    done
}

# logs_without_read_only DIRECTORY SOCKET: a log that cannot be read proves nothing, so it has to show a line of our own.
logs_without_read_only() {
    if [ -S "$2" ] && ! logger_is_read "$1"; then
        flunk logs-without-read-only 'what logger writes is found neither by logread, nor by journalctl, nor below /var/log'
        return
    fi
    complaints=$(all_logs "$1" | grep -a -e 'Read-only file system' -e '\<EROFS\>' | head -n 3 | tr '\n|' '; ')
    if [ -z "$complaints" ]; then pass logs-without-read-only ''; else flunk logs-without-read-only "$complaints"; fi
}
