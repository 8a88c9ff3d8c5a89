# shellcheck shell=bash
# arguments: NAMESPACE BRIDGE ADDRESS/LENGTH...
set -euo pipefail
namespace=$1 bridge=$2
shift 2
ensure_namespace "$namespace"
ensure_bridge "$namespace" "$bridge"
ensure_addresses "$namespace" "$bridge" "$@"
# IPv6 networks of the VPCs are reached through here; IPv4 is not, since Elastic IPs are neighbours.
nsenter --net="/run/netns/$namespace" sysctl -qw net.ipv6.conf.all.forwarding=1
