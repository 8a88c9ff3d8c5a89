#!/bin/sh
# withdraw.sh TOKEN -- takes the mail of announce.sh out of the queue again, when the listener did not hear of it in time.
set -eu
/usr/sbin/postqueue -j | grep -F "\"address\": \"$1@" | sed -n 's/.*"queue_id": "\([^"]*\)".*/\1/p' |
  while read -r id; do
    /usr/sbin/postsuper -d "$id"
  done
