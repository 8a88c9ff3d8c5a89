# shellcheck shell=sh
# main.cf and master.cf, put together from their fragments. Any command that fails ends it: half a file must not pass.

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
  "$PROGRAMS_NOW/postfix-fragments" --candidate "$CANDIDATE" --maps "$CURRENT/maps" --out "$1/main.d" >"$1/fragments"
  [ -s "$1/fragments" ] || { complain "there is no fragment NN_*.cf in $CONFIG/main.d"; return 1; }
  while IFS="$(printf '\t')" read -r shown path; do
    # A last line without a newline would run into the next fragment.
    awk -v shown="$shown" -v origin="$1/main.cf.origin" '{ print; print shown ":" FNR >> origin }' "$path" >>"$1/main.cf"
  done <"$1/fragments"
  rm -r "$1/fragments" "$1/main.d"
  settle_doubles "$1"
  leave_out_lying_blocklists "$1"
  # Debian's documentation promises that Postfix reads a myhostname that is a path; the one of Debian 13 does not.
  name=$(head -n 1 "$(source_of "$CONFIG/myhostname")" 2>/dev/null) || name=''
  [ -n "$name" ] || { complain "$CONFIG/myhostname is missing or empty; it holds the HELO name"; return 1; }
  sed -i "s|^myhostname = $CONFIG/myhostname\$|myhostname = $name|" "$1/main.cf"
}

# master.cf: the fragments, then one pipe transport for each service user.
assemble_master() {
  # Only root writes this folder.
  for path in "$CONFIG"/master.d/[0-9][0-9]_*.cf "${CANDIDATE:-/nonexistent}$CONFIG"/master.d/[0-9][0-9]_*.cf; do
    if [ -f "$path" ]; then echo "$CONFIG/master.d/${path##*/}"; fi
  done | sort -u | while read -r path; do awk 1 "$(source_of "$path")"; done >"$1/master.cf"
  [ -s "$1/master.cf" ] || { complain "there is no fragment NN_*.cf in $CONFIG/master.d"; return 1; }
  {
    echo
    echo "# Service users: mail for user-NAME: is piped to their bin/deliver."
    service_users | while IFS=: read -r name home; do
      echo "user-$name unix - n n - - pipe"
      echo "    flags=q user=$name directory=$home"
      # shellcheck disable=SC2016
      echo "    argv=$PROGRAMS/deliver $home "'-f ${sender} ${nexthop} ${recipient}'
    done
  } >>"$1/master.cf"
}
