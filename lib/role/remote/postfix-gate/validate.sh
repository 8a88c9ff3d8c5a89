# shellcheck shell=sh
# Maps are compiled, and everything is tried out before anybody else sees it.

# Compiles the maps. Any word of postmap or postalias is an error: it is about a line that would not work.
compile_maps() {
  # The tools read a main.cf too; this one says nothing, so what they say is about the maps.
  mkdir "$1/maps" "$1/tools"
  echo 'compatibility_level = 3.10' >"$1/tools/main.cf"
  touch -d '10 seconds ago' "$1/tools/main.cf"
  "$PROGRAMS_NOW/postfix-maps" --candidate "$CANDIDATE" --master "$1/master.cf" --main "$1/main.cf" --out "$1/maps" \
    --compile "$MAP_TYPE" --tools "$1/tools" --before "$CURRENT/maps"
  # Accounts that have a mailbox; no file of anybody's. What nobody else takes, postmaster's mail too, goes to root.
  { echo 'root OK'; service_users | sed 's/:.*/ OK/'; } | sort -u >"$1/maps/mailboxes"
  postmap -c "$1/tools" "$MAP_TYPE:$1/maps/mailboxes"
  rm -rf "$1/tools"
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
    -e 'unused parameter: [^=]*_rate_delay=' "$1/said" >"$1/said.kept" || [ $? -eq 1 ]
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
  PROGRAMS_NOW=$(dirname "$(source_of "$PROGRAMS/postfix-maps")")
  assemble_main "$1"
  assemble_master "$1"
  cp -p "$1/main.cf" "$1/main.cf.live"
  # The candidate refers to itself, not to what is live.
  sed -i "s|$CURRENT/|$1/|g" "$1/main.cf"
  # Postfix waits until a main.cf is two seconds old, for fear of a half-written one; this one is whole.
  touch -d '10 seconds ago' "$1/main.cf" "$1/main.cf.live" "$1/master.cf"
  validate "$1"
  compile_maps "$1"
  "$PROGRAMS_NOW/postfix-trial" "$1"
  mv "$1/main.cf.live" "$1/main.cf"
}
