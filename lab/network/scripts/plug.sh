# shellcheck shell=bash
# arguments: NAMESPACE INTERFACE SWITCH_NAMESPACE BRIDGE PORT ADDRESS/LENGTH... -- GATEWAY... (one of each family)
set -euo pipefail
namespace=$1 interface=$2
ip -n "$3" link show dev "$4" > /dev/null 2>&1 || { echo "there is no switch $4 in namespace $3" >&2; exit 1; }
ensure_namespace "$namespace"
ensure_plug "$namespace" "$interface" "$3" "$4" "$5"
shift 5
declare -a addresses=()
while [ "$1" != -- ]; do addresses+=("$1"); shift; done
shift
ensure_addresses "$namespace" "$interface" "${addresses[@]}"
declare -A gateway_of=()
for gateway in "$@"; do
  case $gateway in *:*) gateway_of[-6]=$gateway ;; *) gateway_of[-4]=$gateway ;; esac
done
for family in -4 -6; do
  if [ -n "${gateway_of[$family]-}" ]; then
    ip -n "$namespace" "$family" route replace default via "${gateway_of[$family]}" dev "$interface"
  else
    ip -n "$namespace" "$family" route flush default
  fi
done
