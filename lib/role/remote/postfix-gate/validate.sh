# shellcheck shell=sh
# Everything is put together and tried out before anybody else sees it.

# Puts everything together in $1 and validates it there, as a configuration of its own.
build() {
  PROGRAMS_NOW=$(dirname "$(source_of "$PROGRAMS/postfix-maps")")
  service_users >"$1/users"
  assemble_master "$1"
  "$PROGRAMS_NOW/postfix-build" "$1" --candidate "$CANDIDATE" --current "$CURRENT" --lying "$(lying_blocklists)" --compile "$MAP_TYPE" \
    ${TOLERANTLY:+--tolerate}
  "$PROGRAMS_NOW/postfix-trial" "$1"
  mv "$1/main.cf.live" "$1/main.cf"
}
