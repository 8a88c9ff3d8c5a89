# shellcheck shell=sh
# Maps are compiled, and everything is tried out before anybody else sees it.

# Compiles the maps. Any word of postmap or postalias is an error: it is about a line that would not work.
compile_maps() {
  # The tools read a main.cf too; this one says nothing, so what they say is about the maps.
  mkdir "$1/maps" "$1/tools"
  echo 'compatibility_level = 3.10' >"$1/tools/main.cf"
  touch -d '10 seconds ago' "$1/tools/main.cf"
  # Accounts that have a mailbox; no file of anybody's. What nobody else takes, postmaster's mail too, goes to root.
  { echo 'root OK'; sed 's/:.*/ OK/' "$1/users"; } | sort -u >"$1/maps/mailboxes"
  "$PROGRAMS_NOW/postfix-maps" --candidate "$CANDIDATE" --master "$1/master.cf" --main "$1/main.cf" --mailboxes "$1/maps/mailboxes" \
    --out "$1/maps" --compile "$MAP_TYPE" --tools "$1/tools" --before "$CURRENT/maps" \
    ${TOLERANTLY:+--tolerate}
  postmap -c "$1/tools" "$MAP_TYPE:$1/maps/mailboxes"
  rm -rf "$1/tools"
}

# Puts everything together in $1 and validates it there, as a configuration of its own.
build() {
  PROGRAMS_NOW=$(dirname "$(source_of "$PROGRAMS/postfix-maps")")
  service_users >"$1/users"
  assemble_master "$1"
  assemble_main "$1"
  cp -p "$1/main.cf" "$1/main.cf.live"
  # The candidate refers to itself, not to what is live.
  sed -i "s|$CURRENT/|$1/|g" "$1/main.cf"
  # Postfix waits until a main.cf is two seconds old, for fear of a half-written one; this one is whole.
  touch -d '10 seconds ago' "$1/main.cf" "$1/main.cf.live"
  compile_maps "$1"
  "$PROGRAMS_NOW/postfix-lookups" "$1"
  "$PROGRAMS_NOW/postfix-trial" "$1"
  mv "$1/main.cf.live" "$1/main.cf"
}
