#!/bin/bash
# write-files.sh start|SERIAL NAME… -- takes "PATH BASE64" lines, puts the files in place, and makes the name servers with these names
# serve them; with "start" the resolvers, which forget what they have kept.
set -eu
serial=$1
shift

while read -r path content; do
  mkdir -p "${path%/*}"
  printf %s "$content" | base64 -d >"$path.new"
  mv "$path.new" "$path"
done

if [ "$serial" = start ]; then
  for conf in /etc/unbound/lab/*.conf; do
    unit=lab-unbound-$(basename "$conf" .conf)
    systemctl stop "$unit" 2>/dev/null || true
    systemd-run --quiet --collect --unit="$unit" --property=Type=notify unbound -d -p -c "$conf"
  done
  exit
fi

# A running name server reads anew.
serve() {
  if systemctl is-active -q "lab-nsd-$1" && [ -S "/run/nsd/$1.ctl" ]; then
    nsd-control -c "/etc/nsd/$1.conf" reconfig >/dev/null
    nsd-control -c "/etc/nsd/$1.conf" reload >/dev/null
  else
    systemd-run --quiet --collect --unit="lab-nsd-$1" nsd -d -P "/run/nsd/$1.pid" -c "/etc/nsd/$1.conf"
  fi
}

wait_for() {
  address=$(sed -n 's/^ *ip-address: //p' "/etc/nsd/$1.conf" | head -n 1)
  for _ in $(seq 500); do
    case $(dig +short +time=1 +tries=1 serial.invalid SOA @"$address" 2>/dev/null) in *" $serial "*) return ;; esac
    sleep 0.02
  done
  echo "the name server $1 at $address does not serve serial $serial" >&2
  journalctl -u "lab-nsd-$1" -n 5 --no-pager >&2
  exit 1
}

for name; do serve "$name"; done
for name; do wait_for "$name"; done
