#!/bin/bash
# write-files.sh ADDRESS SERIAL|start -- takes "PATH BASE64" lines, puts the files in place, and makes nsd at ADDRESS serve them.
set -eu
address=$1 serial=$2

while read -r path content; do
  mkdir -p "${path%/*}"
  printf %s "$content" | base64 -d >"$path.new"
  mv "$path.new" "$path"
done

if [ "$serial" = start ]; then
  # However often it is restarted.
  systemctl reset-failed unbound 2>/dev/null || true
  systemctl restart unbound
  exit
fi
if systemctl is-active -q nsd && [ -S /run/nsd/nsd.ctl ]; then
  nsd-control reconfig >/dev/null
  nsd-control reload >/dev/null
else
  systemctl restart nsd
fi
for _ in $(seq 500); do
  case $(dig +short +time=1 +tries=1 . SOA @"$address" 2>/dev/null) in *" $serial "*) exit ;; esac
  sleep 0.02
done
echo "nsd does not serve serial $serial" >&2
journalctl -u nsd -n 5 --no-pager >&2
exit 1
