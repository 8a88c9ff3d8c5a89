# shellcheck shell=sh
# shellcheck disable=SC2317 # functions that `quietly` runs
# Takes a payload (tar on standard input), verifies that it is whole, and has systemd start it as a unit of its own. Then
# follow.sh shows how it goes. After quietly.sh.
umask 022
STATE=/var/lib/mailserver
T=$STATE/transaction
# Passable, since validators may run as a daemon's user; the role may have a mode of its own for it.
[ -d "$STATE" ] || mkdir -m 711 "$STATE"

give_up() {
  # First: where the connection was lost, this program ends at the word that nobody reads.
  [ -z "${incoming:-}" ] || rm -rf "$incoming"
  printf '::result %s %s\n' "$1" "$2"
  exit "${given_up:-0}"
}

command -v systemd-run >/dev/null || give_up refused 'the host is not run by systemd'
incoming=$(mktemp -d "$STATE/incoming.XXXXXX") || give_up failed "cannot write to $STATE"
chmod 711 "$incoming"
message=$(tar -x --no-same-owner -f - -C "$incoming" 2>&1) || give_up failed "the payload cannot be unpacked: $message"
[ -e "$incoming/complete" ] || give_up failed 'the payload arrived incomplete; nothing was changed'

# Only root gets in: who can open a lock can hold it.
[ -d "$STATE/locks" ] || mkdir -m 700 "$STATE/locks" || give_up failed "cannot write to $STATE"
rm -f "$STATE/lock" "$STATE/rollback.lock"

# With the lock.
start() {
  given_up=1
  exec 9>"$STATE/locks/apply"
  flock -w 5 9 || give_up busy 'another apply is being started on the host'
  for unit in mailserver-apply.service mailserver-rollback.service; do
    case $(systemctl is-active $unit) in
      active | activating | deactivating | reloading)
        give_up busy "another apply is at work on the host (started $(stat -c %y "$T/log" 2>/dev/null | cut -d . -f 1)): wait for its end and apply again"
        ;;
    esac
  done
  if [ -e "$T/armed" ] || [ -e "$T/committing" ]; then
    printf '::step an apply before this one was interrupted\n'
    timeout -k 10 900 sh "$T/lib/rollback.sh" 'the host went down in the middle of it'
    if [ -e "$T/armed" ]; then give_up failed "$(sed 's/^::result [^ ]* //' "$T/result" || echo 'it cannot be undone'); nothing else was changed"; fi
    give_up interrupted 'the interrupted apply has been brought to an end'
  fi
  if [ "$(cat "$T/plan/id" 2>/dev/null)" != "$(cat "$incoming/plan/based-on")" ]; then
    give_up outdated 'another apply has changed the host since it was looked at'
  fi
  rm -rf "$T"
  mv "$incoming" "$T"
  incoming=''
  for old in "$STATE"/incoming.*; do
    # One that nobody fills any more.
    [ ! -d "$old" ] || [ -n "$(find "$old" -prune -mmin -60)" ] || rm -rf "$old"
  done

  # Room for the last word; without it nobody would hear that the disk is full.
  message=$(head -c 262144 /dev/zero 2>&1 >"$T/reserve") || give_up failed "cannot write to $STATE: $message"
  message=$(cat /proc/sys/kernel/random/boot_id 2>&1 >"$T/boot") || give_up failed "cannot write to $STATE: $message"
  changed=''
  for name in mailserver-apply.service mailserver-rollback.service; do
    unit=/etc/systemd/system/$name
    if cmp -s "$T/lib/$name" "$unit"; then continue; fi
    # Half a unit would be found at the next boot only, when it is needed.
    message=$(install -m 0644 "$T/lib/$name" "$unit.new" 2>&1 && mv -T "$unit.new" "$unit" 2>&1) ||
      give_up failed "cannot write $unit: $message"
    changed=yes
  done
  if [ -n "$changed" ]; then
    systemctl daemon-reload
    systemctl -q enable mailserver-rollback.service 2>/dev/null
  fi
  (
    umask 077
    : >"$T/log"
  )
  systemctl reset-failed mailserver-apply.service mailserver-rollback.service 2>/dev/null
  message=$(systemctl start mailserver-apply.service 2>&1 9>&-) || give_up failed "the apply cannot be started: $message"
}
quietly start || exit 0
