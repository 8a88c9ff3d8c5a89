# shellcheck shell=bash
# arguments: NAMESPACE OUTSIDE INTERNET_NAMESPACE INTERNET_BRIDGE PORT LEG6 GATEWAY6, then lists, each ended by "--":
#   addresses of the outside leg; bridges, each as NAME,ADDRESS/LENGTH[,ADDRESS/LENGTH]; routed IPv6 networks
set -euo pipefail
namespace=$1 outside=$2 internet=$3 internet_bridge=$4 port=$5 leg6=$6 gateway6=$7
shift 7
declare -a legs=() bridges=() routed=()
for list in legs bridges routed; do
  declare -n items=$list
  while [ "$1" != -- ]; do items+=("$1"); shift; done
  shift
done

ensure_namespace "$namespace"
ensure_plug "$namespace" "$outside" "$internet" "$internet_bridge" "$port"
ensure_addresses "$namespace" "$outside" "${legs[@]}"
nsenter --net="/run/netns/$namespace" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
ip -n "$namespace" -6 route replace default via "$gateway6" dev "$outside"

wanted=
for bridge in "${bridges[@]}"; do
  IFS=, read -r -a fields <<< "$bridge"
  ensure_bridge "$namespace" "${fields[0]}"
  ensure_addresses "$namespace" "${fields[@]}"
  wanted+="${fields[0]} "
done
for bridge in $(ip -n "$namespace" -o link show type bridge | awk -F': ' '{ print $2 }'); do
  [[ " $wanted" == *" $bridge "* ]] || ip -n "$namespace" link del dev "$bridge"
done

have=$(ip -n "$internet" -6 route show via "$leg6" | awk '{ print $1 }')
for network in "${routed[@]}"; do ip -n "$internet" -6 route replace "$network" via "$leg6" dev "$internet_bridge"; done
for network in $have; do
  [[ " ${routed[*]} " == *" $network "* ]] || ip -n "$internet" -6 route del "$network" via "$leg6"
done

exec nsenter --net="/run/netns/$namespace" nft -f -
