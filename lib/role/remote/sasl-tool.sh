#!/bin/sh
# saslpasswd2 [-c] [-d] [-p] [-n] [-u REALM] USER and sasldblistusers2, as service users may run them through sudo: they act on
# the database of the mail role and on no other file. Options are parsed as the real tools parse them, bundled ones too, so
# that -f cannot hide in a bundle.
set -eu
umask 027
database='' realm=''
# shellcheck source=/dev/null
. /usr/lib/mailserver/sasl.conf
tool=$(basename "$0")

refuse() {
  echo "$tool: $1" >&2
  exit 64
}

case $tool in
  sasldblistusers2)
    [ $# -eq 0 ] || refuse "takes no options and no arguments"
    exec /usr/sbin/sasldblistusers2 -f "$database"
    ;;
  saslpasswd2) ;;
  *) refuse "is not a name of this tool" ;;
esac

options=''
while getopts ':cdpnu:' option; do
  case $option in
    c | d | p | n) options="$options -$option" ;;
    u) realm=$OPTARG ;;
    *) refuse "option -$OPTARG is not allowed; allowed are -c, -d, -p, -n and -u REALM" ;;
  esac
done
shift $((OPTIND - 1))
[ $# -eq 1 ] || refuse "give exactly one user name"
case $1 in
  '' | -*) refuse "'$1' is no user name" ;;
  *[!A-Za-z0-9._@+-]*) refuse "user name '$1' has other characters than letters, digits and ._@+-" ;;
esac
# A new user is created without -c too: the documented call is `sudo saslpasswd2 USER`.
case $options in *-d*) ;; *) options="$options -c" ;; esac
# Two of them at once would spoil the database. One that still waits for its password keeps others for a while only.
exec 9>/run/mailserver-sasl.lock
flock -w 10 9 || true
/usr/lib/mailserver/sasl-database
# shellcheck disable=SC2086
exec /usr/sbin/saslpasswd2 $options -f "$database" -u "$realm" "$1"
