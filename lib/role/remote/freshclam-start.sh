#!/bin/sh
# freshclam-start [SECONDS]: keeps freshclam at work. One that a mirror forbids to download (403) ends for good, and nothing would
# start it again; one that is started again at once would be at the mirror all the time. So it is started again after SECONDS, twice
# as long each time, up to four hours. freshclam itself keeps away from a mirror that answered 429 for four hours and 403 for a day,
# on record in freshclam.dat; what one mirror said is no reason not to ask another one.
set -eu
configuration=${FRESHCLAM_CONFIGURATION:-/etc/clamav/freshclam.conf}
asked=${FRESHCLAM_ASKED:-/var/lib/mailserver/freshclam-mirrors}
shortest=${1:-300} longest=14400

directory=$(sed -n 's/^DatabaseDirectory *//p' "$configuration")
mirrors=$(grep -E '^(Private|Database)Mirror ' "$configuration" || true)
if [ -e "$asked" ] && [ "$mirrors" != "$(cat "$asked")" ]; then
  echo 'other mirrors than before: the cool-down of those is no more'
  rm -f "$directory/freshclam.dat"
fi
printf '%s\n' "$mirrors" >"$asked"

child=''
trap 'trap "" TERM; [ -z "$child" ] || kill "$child" 2>/dev/null || true; exit 0' TERM INT
pause=$shortest
while :; do
  started=$(date +%s)
  freshclam --daemon --foreground=true --config-file="$configuration" &
  child=$!
  code=0
  wait "$child" || code=$?
  # It was at work for long: this is another trouble than the one before.
  [ $(($(date +%s) - started)) -lt $longest ] || pause=$shortest
  echo "freshclam ended with exit code $code, it is started again in $pause s"
  sleep "$pause" &
  child=$!
  wait "$child"
  pause=$((pause * 2))
  [ $pause -lt $longest ] || pause=$longest
done
