
# --- what the kernel got by DHCP and never renews is renewed; whoever does it may just have been started
waited=0
said=
until [ -n "$said" ] || [ "$waited" -gt 30 ]; do
    [ -r /run/dom0-lease ] && read -r said </run/dom0-lease
    waited=$((waited + 1))
    [ -n "$said" ] || sleep 1
done
case $said in
*' is renewed by '*) pass lease-renewed "$said" ;;
*) flunk lease-renewed "${said:-dom0-lease has not said a word}" ;;
esac

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
