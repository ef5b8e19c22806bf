
# boot_ended SECONDS: systemd offers the log-in prompt while it still starts services, so what is checked is waited for.
boot_ended() {
    state=$(timeout "$1" systemctl is-system-running --wait 2>/dev/null) || state=$(systemctl is-system-running)
    case $state in
    # Which services failed, a check of their own tells.
    running | degraded) pass boot-ended "$state" ;;
    *) flunk boot-ended "after $1 s more it is '$state'; it waits for $(systemctl list-jobs --no-legend --plain | awk '{ print $2 }' | head -n 3 | tr '\n' ' ')" ;;
    esac
}

systemd_services() {
    failed=$(systemctl --failed --no-legend --plain | cut -d ' ' -f 1 | tr '\n' ' ')
    if [ -z "$failed" ]; then pass no-failed-service ''; else flunk no-failed-service "$failed"; fi
}
