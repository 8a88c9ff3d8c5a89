#!/bin/sh
# sasl-database: makes the password database when there is none. saslpasswd2 makes it with the first password only, and Postfix
# must find one before. Readable for the group sasl, of which Postfix is a member: passwords in it are in clear text.
set -eu
umask 027
database=''
# shellcheck source=/dev/null
. /usr/lib/mailserver/sasl.conf
[ ! -e "$database" ] || exit 0
printf '' | db5.3_load -T -t hash "$database.new"
chgrp sasl "$database.new"
chmod 0640 "$database.new"
mv "$database.new" "$database"
