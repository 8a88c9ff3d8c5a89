#!/bin/bash
# write-files.sh SERIAL|start ROOT_ADDRESS ADDRESS -- takes "PATH BASE64" lines, puts the files in place, and makes the name servers
# at these addresses serve them; with "start" the resolvers, which forget what they have kept.
set -eu
serial=$1 root_address=$2 address=$3

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

# serve NAME UNIT: a running name server reads anew
serve() {
  if systemctl is-active -q "$2" && [ -S "/run/nsd/$1.ctl" ]; then
    nsd-control -c "/etc/nsd/$1.conf" reconfig >/dev/null
    nsd-control -c "/etc/nsd/$1.conf" reload >/dev/null
  elif [ "$2" = nsd ]; then
    systemctl restart nsd
  else
    systemd-run --quiet --collect --unit="$2" nsd -d -P "/run/nsd/$1.pid" -c "/etc/nsd/$1.conf"
  fi
}

# wait_for ZONE ADDRESS
wait_for() {
  for _ in $(seq 500); do
    case $(dig +short +time=1 +tries=1 "$1" SOA @"$2" 2>/dev/null) in *" $serial "*) return ;; esac
    sleep 0.02
  done
  echo "nsd at $2 does not serve serial $serial of $1" >&2
  journalctl -u nsd -u nsd-root -n 5 --no-pager >&2
  exit 1
}

serve nsd nsd
serve root nsd-root
wait_for world.test "$address"
wait_for . "$root_address"
