# shellcheck shell=sh
# How something is done while a lock is held.

# quietly COMMAND…: runs it in a shell of its own, without the session; gives its exit code. What it says goes to a file, not on a
# disk, and another process, which holds no lock, shows that. Whoever reads slowly or not at all keeps nobody waiting but themselves.
quietly() {
  run=${MAILSERVER_RUN:-/run/mailserver-apply}
  (umask 077 && mkdir -p "$run")
  find "$run" -maxdepth 1 -name 'said.*' -mmin +180 -delete
  said=$(mktemp "$run/said.XXXXXX") || return
  ("$@") >"$said" 2>&1 </dev/null &
  worker=$!
  # It reads once more after the end.
  tail -n +1 -s 0.05 --pid=$worker -f "$said" 2>/dev/null
  ended=0
  wait $worker || ended=$?
  rm -f "$said"
  return $ended
}
