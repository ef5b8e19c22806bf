
# boot_ended SECONDS: systemd offers the log-in prompt while it still starts services, so what is checked is waited for.
boot_ended() {
    state=$(timeout "$1" systemctl is-system-running --wait 2>/dev/null) || state=$(systemctl is-system-running)
    case $state in
    # Which services failed, a check of their own tells.
    running | degraded) pass boot-ended "$state" ;;
    *) flunk boot-ended "after $1 s more it is '$state'; it waits for $(systemctl list-jobs --no-legend --plain | awk '{ print $2 }' | head -n 3 | tr '\n' ' ')" ;;
    esac
}

# all_devices: udev is told of some devices only after the log-in. To the kernel the last terminal on the screen is root's alone.
all_devices() {
    last=/dev/tty63
    if ! [ -c "$last" ]; then
        return
    fi
    udevadm settle --timeout=60
    group=$(stat -c %G "$last")
    if [ "$group" = tty ]; then pass all-devices "$last is of group tty"; else flunk all-devices "udev was not told of $last, which is of group $group"; fi
}

# systemd_services: which services failed, and the last that each said.
systemd_services() {
    failed=$(systemctl --failed --no-legend --plain | cut -d ' ' -f 1)
    if [ -z "$failed" ]; then
        pass no-failed-service ''
        return
    fi
    echo "$failed" | while read -r unit; do
        echo "failed|$unit|"
        journalctl --boot --no-pager --output=cat --lines=8 --unit="$unit" 2>/dev/null | tr -c '\11\12\40-\176' '?' | cut -c 1-400 |
            while IFS= read -r said; do echo "failed|$unit|$said"; done
    done
}
