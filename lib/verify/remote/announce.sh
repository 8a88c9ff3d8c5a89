#!/bin/sh
# announce.sh TOKEN ADDRESS -- sends one mail by the host's own mail system to a listener at ADDRESS that throws it away, so that
# the name is heard that Postfix really announces. Without a sender, so that nothing can bounce.
set -eu
printf 'Subject: mailserver verify %s\n\nThis mail shows which name the mail host announces. It is thrown away.\n' "$1" |
  /usr/sbin/sendmail -f '<>' -- "$1@[$2]"
