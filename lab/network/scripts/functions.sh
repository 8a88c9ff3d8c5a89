# shellcheck shell=bash
# What the scripts of the network share. All of it may be repeated: it changes only what differs.

# ensure_namespace NAME: a network namespace that has no way out and answers at once
ensure_namespace() {
  [ -e "/run/netns/$1" ] || ip netns add "$1"
  # No duplicate address detection and no router advertisements: addresses are usable at once and are only those given here.
  nsenter --net="/run/netns/$1" sysctl -qw \
    net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0 \
    net.ipv6.conf.all.accept_ra=0 net.ipv6.conf.default.accept_ra=0 \
    net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 \
    net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.default.send_redirects=0
  ip -n "$1" link set lo up
}

# ask_often NAMESPACE INTERFACE: neighbours are asked anew within seconds, because an Elastic IP may move between routers
ask_often() {
  nsenter --net="/run/netns/$1" sysctl -qw "net.ipv4.neigh.$2.base_reachable_time_ms=2000" \
    "net.ipv4.neigh.$2.delay_first_probe_time=1" "net.ipv4.neigh.$2.retrans_time_ms=200"
}

# ensure_bridge NAMESPACE NAME
ensure_bridge() {
  ip -n "$1" link show dev "$2" > /dev/null 2>&1 || ip -n "$1" link add "$2" type bridge stp_state 0 forward_delay 0
  ip -n "$1" link set "$2" up
  ask_often "$1" "$2"
}

# ensure_plug NAMESPACE INTERFACE SWITCH_NAMESPACE BRIDGE PORT: a cable from an interface to a port of a bridge
ensure_plug() {
  if ! ip -n "$3" link show dev "$5" > /dev/null 2>&1; then
    ip -n "$1" link del dev "$2" 2> /dev/null || true
    ip -n "$3" link add "$5" type veth peer name "$2" netns "$1"
  fi
  ip -n "$3" link set "$5" master "$4" up
  ip -n "$1" link set "$2" up
  ask_often "$1" "$2"
}

# ensure_addresses NAMESPACE INTERFACE ADDRESS/LENGTH...: exactly these, besides the link-local ones
ensure_addresses() {
  local namespace=$1 interface=$2 have address
  shift 2
  have=$(ip -n "$namespace" -o addr show dev "$interface" scope global | awk '{ print $4 }')
  for address in "$@"; do
    grep -qxF "$address" <<< "$have" && continue
    case $address in
      *:*) ip -n "$namespace" addr add "$address" dev "$interface" nodad ;;
      *) ip -n "$namespace" addr add "$address" dev "$interface" ;;
    esac
  done
  for address in $have; do
    grep -qxF "$address" <<< "$(printf '%s\n' "$@")" || ip -n "$namespace" addr del "$address" dev "$interface"
  done
}
