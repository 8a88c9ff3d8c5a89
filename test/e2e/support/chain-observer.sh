#!/bin/bash
# chain-observer.sh SERVER DOMAIN STOP [HOST] -- what a sender meets, looked at without a pause until the file STOP is there, and once
# more then. One line for each look, with tabs: seconds, targets of the domain's MX, addresses of these, the name in the banner there,
# addresses of that name. The host at the address HOST is looked at where no MX leads to one any more.
set -u
server=$1 domain=$2 stop=$3 host=${4:-}
ask() {
  dig +short +time=1 +tries=2 "@$server" "$1" "$2" | sed 's/\.$//' | grep -v '^;' | paste -sd ' '
}
last=
while [ -z "$last" ]; do
  # A look takes seconds where nobody answers: one that began earlier tells of what was before.
  [ ! -e "$stop" ] || last=yes
  seconds=$(date +%s.%N)
  target=$(ask "$domain" MX)
  target=${target##* }
  address='' banner='' resolved=''
  [ -z "$target" ] || address=$(ask "$target" A)
  asked=${address:-$host}
  # The banner is the HELO name; a look costs the host one connection, so it quits in good order.
  [ -z "$asked" ] || banner=$(
    timeout 4 bash -s "$asked" 2>/dev/null <<'LOOK'
exec 3<>"/dev/tcp/$1/25" && read -r -t 3 _ name _ <&3 && printf 'QUIT\r\n' >&3 && cat <&3 >/dev/null
printf %s "$name"
LOOK
  )
  [ -z "$banner" ] || resolved=$(ask "$banner" A)
  printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$seconds" "$target" "$address" "$asked" "$banner" "$resolved"
  sleep 0.2
done
