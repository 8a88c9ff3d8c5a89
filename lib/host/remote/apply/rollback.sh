# shellcheck shell=sh
# Puts back what the journal of an unconfirmed transaction says. Run by the apply itself when something fails, by systemd when
# the apply died, and at boot after a power cut. Every action may be repeated.
# shellcheck source-path=SCRIPTDIR
lib=${0%/*}
# shellcheck source=common.sh
. "$lib/common.sh"

reason=${1:-the apply ended unexpectedly}
[ "$reason" != --unit ] || reason='the apply was killed in the middle of it'
# While the system comes up after that, or goes down, services are systemd's business.
boot=no
case $(systemctl is-system-running) in
  initializing | starting)
    if [ "${1:-}" = --unit ] && ! cmp -s "$T/boot" /proc/sys/kernel/random/boot_id; then
      boot=yes reason='the host went down in the middle of it'
    fi
    ;;
  stopping) boot=yes ;;
esac

restore_service_policy
if [ -e "$T/committing" ]; then
  finish_commit
  result 'done' ''
  exit 0
fi
if [ ! -e "$T/armed" ] && [ -e "$T/committed" ]; then
  [ -e "$T/result" ] || result 'done' ''
  exit 0
fi
if [ ! -e "$T/armed" ]; then
  # Nothing was swapped.
  [ "$boot" = yes ] || start_paused_units
  [ -e "$T/result" ] || result failed "$reason$unwell"
  exit 0
fi

[ -d "$STATE/locks" ] || mkdir -m 700 "$STATE/locks"
exec 8>"$STATE/locks/rollback"
# systemd, and whoever else has it done, gives each 900 seconds.
if ! flock -w 800 8; then
  step 'roll back: another one is at work and does not end'
  exit 1
fi
[ -e "$T/armed" ] || exit 0

step "roll back: $reason"
# Going back may need the room that going ahead took.
rm -rf "$T/candidate" "$T/reserve" "$STATE/current.new" "$STATE/manifest.new"
while IFS=$TAB read -r how path _; do
  case $how in restore | delete) rm -f "${path%/*}/.${path##*/}.mailserver-new" ;; esac
done <"$T/journal"
backup=$(cat "$T/backup")
left=''
# leave PATH: it could not be put back, which is not kept quiet.
leave() {
  step "roll back: cannot restore $1"
  left="$left $1"
}
while IFS=$TAB read -r how path rest; do # `directory` has its mode second
  case $how in
    restore)
      back=${path%/*}/.${path##*/}.mailserver-old
      if ! { copy_anew --archive "$backup$path" "$back" && mv -fT "$back" "$path"; }; then leave "$path"; fi
      ;;
    delete) rm -f "$path" || leave "$path" ;;
    directory)
      IFS=$TAB read -r owner group directory <<EOF
$rest
EOF
      if ! { chown "$owner:$group" "$directory" && chmod "$path" "$directory"; }; then leave "$directory"; fi
      ;;
  esac
done <"$T/journal"
grep "^rmdir$TAB" "$T/journal" | cut -f 2 | sort -r | while read -r path; do rmdir "$path" 2>/dev/null; done
systemctl daemon-reload

# The old files with the old way to build from them, which may not be the one of the state that failed.
if [ -s "$STATE/current/derived" ]; then
  while IFS=$TAB read -r number name; do
    sh "$STATE/current/commands/check-$number" >/dev/null 2>&1 </dev/null && continue
    step "roll back: build $name"
    sh "$STATE/current/commands/build-$number" >"$OUTPUT" 2>&1 </dev/null || add_unwell "$name could not be built: $(last_line "$OUTPUT")"
    cat "$OUTPUT"
  done <"$STATE/current/derived"
fi

# put_back UNIT ACTION: what the apply did to it, back to how it was.
put_back() {
  was=$(grep -F "unit$TAB$1$TAB" "$T/journal" | head -n 1)
  was_active=$(printf '%s' "$was" | cut -f 3)
  was_enabled=$(printf '%s' "$was" | cut -f 4)
  now_enabled=$(systemctl is-enabled "$1" 2>/dev/null)
  if [ "$now_enabled" != "$was_enabled" ]; then
    [ "$now_enabled" != masked ] || systemctl unmask "$1"
    case $was_enabled in
      enabled) systemctl enable "$1" ;;
      masked) systemctl mask "$1" ;;
      disabled) systemctl disable "$1" ;;
      '' | not-found) [ "$now_enabled" != enabled ] || systemctl disable "$1" ;;
    esac
  fi
  case $was_active in
    active | activating | reloading)
      [ "$boot" = no ] || return 0
      step "roll back: $2 $1"
      systemctl reset-failed "$1" 2>/dev/null
      if [ "$2" = reload ] && systemctl -q is-active "$1"; then
        if [ -e "$STATE/current/commands/reload-$1" ]; then
          sh "$STATE/current/commands/reload-$1" </dev/null && return
        else
          systemctl reload "$1" && return
        fi
      fi
      timeout 300 systemctl restart "$1"
      ;;
    *) systemctl --no-block stop "$1" 2>/dev/null ;;
  esac
}
if [ -e "$T/touched" ]; then
  while IFS=$TAB read -r unit action; do put_back "$unit" "$action" </dev/null; done <"$T/touched" 2>&1
fi
[ "$boot" = yes ] || start_paused_units
if [ "$boot" = no ]; then
  while IFS=$TAB read -r how unit was _; do
    case $how:$was in unit:active | unit:reloading) expect_running "$unit" ;; esac
  done <"$T/journal"
fi
if [ -n "$left" ]; then
  # Still armed: it is tried again at boot and by the next apply.
  result failed "$reason; going back failed as well, not restored:$left$unwell; their old versions are in $backup: free the paths (disk full? chattr +i?) and apply again"
  exit 0
fi
flush
# The word before the deed: killed in between, the host goes back once more and says the same.
if [ -n "$unwell" ]; then
  result unwell "${unwell#; }; what failed before: $reason"
else
  result rolledBack "$reason"
fi
rm "$T/armed"
sync -f "$STATE"
