#!/bin/sh
# postfix-gate: the one way by which a change of Postfix' configuration or maps takes effect, whoever made it.
#
#   check [CANDIDATE]  put together and validate; CANDIDATE is a tree of files that stand in for the live ones
#   apply              the same, then swap in what changed; reloads a running Postfix. The old state stays on any error
#   reload             apply, and reload in any case
#   prepare            apply without a reload, before Postfix starts
#   status             exit 0 when what is live is made from what the sources say now; no side effects
#
# Sources: /etc/postfix/main.d/NN_*.cf, /etc/postfix/master.d/NN_*.cf, /etc/mail/*, /etc/aliases, /etc/postfix/stack/*, and
# the members of the group `service`. Made from them: main.cf, master.cf and one folder of compiled maps.
set -eu
umask 022
LC_ALL=C
export LC_ALL

MAP_TYPE=@MAP_TYPE@
CONFIG=/etc/postfix
STATE=/var/lib/mailserver/postfix
CURRENT=$STATE/current
PROGRAMS=/usr/lib/mailserver
# Only root gets in: who can open a lock can hold it. Not on a disk, which may be full.
RUN=/run/mailserver
LOCK=$RUN/postfix-gate.lock
REFUSAL=$RUN/postfix-gate.refusal
# What is being put together; closed, since others could hold the locks that postmap takes on its tables.
WORK=$STATE/work
# What a push has had tried out, for the moment in which it makes the same live.
PROVEN=$WORK/proven
BLOCKLISTS_OFF=/var/lib/mailserver/checks/blocklists-off
SELF_SIGNED=/var/lib/mailserver/tls/self-signed.pem
POSTSCREEN_CACHE=/var/lib/postfix/postscreen_cache.lmdb
# The maps that people write, and those of the stack; postfix-maps knows what is made of each.
MAPS='/etc/mail/access-client
/etc/mail/access-helo
/etc/mail/access-recipient
/etc/mail/access-sender
/etc/mail/canonical
/etc/mail/canonical.pcre
/etc/mail/external-networks
/etc/mail/local-aliases
/etc/mail/relay-domains
/etc/mail/submission-senders
/etc/mail/transport
/etc/mail/virtual-aliases
/etc/aliases
/etc/postfix/myhostname
/etc/postfix/stack/aliases
/etc/postfix/stack/relay-domains
/etc/postfix/stack/transport
/etc/postfix/stack/virtual-domains
/etc/postfix/stack/verify-recipients
/etc/postfix/stack/own-senders
/etc/postfix/stack/relay-senders
/etc/postfix/stack/relay-recipients
/etc/postfix/stack/relay-tls'
# Tables of the service users, of the names that postfix-maps takes.
own_tables=$(find "$CONFIG/tables" -mindepth 1 -maxdepth 1 -regextype posix-extended -regex '.*/[A-Za-z0-9][A-Za-z0-9_-]{0,63}(\.(pcre|regexp|cidr))?' \
  2>/dev/null | sort | head -n 100) || own_tables=''
[ -z "$own_tables" ] || MAPS="$MAPS
$own_tables"
# The other parts use them.
# shellcheck disable=SC2034
readonly MAPS MAP_TYPE CONFIG STATE CURRENT PROGRAMS RUN LOCK REFUSAL WORK PROVEN BLOCKLISTS_OFF SELF_SIGNED POSTSCREEN_CACHE
CANDIDATE=''

# Whoever asked may be gone; what is under way goes on.
complain() { echo "postfix-gate: $*" >&2 || true; }

# The path to read for a live path: the candidate's where it has one.
source_of() {
  if [ -n "$CANDIDATE" ] && [ -e "$CANDIDATE$1" ]; then echo "$CANDIDATE$1"; else echo "$1"; fi
}
