#!/bin/bash
# send.sh LANES SERVER=HELO... -- hands mails to a server as so many clients at once: each takes the next line as soon as its last
# mail was accepted, and tries again like a mail server when it was put off. The servers are one host's addresses; which of its own
# addresses a client comes from follows from the address that it goes to, hence its name.
# A line of standard input: ID BODY FROM TO SECONDS (not to be sent earlier than so many after the begin). BODY is a file in
# /root/load: what follows From, To, Date and Message-ID.
# Prints a line for each mail: ID BEGIN, in seconds of the clock.
set -u
lanes=$1
shift
ways=("$@")
work=/run/load
rm -rf $work
mkdir $work
cat >$work/table
exec 8<$work/table 9>$work/lock
start=$EPOCHREALTIME

# One more word than a lane may need: the next line, read by one lane at a time.
take() {
  local status
  flock 9
  read -r -u 8 id body from to after
  status=$?
  flock -u 9
  return $status
}

send() {
  smtp-source -s 1 -m 1 -M "${way#*=}" -f "$from" -t "$to" -F "$work/mail.$lane" "${way%=*}:25"
}

lane() {
  local lane=$1 way=${ways[$1 % ${#ways[@]}]} id body from to after begin tries
  # A lock of its own: an inherited one would be shared.
  exec 9>$work/lock
  while take; do
    sleep "$(awk -v at="$start" -v after="$after" -v now="$EPOCHREALTIME" 'BEGIN { left = at + after - now; print (left > 0 ? left : 0) }')"
    {
      printf 'From: <%s>\nTo: <%s>\nDate: %s\nMessage-ID: <%s@sender.test>\n' "$from" "$to" "$(date -R)" "$id"
      cat "/root/load/$body"
    } >"$work/mail.$lane"
    begin=$EPOCHREALTIME
    tries=0
    until send 2>"$work/said.$lane"; do
      tries=$((tries + 1))
      if [ $tries -gt 60 ]; then
        echo "$id: $(tail -n 1 "$work/said.$lane")" >>$work/failed
        break
      fi
      sleep 0.5
    done
    echo "$id $begin" >>"$work/sent.$lane"
  done
}

for ((index = 0; index < lanes; index++)); do lane $index & done
wait
if [ -e $work/failed ]; then
  head -n 5 $work/failed >&2
  exit 1
fi
cat $work/sent.*
