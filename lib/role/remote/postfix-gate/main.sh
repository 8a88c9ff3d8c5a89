# shellcheck shell=sh
# What is asked for.

# Whether what is live is made from what the sources say now, loaded or not.
live_text() {
  if [ ! -e "$CURRENT/fingerprint" ] || [ ! -e "$CURRENT/sources" ]; then echo "main.cf and maps were not built yet"
  elif [ "$(cat "$CURRENT/fingerprint")" != "$(fingerprint "$CURRENT/sources")" ]; then echo "maps or configuration were changed and not reloaded"
  elif ! cmp -s "$CURRENT/main.cf" "$CONFIG/main.cf"; then echo "$CONFIG/main.cf was changed by hand; it is made from $CONFIG/main.d"
  elif ! cmp -s "$CURRENT/master.cf" "$CONFIG/master.cf"; then echo "$CONFIG/master.cf was changed by hand; it is made from $CONFIG/master.d"
  else echo current
  fi
}

status_text() {
  text=$(live_text)
  if [ "$text" = current ] && [ "$(cat "$STATE/loaded" 2>/dev/null)" != "$(readlink "$CURRENT")" ]; then
    text="Postfix has not loaded its configuration"
  fi
  echo "$text"
}

status() {
  text=$(status_text)
  echo "$text"
  [ "$text" = current ]
}

check() {
  work=$(mktemp -d /var/tmp/postfix-gate.XXXXXX)
  trap 'rm -rf "$work"' EXIT
  trap 'exit 1' HUP INT TERM
  chmod 0755 "$work"
  if "$0" build "$work" "$1"; then return; fi
  tell_full_disks
  return 1
}

# One change at a time: a push and a service user may ask at the same moment. The terminal of a service user can neither stop it in
# the middle of a change nor put it to sleep with the lock in its hands.
locked() {
  trap '' HUP INT QUIT PIPE TSTP TTIN TTOU
  exec 9>"$LOCK"
  flock -w 120 9 || { complain "another change is still under way after 120 seconds"; exit 1; }
}

case ${1:-} in
  check) check "${2:-}" ;;
  # A process of its own: what fails in it ends it, wherever it was asked for.
  build)
    CANDIDATE=${3:-}
    CANDIDATE=${CANDIDATE%/}
    build "$2"
    ;;
  apply)
    locked
    change
    if [ "$(cat "$STATE/loaded" 2>/dev/null)" != "$(readlink "$CURRENT")" ]; then
      if running; then reload_postfix; else loaded; fi
    fi
    ;;
  reload)
    "$PROGRAMS/postfix-fragments" --misnamed || true
    "$PROGRAMS/postfix-maps" --misnamed || true
    locked
    change
    reload_postfix
    ;;
  prepare)
    locked
    rc=0
    if is_refused; then complain "a change is left out, since Postfix did not start with it"; else change || rc=1; fi
    if [ -e "$CURRENT" ]; then
      loaded
      at_start "$CONFIG" >"$STATE/started" || true
    fi
    exit $rc
    ;;
  status) status ;;
  *)
    echo "usage: postfix-gate check [CANDIDATE] | apply | reload | prepare | status" >&2
    exit 2
    ;;
esac
