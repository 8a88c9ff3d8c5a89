# shellcheck shell=sh
# One change at a time: a push and a service user may ask at the same moment. Locks are files that only root can open, and nothing
# that could last for ever is done while one is held.

# Longest wait for the lock.
WAIT_SECONDS=60

# make_places: where locks and work are; nobody else sees what is in them.
make_places() {
  [ -d "$RUN" ] || mkdir -m 0700 "$RUN" 2>/dev/null || [ -d "$RUN" ]
  find "$RUN" -maxdepth 1 -name 'said.*' -mmin +60 -delete
}

# workplace NAME: a new folder for a state that is put together; daemons of Postfix can pass, nobody else. Who works in it holds a
# lock of the folder itself, so what was left by a program that was killed is known and goes.
workplace() {
  mkdir -p "$WORK"
  chgrp postfix "$WORK"
  chmod 0710 "$WORK"
  for left in "$WORK"/*; do
    if [ -d "$left" ] && [ -z "$(find "$left" -prune -newermt '-1 minute')" ] && flock -n "$left" true; then rm -rf "$left"; fi
  done
  new=$(mktemp -d "$WORK/$1.XXXXXX")
  chgrp postfix "$new"
  chmod 0710 "$new"
  echo "$new"
}

# open_lock: as descriptor 9, taken or not; it ends with this program.
open_lock() {
  make_places
  umask 077
  exec 9<>"$LOCK"
  umask 022
}

note_holder() { echo "$1, since $(date +%T), process $$" >"$LOCK"; }

try_lock() {
  open_lock
  flock -n 9
}

# take_lock VERB: waits for a change that is under way, and says for which.
take_lock() {
  open_lock
  if ! flock -n 9; then
    # By a process of its own, since nobody may read it, and the turn is taken. (The shell keeps what a redirection of a function closes.)
    (
      exec 8>&- 9>&-
      complain "waiting for another change: $(head -c 200 "$LOCK")"
    ) &
    if ! flock -w $WAIT_SECONDS 9; then
      exec 8>&-
      complain "another change is still under way after $WAIT_SECONDS seconds: $(head -c 200 "$LOCK")"
      exit 1
    fi
  fi
  note_holder "$1"
}

# take_turn: of any number of reloads and checks one at most is at work, or waits for the lock, so that they cannot keep a push from it.
take_turn() {
  make_places
  umask 077
  exec 8<>"$RUN/postfix-gate.turn"
  umask 022
  flock -w $WAIT_SECONDS 8 || { complain "others who asked for the same are still waiting after $WAIT_SECONDS seconds; try again"; exit 1; }
}

# The terminal of a service user can neither stop a change in the middle nor put it to sleep with the lock in its hands.
unstoppable() { trap '' HUP INT QUIT PIPE TSTP TTIN TTOU; }

# renaming COMMAND…: while files of the live state are replaced, which takes no time, no start looks at them.
renaming() {
  exec 7<>"$RUN/postfix-gate.renames"
  flock -w 10 7 || true
  renamed=0
  "$@" || renamed=$?
  exec 7>&-
  return $renamed
}
wait_for_renames() { renaming true; }

# briefly FILE COMMAND…: runs it; as much of what it says as anybody reads goes to FILE.
MOST_BYTES=16384
briefly() {
  into=$1
  shift
  return "$({ { "$@" 2>&1 >/dev/null 3>&- && echo 0 >&3 || echo $? >&3; } | first_words >"$into"; } 3>&1)"
}
first_words() {
  head -c $MOST_BYTES
  more=$(wc -c)
  if [ "$more" -ne 0 ]; then printf '…\npostfix-gate: %s more bytes of messages are left out\n' "$more"; fi
}
