#!/bin/bash
# fault-proxy.sh start|stop -- the DNS proxy in front of the name servers; its configuration comes on standard input.
set -eu
unit=lab-dns-faults
systemctl stop $unit 2>/dev/null || true
[ "$1" = start ] || exit 0
cat >/run/$unit.conf
# A configuration that does not load says why.
dnsdist --check-config --config /run/$unit.conf >/run/$unit.log 2>&1 || { cat /run/$unit.log >&2; exit 1; }
systemd-run --quiet --collect --unit=$unit --property=LimitNOFILE=16384 dnsdist --supervised --disable-syslog --config /run/$unit.conf
for _ in $(seq 500); do
  # The server that is asked last: the others listen by then.
  [ -z "$(ss -Hltn 'sport = 5303')" ] || exit 0
  sleep 0.02
done
echo "the DNS proxy does not listen" >&2
journalctl -u $unit -n 10 --no-pager >&2
exit 1
