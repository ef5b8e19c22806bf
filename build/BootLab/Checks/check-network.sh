
# --- the root comes over the card that the menu names, or the interface that it names
card=
for word in $(cat /proc/cmdline); do
    case $word in
    dom0.mac=*) card=${word#dom0.mac=} ;;
    ip=:::::eth*:dhcp)
        card=${word#ip=:::::}
        card=$(cat "/sys/class/net/${card%:dhcp}/address")
        ;;
    ip=*:*) [ -n "$card" ] || card=any ;;
    esac
done
seen=
while read -r interface _; do
    [ -r "/sys/class/net/$interface/address" ] && seen="$seen$(cat "/sys/class/net/$interface/address") "
done </proc/net/route
right=no
for mac in $seen; do
    case ",$card," in
    *",$mac,"* | ,any,) right=yes ;;
    esac
done
if [ "$right" = yes ]; then pass root-card "$card"; else flunk root-card "routes lead over ${seen:-no card}, the menu is of ${card:-none}"; fi
