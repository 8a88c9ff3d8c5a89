#!/bin/sh
# spamassassin-scores CANDIDATE: whether every rule that is given points is a rule. SpamAssassin itself is silent about a name that
# no rule has. Rules come and go with the daily update, so only a change of the points is looked at.
set -eu
file=/etc/spamassassin/mailserver.cf
candidate=$1$file
if cmp -s "$candidate" "$file"; then exit 0; fi

awk '$1 == "score" { print $2 }' "$candidate" | while read -r name; do
  grep -rqsE "^[[:space:]]*[a-z_]+[[:space:]]+$name([[:space:]]|\$)" --include='*.cf' --exclude=mailserver.cf \
    /usr/share/spamassassin /var/lib/spamassassin /etc/spamassassin && continue
  echo "spam.scores.$name: there is no such rule on this host"
  exit 1
done
