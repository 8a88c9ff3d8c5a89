#!/bin/sh
# sasl-change OPTIONS… USER: saslpasswd2 on the database of the mail role, one at a time, for two at once would spoil it. The
# password is on standard input. It is all there before the lock is taken: who types it may take for ever.
set -eu
umask 027
database=''
# shellcheck source=/dev/null
. /usr/lib/mailserver/sasl.conf
password=$(head -c 2048)
# Only root gets in: who can open a lock can hold it.
run=/run/mailserver
[ -d $run ] || mkdir -m 0700 $run 2>/dev/null || [ -d $run ]
exec 9>$run/sasl.lock
flock -w 10 9 || { echo "saslpasswd2: other passwords are being changed for more than 10 seconds; try again" >&2; exit 1; }
# What it says is said when the lock is free again: nobody may read it.
changed=0
said=$({ /usr/lib/mailserver/sasl-database && printf %s "$password" | timeout 30 /usr/sbin/saslpasswd2 -f "$database" "$@"; } 2>&1) || changed=$?
exec 9>&-
[ -z "$said" ] || printf '%s\n' "$said" >&2
exit $changed
