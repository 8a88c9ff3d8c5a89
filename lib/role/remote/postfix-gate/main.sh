# shellcheck shell=sh
# What is asked for.

# live_text FINGERPRINT: whether what is live is made from what the sources say now, loaded or not; the fingerprint is theirs.
live_text() {
  if [ ! -e "$CURRENT/fingerprint" ] || [ ! -e "$CURRENT/sources" ]; then echo "main.cf and maps were not built yet"
  elif [ "$(cat "$CURRENT/fingerprint")" != "$1" ]; then echo "maps or configuration were changed and not reloaded"
  elif ! cmp -s "$CURRENT/main.cf" "$CONFIG/main.cf"; then echo "$CONFIG/main.cf was changed by hand; it is made from $CONFIG/main.d"
  elif ! cmp -s "$CURRENT/master.cf" "$CONFIG/master.cf"; then echo "$CONFIG/master.cf was changed by hand; it is made from $CONFIG/master.d"
  else echo current
  fi
}

status_text() {
  text=$(live_text "$(fingerprint "$MAPS")")
  if [ "$text" = current ] && [ "$(cat "$STATE/loaded" 2>/dev/null)" != "$(readlink "$CURRENT")" ]; then
    text="Postfix has not loaded its configuration"
  fi
  echo "$text"
}

# A file of a service user that is no good makes nothing stale: what the stack says is in effect.
status() {
  text=$(status_text)
  if [ "$text" != current ]; then
    echo "$text"
    return 1
  fi
  if [ -s "$CURRENT/left-out" ]; then echo "warning: $(head -n 2 "$CURRENT/left-out" | awk '{ printf "%s%s", (NR > 1 ? "; " : ""), $0 }')"; else echo current; fi
}

# check CANDIDATE: only a push has one; what else is asked for is done one after the other, however many ask.
check() {
  if [ -n "$1" ]; then
    try anyhow "$1"
    return
  fi
  take_turn
  said=$(mktemp "$RUN/said.XXXXXX")
  tried=0
  briefly "$said" "$0" try || tried=$?
  exec 8>&-
  tell "$said"
  return $tried
}

# try HOW CANDIDATE: builds a state, and throws it away, or keeps that of a candidate for the push that is about to make it live.
try() {
  work=$(workplace check)
  trap 'rm -rf "$work"' EXIT
  trap 'exit 1' HUP INT TERM
  exec 6<"$work"
  flock -w 5 6
  # Before they are read, as in build_generation.
  [ -z "$2" ] || sources=$(fingerprint "$MAPS" "$2")
  if list_sources "$work" && "build_$1" "$work" "$2"; then
    [ -z "$2" ] || keep_proven "$work" "$sources"
    return
  fi
  tell_full_disks
  return 1
}

# tell FILE: who reads slowly, or not at all, keeps nobody waiting but themselves, and not for ever.
tell() {
  # It quotes lines and logs of others.
  if [ -s "$1" ]; then timeout --foreground 60 "$PROGRAMS/checks/harmless.py" "$1" >&2 || true; fi
  rm -f "$1"
}

# hint: about files that nobody reads, and whose authors wait for an effect.
hint() {
  # shellcheck disable=SC2046 # one path a line, ours
  nice "$PROGRAMS/postfix-misnamed" "$CONFIG/main.d" $(echo "$MAPS" | grep '^/etc/mail/') || true
}

# exclusively VERB: runs `postfix-gate locked VERB` with the lock that was taken. What it says is said when the lock is free again.
exclusively() {
  said=$(mktemp "$RUN/said.XXXXXX")
  rc=0
  briefly "$said" "$0" locked "$1" || rc=$?
  exec 9>&-
  tell "$said"
  return $rc
}

# What was cut short once is not cut again.
# shellcheck disable=SC2034
case ${1:-} in
  check | apply | reload | prepare) MOST_BYTES=20480 ;;
esac
case ${1:-} in
  check) check "${2:-}" ;;
  try) try strictly '' ;;
  # A process of its own: what fails in it ends it, wherever it was asked for.
  build)
    CANDIDATE=${3:-}
    CANDIDATE=${CANDIDATE%/}
    # shellcheck disable=SC2034
    TOLERANTLY=${4:-}
    build "$2"
    ;;
  apply)
    unstoppable
    take_lock apply
    exclusively apply
    ;;
  reload)
    unstoppable
    take_turn
    take_lock reload
    exec 8>&-
    # Meanwhile.
    hints=$(mktemp "$RUN/said.XXXXXX")
    (
      exec 9>&-
      briefly "$hints" hint
    ) &
    reloaded=0
    exclusively reload || reloaded=$?
    wait
    tell "$hints"
    exit $reloaded
    ;;
  # By `exclusively`, with the lock.
  locked)
    unstoppable
    case $2 in
      apply)
        change anyhow
        rm -rf "$PROVEN"
        if [ "$(cat "$STATE/loaded" 2>/dev/null)" != "$(readlink "$CURRENT")" ]; then
          if running; then reload_postfix; else loaded; fi
        fi
        ;;
      reload)
        change strictly again
        reload_postfix
        ;;
      prepare)
        # systemd gives a start 90.
        # shellcheck disable=SC2034
        BUILD_SECONDS=45
        change strictly
        ;;
    esac
    ;;
  prepare)
    rc=0
    if is_refused; then
      complain "a change is left out, since Postfix did not start with it"
    elif try_lock; then
      exclusively prepare || rc=1
    else
      complain "a change is under way; Postfix starts with what was before it"
    fi
    if [ -e "$CURRENT" ]; then
      wait_for_renames
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
