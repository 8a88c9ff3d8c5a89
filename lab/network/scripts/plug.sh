# shellcheck shell=bash
# arguments: NAMESPACE INTERFACE SWITCH_NAMESPACE BRIDGE PORT ADDRESS/LENGTH... -- GATEWAY...
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
ip -n "$namespace" route flush default
ip -n "$namespace" -6 route flush default
for gateway in "$@"; do ip -n "$namespace" route replace default via "$gateway" dev "$interface"; done
