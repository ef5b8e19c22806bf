
# lease HOW: what the kernel got by DHCP and never renews is renewed, or the address is not lent. Whoever sees to it may just have been
# started.
lease() {
    waited=0
    said=
    until [ -n "$said" ] || [ "$waited" -gt 30 ]; do
        [ -r /run/dom0-lease ] && read -r said </run/dom0-lease
        waited=$((waited + 1))
        [ -n "$said" ] || sleep 1
    done
    case "$1: $said" in
    'lent: '*' is renewed by '* | 'own: the address is not from DHCP'*) pass lease-renewed "$said" ;;
    *) flunk lease-renewed "${said:-dom0-lease has not said a word}" ;;
    esac
}

# root_card WHICH: the root comes over an interface of this name, over one of these MACs (then the menu has said the same), or
# over any.
root_card() {
    wanted=$1
    named=
    case $wanted in
    any) ;;
    eth*) wanted=$(cat "/sys/class/net/$wanted/address") ;;
    *)
        for word in $(cat /proc/cmdline); do
            case $word in
            dom0.mac=*) named=${word#dom0.mac=} ;;
            esac
        done
        if [ "$named" != "$wanted" ]; then
            flunk root-card "the menu names ${named:-no card}, not $wanted"
            return
        fi
        ;;
    esac
    seen=
    while read -r interface _; do
        [ -r "/sys/class/net/$interface/address" ] && seen="$seen$(cat "/sys/class/net/$interface/address") "
    done </proc/net/route
    for mac in $seen; do
        case ",$wanted," in
        *",$mac,"* | ,any,)
            pass root-card "$wanted"
            return
            ;;
        esac
    done
    flunk root-card "routes lead over ${seen:-no card}, not over $wanted"
}
