
# --- under Xen. Whoever asks a xenstore that is not there waits for ever.
if timeout 20 xl info >"/tmp/$probe" 2>&1; then
    pass xl-info "Xen $(sed -n 's/^xen_version *: *//p' "/tmp/$probe")"
else
    said=$(head -n 2 "/tmp/$probe" | tr '\n|' '; ')
    flunk xl-info "${said:-it does not answer}"
fi
rm -f "/tmp/$probe"
if timeout 20 xl list 2>/dev/null | grep -q '^Domain-0 '; then pass xl-list Domain-0; else flunk xl-list 'no Domain-0'; fi
# Which of the two xenstore daemons it is, the image decides.
if [ -n "$(running '*xenstored')" ]; then pass xenstored "$(timeout 20 xenstore-read /local/domain/0/name 2>/dev/null)"; else flunk xenstored 'it does not run'; fi
if [ -n "$(running xenconsoled)" ]; then pass xenconsoled ''; else flunk xenconsoled 'it does not run'; fi

bridge=
for directory in /sys/class/net/*/bridge; do
    name=${directory%/bridge}
    if [ -d "$directory" ] && [ -n "$(ls "$name/brif" 2>/dev/null)" ] && [ "$(cat "$name/operstate")" = up ]; then
        bridge=${name##*/}
    fi
done
if [ -n "$bridge" ]; then
    pass bridge "$bridge with $(cd "/sys/class/net/$bridge/brif" && echo *)"
else
    flunk bridge 'there is no bridge that is up and has the network card'
fi
