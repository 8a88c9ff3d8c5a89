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

map_type=@MAP_TYPE@
config=/etc/postfix
state=/var/lib/mailserver/postfix
current=$state/current
programs=/usr/lib/mailserver
lock=/run/mailserver-postfix-gate.lock
blocklists_off=/var/lib/mailserver/checks/blocklists-off
candidate=''

complain() { echo "postfix-gate: $*" >&2; }

# The path to read for a live path: the candidate's where it has one.
source_of() {
  if [ -n "$candidate" ] && [ -e "$candidate$1" ]; then echo "$candidate$1"; else echo "$1"; fi
}

# Name and home of each member of the group `service`, `name:home` a line; users whose main group it is count too.
service_users() {
  group=$(getent group service) || return 0
  members=${group##*:}
  gid=${group%:*}
  gid=${gid##*:}
  names=$(getent passwd | while IFS=: read -r name _ _ main _; do if [ "$main" = "$gid" ]; then echo "$name"; fi; done)
  # shellcheck disable=SC2046,SC2086 # names have no blanks
  set -- $(IFS=,; echo $members) $names
  [ $# -eq 0 ] || getent passwd "$@" | sort -u | while IFS=: read -r name _ _ _ _ home _; do echo "$name:$home"; done
}

# Path, size and content of each file. Service users write some of their folders: nothing is followed or waited for, and what is
# too large to be taken (postfix-maps refuses it) is told by its time.
read_files() {
  perl -MFcntl -e '
    for my $path (@ARGV) {
      my $content = "";
      next unless sysopen my $file, $path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK;
      my ($size, $time) = (stat $file)[7, 9];
      next unless -f _;
      if ($size > 64 * 1024 * 1024) { $content = $time } else { local $/; $content = <$file> }
      print "$path\0$size\0", $content // "", "\n";
    }' "$@"
}

# One line of text that changes whenever a source or this program does. $1 lists the maps that are read: what else lies beside
# them, such as the backup copies of editors, is of no importance.
fingerprint() {
  {
    # shellcheck disable=SC2046 # one path a line, ours
    read_files "$programs"/postfix-gate "$programs"/postfix-fragments "$programs"/postfix-maps "$programs"/postfix-trial \
      "$config"/myhostname "$config"/main.d/[0-9][0-9]_*.cf "$config"/master.d/[0-9][0-9]_*.cf $(cat "$1")
    service_users
    if grep -qs '^postscreen_dnsbl_sites' "$config"/main.d/*.cf; then lying_blocklists; fi
  } | sha256sum
}

# Blocklists that the checks found lying. postscreen is told here; policyd-weight looks for itself.
lying_blocklists() {
  find $blocklists_off -mindepth 1 -maxdepth 1 -type f ! -name '.*' -printf '%f\n' 2>/dev/null | sort
}

# They are taken out of postscreen_dnsbl_sites, whoever set it; every line keeps its number.
leave_out_lying_blocklists() {
  lying=$(lying_blocklists)
  [ -n "$lying" ] || return 0
  awk -v names="$lying" '
    BEGIN { count = split(names, list, "\n"); for (i = 1; i <= count; i++) lying[tolower(list[i])] = 1 }
    /^[^ \t#]/ { inside = ($0 ~ /^postscreen_dnsbl_sites[ \t]*=/) }
    inside && !/^#/ {
      rest = $0
      head = (sub(/^postscreen_dnsbl_sites[ \t]*=/, "", rest)) ? "postscreen_dnsbl_sites =" : "   "
      gsub(/,/, " ", rest)
      count = split(rest, sites, /[ \t]+/)
      for (i = 1; i <= count; i++) {
        zone = tolower(sites[i])
        sub(/[=*].*/, "", zone)
        if (zone != "" && !(zone in lying)) head = head " " sites[i]
      }
      print head
      next
    }
    { print }' "$1/main.cf" >"$1/main.cf.honest"
  mv "$1/main.cf.honest" "$1/main.cf"
}

# Of two settings of one parameter the later counts (R12). The earlier one becomes a comment, or every daemon would warn of it
# in the journal; who asked for the change is told instead.
settle_doubles() {
  awk -v origins="$1/main.cf.origin" '
    BEGIN { while ((getline line < origins) > 0) place[++count] = line }
    { text[NR] = $0 }
    match($0, /^[A-Za-z0-9_-]+[ \t]*=/) {
      name = $0
      sub(/[ \t]*=.*/, "", name)
      if (name in last) {
        overridden[last[name]] = 1
        print "postfix-gate: warning: " place[NR] ": '\''" name "'\'' is set in " place[last[name]] " already; this one counts" > "/dev/stderr"
      }
      last[name] = NR
    }
    END {
      for (i = 1; i <= NR; i++) {
        if (text[i] !~ /^[ \t#]/) off = (i in overridden)
        print off ? "# " text[i] : text[i]
      }
    }' "$1/main.cf" >"$1/main.cf.settled"
  mv "$1/main.cf.settled" "$1/main.cf"
}

# main.cf, with the place of every line kept beside it (main.cf.origin: file:line of each line).
assemble_main() {
  : >"$1/main.cf"
  : >"$1/main.cf.origin"
  mkdir "$1/main.d"
  "$programs_now/postfix-fragments" --candidate "$candidate" --maps "$current/maps" --out "$1/main.d" >"$1/fragments" || return 1
  [ -s "$1/fragments" ] || { complain "there is no fragment NN_*.cf in $config/main.d"; return 1; }
  while IFS="$(printf '\t')" read -r shown path; do
    # A last line without a newline would run into the next fragment.
    awk -v shown="$shown" -v origin="$1/main.cf.origin" '{ print; print shown ":" FNR >> origin }' "$path" >>"$1/main.cf"
  done <"$1/fragments"
  rm -r "$1/fragments" "$1/main.d"
  settle_doubles "$1"
  leave_out_lying_blocklists "$1"
  # Debian's documentation promises that Postfix reads a myhostname that is a path; the one of Debian 13 does not.
  name=$(head -n 1 "$(source_of $config/myhostname)" 2>/dev/null) || name=''
  [ -n "$name" ] || { complain "$config/myhostname is missing or empty; it holds the HELO name"; return 1; }
  sed -i "s|^myhostname = $config/myhostname\$|myhostname = $name|" "$1/main.cf"
}

# master.cf: the fragments, then one pipe transport for each service user.
assemble_master() {
  # Only root writes this folder.
  for path in "$config"/master.d/[0-9][0-9]_*.cf "${candidate:-/nonexistent}$config"/master.d/[0-9][0-9]_*.cf; do
    if [ -f "$path" ]; then echo "$config/master.d/${path##*/}"; fi
  done | sort -u | while read -r path; do awk 1 "$(source_of "$path")"; done >"$1/master.cf"
  [ -s "$1/master.cf" ] || { complain "there is no fragment NN_*.cf in $config/master.d"; return 1; }
  {
    echo
    echo "# Service users: mail for user-NAME: is piped to their bin/deliver."
    service_users | while IFS=: read -r name home; do
      echo "user-$name unix - n n - - pipe"
      echo "    flags=q user=$name directory=$home"
      # shellcheck disable=SC2016
      echo "    argv=$programs/deliver $home "'-f ${sender} ${nexthop} ${recipient}'
    done
  } >>"$1/master.cf"
}

# Compiles what postfix-maps made of the sources. Any word of postmap or postalias is an error: it is about a line that would
# not work.
compile_maps() {
  # The tools read a main.cf too; this one says nothing, so what they say is about the maps.
  mkdir "$1/maps" "$1/tools"
  echo 'compatibility_level = 3.10' >"$1/tools/main.cf"
  touch -d '10 seconds ago' "$1/tools/main.cf"
  "$programs_now/postfix-maps" --candidate "$candidate" --master "$1/master.cf" --main "$1/main.cf" --out "$1/maps" || return 1
  for map in "$1"/maps/*; do
    case ${map##*/} in
      *.origin) continue ;;
      canonical.pcre) said=$(postmap -c "$1/tools" -q postmaster@localhost "pcre:$map" 2>&1 >/dev/null) || true ;;
      external-networks | postscreen-access) said=$(postmap -c "$1/tools" -q 127.0.0.1 "cidr:$map" 2>&1 >/dev/null) || true ;;
      local-aliases | aliases | stack-aliases) said=$(postalias -c "$1/tools" "$map_type:$map" 2>&1) || said=${said:-failed} ;;
      *) said=$(postmap -c "$1/tools" "$map_type:$map" 2>&1) || said=${said:-failed} ;;
    esac
    if [ -n "$said" ]; then
      origin=$(cat "$map.origin" 2>/dev/null || echo "${map##*/}")
      echo "$said" | sed -e "s|$map|$origin|g" -e 's/^post[a-z]*: //' -e 's/^warning: //' -e 's/^/postfix-gate: /' >&2
      return 1
    fi
  done
  rm -rf "$1"/maps/*.origin "$1/tools"
}

# Translates what postconf says about main.cf to the fragment and line it is about.
explain() {
  sed -e "s|^[a-z/]*postconf: ||" -e "s|$2/main.cf|main.cf|g" "$1" | while read -r message; do
    case $message in
      *"main.cf, line "*)
        number=$(echo "$message" | sed -n 's/.*main\.cf, line \([0-9]*\).*/\1/p')
        place=$(sed -n "${number}p" "$2/main.cf.origin")
        said=$(echo "$message" | sed -e 's/.*main\.cf, line [0-9]*: //')
        echo "$place: $said"
        ;;
      *"unused parameter: "*)
        name=${message##*unused parameter: }
        name=${name%%=*}
        number=$(grep -n "^${name}[[:space:]]*=" "$2/main.cf" | tail -n 1 | cut -d: -f1)
        echo "$(sed -n "${number:-0}p" "$2/main.cf.origin"): unknown parameter '$name': no part of Postfix uses it"
        ;;
      *) echo "$message" ;;
    esac
  done
}

validate() {
  if ! postconf -c "$1" >/dev/null 2>"$1/said"; then
    explain "$1/said" "$1" | sed 's/^/postfix-gate: /' >&2
    return 1
  fi
  # Limits of transports that do not exist yet are no mistake.
  grep -v -e 'unused parameter: [^=]*_destination_' -e 'unused parameter: [^=]*_time_limit=' \
    -e 'unused parameter: [^=]*_rate_delay=' "$1/said" >"$1/said.kept" || true
  explain "$1/said.kept" "$1" >"$1/explained"
  grep -v 'unknown parameter' "$1/explained" | sed 's/^/postfix-gate: warning: /' >&2 || true
  if grep 'unknown parameter' "$1/explained" | sed 's/^/postfix-gate: /' >&2 && grep -q 'unknown parameter' "$1/explained"; then
    return 1
  fi
  rm -f "$1/said" "$1/said.kept" "$1/explained"
  if ! said=$(postconf -c "$1" -M 2>&1 >/dev/null); then
    complain "master.cf: $said"
    return 1
  fi
}

# Puts everything together in $1 and validates it there, as a configuration of its own.
build() {
  programs_now=$(dirname "$(source_of "$programs/postfix-maps")")
  assemble_main "$1" && assemble_master "$1" || return 1
  cp -p "$1/main.cf" "$1/main.cf.live"
  # The candidate refers to itself, not to what is live.
  sed -i "s|$current/|$1/|g" "$1/main.cf"
  # Postfix waits until a main.cf is two seconds old, for fear of a half-written one; this one is whole.
  touch -d '10 seconds ago' "$1/main.cf" "$1/main.cf.live" "$1/master.cf"
  validate "$1" && compile_maps "$1" && "$programs_now/postfix-trial" "$1" || return 1
  mv "$1/main.cf.live" "$1/main.cf"
}

install_file() {
  cp -p "$1" "$2.new"
  mv "$2.new" "$2"
}

# Makes the folder $1 of $state the live one. Maps, master.cf and main.cf are three renames; Postfix reads them at a reload.
activate() {
  ln -sfn "$1" $state/current.new
  mv -T $state/current.new $current
  install_file "$state/$1/master.cf" $config/master.cf
  install_file "$state/$1/main.cf" $config/main.cf
}

running() { postfix status >/dev/null 2>&1; }

# Leaves $changed set to yes when something new is live, and $previous to the folder that was before.
change() {
  changed=no
  previous=$(readlink $current 2>/dev/null || true)
  if [ "$(status_text)" = current ]; then return 0; fi
  generation=generation-$(date -u +%Y%m%dT%H%M%S)-$$
  new=$state/$generation
  mkdir -p $state
  mkdir "$new"
  chmod 0755 "$new"
  "$programs/postfix-maps" --list >"$new/sources"
  before=$(fingerprint "$new/sources")
  if ! build "$new" 2>$state/refusal; then
    rm -rf "$new"
    complain "nothing was changed, Postfix keeps the state it had:"
    cat $state/refusal >&2
    return 1
  fi
  cat $state/refusal >&2
  echo "$before" >"$new/fingerprint"
  activate "$generation"
  changed=yes
  for old in "$state"/generation-*; do
    case ${old##*/} in "$generation" | "$previous") ;; *) rm -rf "$old" ;; esac
  done
}

loaded() { readlink $current >$state/loaded; }

# What master(8) takes over at its start and never again, as the configuration in $1 has it, `name = value` a line.
at_start() {
  postconf -c "$1" -x inet_interfaces inet_protocols queue_directory data_directory mail_owner setgid_group import_environment \
    2>/dev/null
}

# Names of those that are not what the running Postfix was started with.
outdated_since_start() {
  if [ ! -e $state/started ]; then
    # Started before this was written down.
    if [ -z "$previous" ] || [ ! -d "$state/$previous" ]; then return 0; fi
    at_start "$state/$previous" >$state/started
  fi
  at_start $config | grep -vxFf $state/started | cut -d' ' -f1 | paste -sd' ' -
}

# Leaves $said to what went wrong.
restart_postfix() {
  echo "postfix-gate: Postfix is restarted, since it reads $1 at its start only" >&2
  if [ "$(systemctl is-active postfix.service)" = reloading ]; then
    # Asked for by `systemctl reload`, which a restart would call off while it is under way.
    # shellcheck disable=SC2016
    said=$(systemd-run --quiet --collect --unit=mailserver-postfix-restart sh -c '
      while [ "$(systemctl is-active postfix.service)" = reloading ]; do sleep 0.1; done
      exec systemctl restart postfix.service' 2>&1)
    return
  fi
  # Its start comes here for its turn (prepare).
  exec 9>&-
  systemctl reset-failed postfix.service 2>/dev/null || true
  rc=0
  systemctl restart postfix.service >/dev/null 2>&1 </dev/null || rc=1
  # What master says of an address that it cannot listen on, it says to the journal.
  [ $rc -eq 0 ] || said=$(journalctl -t postfix/master -t postfix -p err -n 1 -o cat --no-pager 2>/dev/null)
  locked
  return $rc
}

reload_postfix() {
  outdated=$(outdated_since_start)
  if [ -n "$outdated" ]; then
    if restart_postfix "$outdated"; then loaded; return 0; fi
    complain "Postfix does not start: $said"
  else
    if said=$(postfix reload 2>&1); then loaded; return 0; fi
    complain "postfix reload: $said"
  fi
  if [ "$changed" = yes ] && [ -n "$previous" ]; then
    activate "$previous"
    if [ -n "$outdated" ]; then restart_postfix "$outdated" 2>/dev/null || complain "Postfix does not run any more: $said"
    else postfix reload >/dev/null 2>&1 || true
    fi
    complain "the state before is back"
  fi
  return 1
}

status_text() {
  if [ ! -e $current/fingerprint ] || [ ! -e $current/sources ]; then echo "main.cf and maps were not built yet"
  elif [ "$(cat $current/fingerprint)" != "$(fingerprint $current/sources)" ]; then echo "maps or configuration were changed and not reloaded"
  elif ! cmp -s $current/main.cf $config/main.cf; then echo "$config/main.cf was changed by hand; it is made from $config/main.d"
  elif ! cmp -s $current/master.cf $config/master.cf; then echo "$config/master.cf was changed by hand; it is made from $config/master.d"
  elif [ "$(cat $state/loaded 2>/dev/null)" != "$(readlink $current)" ]; then echo "Postfix has not loaded its configuration"
  else echo current
  fi
}

status() {
  text=$(status_text)
  echo "$text"
  [ "$text" = current ]
}

check() {
  candidate=${1:-}
  candidate=${candidate%/}
  work=$(mktemp -d /var/tmp/postfix-gate.XXXXXX)
  trap 'rm -rf "$work"' EXIT
  chmod 0755 "$work"
  build "$work"
}

# One change at a time: a push and a service user may ask at the same moment.
locked() {
  exec 9>$lock
  flock -w 120 9 || { complain "another change is still under way after 120 seconds"; exit 1; }
}

case ${1:-} in
  check) check "${2:-}" ;;
  apply)
    locked
    change
    if [ "$(cat $state/loaded 2>/dev/null)" != "$(readlink $current)" ]; then
      if running; then reload_postfix; else loaded; fi
    fi
    ;;
  reload)
    locked
    change
    reload_postfix
    ;;
  prepare)
    locked
    rc=0
    change || rc=1
    if [ -e $current ]; then
      loaded
      at_start $config >$state/started || true
    fi
    exit $rc
    ;;
  status) status ;;
  *)
    echo "usage: postfix-gate check [CANDIDATE] | apply | reload | prepare | status" >&2
    exit 2
    ;;
esac
