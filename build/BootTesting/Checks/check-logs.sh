
# all_logs DIRECTORY: what was logged, wherever this image keeps it: a ring in RAM, systemd's journal, files. Not all files end
# with a line, and some, such as wtmp, have none: each stands on lines of its own, and what cannot be printed is a question mark.
all_logs() {
    {
        dmesg
        logread
        journalctl --boot --no-pager
        find "$1/" -type f ! -name '*.journal' ! -name '*.journal~' -exec sh -c 'for file; do cat "$file"; echo; done' sh {} +
    } 2>/dev/null | tr -c '\11\12\40-\176' '?' | cut -c 1-400
}

# log_of SERVICE DIRECTORY: the last that the logs tell of a service whose script failed.
log_of() {
    all_logs "$2" | grep -i -F -e "$1" | tail -n 5 | while IFS= read -r said; do echo "failed|$1|$said"; done
}

# logger_is_read DIRECTORY: whether what is logged now is found, after a moment.
logger_is_read() {
    logger -t boot-test "$probe" || return 1
    waited=0
    until all_logs "$1" | grep -q -F "$probe"; do
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
    complaints=$(all_logs "$1" | grep -e 'Read-only file system' -e '\<EROFS\>' | awk '!told[$0]++' | head -n 20)
    if [ -z "$complaints" ]; then
        pass logs-without-read-only ''
    else
        echo "$complaints" | while IFS= read -r complaint; do flunk logs-without-read-only "$complaint"; done
    fi
}
