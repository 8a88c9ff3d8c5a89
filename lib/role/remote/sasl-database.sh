#!/bin/sh
# sasl-database: makes the password database when there is none. saslpasswd2 makes it with the first password only, and Postfix
# must find one before. Readable for the group sasl, of which Postfix is a member: passwords in it are in clear text.
set -eu
umask 027
database=''
# shellcheck source=/dev/null
. /usr/lib/mailserver/sasl.conf
[ ! -e "$database" ] || exit 0
new=$database.$$
trap 'rm -f "$new"' EXIT
printf '' | db5.3_load -T -t hash "$new"
chgrp sasl "$new"
chmod 0640 "$new"
sync "$new"
# A hard link does not replace one that somebody else has just made, with a password in it.
ln "$new" "$database" 2>/dev/null || [ -e "$database" ]
