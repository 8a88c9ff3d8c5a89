#!/bin/sh
# saslpasswd2 [-c] [-d] [-p] [-n] [-u REALM] USER and sasldblistusers2, as service users may run them through sudo: they act on
# the database of the mail role and on no other file. Options are parsed as the real tools parse them, bundled ones too, so
# that -f cannot hide in a bundle.
set -eu
umask 027
database='' realm=''
# shellcheck source=/dev/null
. /usr/lib/mailserver/sasl.conf
default_realm=$realm
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
name=${1%%@*}
case $1 in
  *@*)
    [ "$realm" = "$default_realm" ] || refuse "'$1' has a realm already: leave out -u"
    realm=${1#*@}
    [ "$realm" != "$default_realm" ] || refuse "'$1' is the user '$name': leave out '@$realm'"
    ;;
esac
case $name in
  '' | [!A-Za-z0-9_]* | *[!A-Za-z0-9._+-]*)
    refuse "'$1' is not a user name: it has letters, digits and ._+- and does not begin with one of .+-; it may be an address, such as alice@example.com" ;;
esac
case $realm in
  '' | [!A-Za-z0-9]* | *[!A-Za-z0-9.-]*) refuse "'$1': the realm '$realm' is not a name: it has letters, digits and .- and begins with a letter or a digit" ;;
esac
# A new user is created without -c too: the documented call is `sudo saslpasswd2 USER`.
case $options in *-d*) ;; *) options="$options -c" ;; esac

# ask PROMPT: a line that a terminal does not show, in $answer.
ask() {
  printf %s "$1" >&2
  IFS= read -r answer || true
  [ ! -t 0 ] || echo >&2
}

password=''
case $options in
  *-d*) ;;
  *-p*) password=$(head -c 2048) ;;
  *)
    if [ -t 0 ]; then
      trap 'stty echo' EXIT
      trap 'exit 1' HUP INT TERM
      stty -echo
    fi
    ask 'Password: '
    password=$answer
    ask 'Again (for verification): '
    [ "$answer" = "$password" ] || refuse "passwords don't match; aborting"
    if [ -t 0 ]; then stty echo; fi
    ;;
esac
case $options in
  *-d*) ;;
  *)
    # The rule of the stack's own passwords.
    problem=$(printf %s "$password" | /usr/lib/mailserver/password-problem "$1") || refuse "${problem:-the password cannot be judged}"
    ;;
esac
case $options in *-[dp]*) ;; *) options="$options -p" ;; esac
# printf is a part of the shell, so the password is in no list of arguments.
# shellcheck disable=SC2086
printf %s "$password" | /usr/lib/mailserver/apart /usr/lib/mailserver/sasl-change $options -u "$realm" "$name"
