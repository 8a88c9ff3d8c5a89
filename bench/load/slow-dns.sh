#!/bin/bash
# slow-dns.sh ADDRESS UPSTREAM MILLISECONDS SILENT_ZONE LOST -- a resolver (dnsdist) at ADDRESS that answers what UPSTREAM answers,
# each time so much later, nothing at all about SILENT_ZONE, and a share of LOST of what is asked about others never: not of names
# in .test and .arpa, by which the mails find their way. Called again it goes on under the new terms.
set -eu
address=$1 upstream=$2 milliseconds=$3 silent=$4 lost=$5
unit=load-dns
systemctl stop $unit 2>/dev/null || true
{
  echo "setLocal('$address:53')"
  echo "setACL('0.0.0.0/0')"
  echo "setSecurityPollSuffix('')"
  echo "newServer({address='$upstream', healthCheckMode='up'})"
  [ -z "$silent" ] || echo "addAction(SuffixMatchNodeRule({'$silent'}, true), DropAction())"
  [ "$lost" = 0 ] || echo "addAction(AndRule({ProbaRule($lost), NotRule(SuffixMatchNodeRule({'test', 'arpa'}))}), DropAction())"
  [ "$milliseconds" = 0 ] || echo "addAction(AllRule(), DelayAction($milliseconds))"
} >/run/$unit.conf
systemd-run --quiet --collect --unit=$unit --property=LimitNOFILE=16384 dnsdist --supervised --disable-syslog --config /run/$unit.conf
for _ in $(seq 500); do
  [ -z "$(dig +short +time=1 +tries=1 sender.test SOA @"$address")" ] || exit 0
  sleep 0.02
done
echo "the resolver at $address does not answer" >&2
journalctl -u $unit -n 10 --no-pager >&2
exit 1
