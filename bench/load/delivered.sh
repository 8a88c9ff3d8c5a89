#!/bin/bash
# delivered.sh -- every mail that is in a mailbox: "ID SECONDS" (of the clock, when it was delivered).
set -eu
cd /home
shopt -s nullglob
for mail in */Maildir/new/*; do
  id=$(sed -n 's/^Message-ID: <\(.*\)@sender\.test>$/\1/p;/^$/q' "$mail")
  echo "$id $(date -r "$mail" +%s.%N)"
done
