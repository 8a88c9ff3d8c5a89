# shellcheck shell=sh
# shellcheck disable=SC2317,SC2154 # functions that `quietly` runs; `why` of archive.sh
# stop: managed units are stopped, and stay so after a boot; nothing else is touched.
# remove: takes the role off the host: managed units are stopped and managed files are removed after a backup, or put back as they
# were before the role. Everything else stays. Can be run again after an interruption: the list of what is managed goes last.
# After quietly.sh and archive.sh.
mode=$1
export LC_ALL=C.UTF-8
umask 022
STATE=/var/lib/mailserver
T=$STATE/transaction

finish() {
  echo "::result $*"
  exit 0
}

of() {
  sed -n "s/^$1 //p" "$STATE/manifest"
}

take_lock() {
  [ -d "$STATE/locks" ] || mkdir -m 700 "$STATE/locks"
  exec 9>"$STATE/locks/apply"
  flock -w 5 9 || finish 'busy an apply is at work on the host'
  for unit in mailserver-apply.service mailserver-rollback.service; do
    case $(systemctl is-active "$unit") in
      active | activating | deactivating | reloading) finish 'busy an apply is at work on the host' ;;
    esac
  done
}

# What is managed is known only when an apply has come to an end.
end_interrupted() {
  if [ ! -e "$T/armed" ] && [ ! -e "$T/committing" ]; then return; fi
  echo '::step an apply before this was interrupted'
  timeout -k 10 900 sh "$T/lib/rollback.sh" 'the host went down in the middle of it' | grep '^::step'
  if [ -e "$T/armed" ]; then
    finish "$(sed 's/^::result [^ ]* /failed /' "$T/result" || echo 'failed it cannot be undone'); nothing was removed"
  fi
}

stop_units() {
  units=$(of unit | while read -r unit; do
    [ "$(systemctl show -p LoadState --value "$unit")" != loaded ] || echo "$unit"
  done)
  # All at once: each may take its time. Names of units have no white space.
  # shellcheck disable=SC2086
  if [ -z "$units" ] || systemctl disable --now $units 2>&1; then
    echo '::step service: all managed services are stopped'
    finish 'done'
  fi
  finish 'failed a service could not be stopped'
}

# Before anything is stopped or removed: a full disk is found here. What is not a file is not ours any more, and stays.
back_up() {
  backup=$STATE/backup/removed-$(date -u +%Y%m%dT%H%M%SZ)
  if ! message=$(
    {
      mkdir -p "$backup" && chmod 700 "$STATE/backup" && cp "$STATE/manifest" "$backup/manifest" && : >"$backup/stays" &&
        of file | while read -r path; do save "$path" || exit 1; done
    } 2>&1
  ); then
    rm -rf "$backup"
    finish "failed nothing was removed, since it cannot be backed up: $message"
  fi
  sync -f "$backup"
}

save() {
  [ -e "$1" ] || [ -L "$1" ] || return 0
  mkdir -p "$backup${1%/*}" || return 1
  saved=0
  archive "$1" "$backup$1" || saved=$?
  case $saved in
    0) ;;
    2) printf '%s\t%s\n' "$1" "$why" >>"$backup/stays" ;;
    *)
      echo "$1: $why"
      return 1
      ;;
  esac
}

# put_back ORIGINAL PATH: others may write to the directory, so what they put in the way is removed and not written through.
put_back() {
  new=${2%/*}/.${2##*/}.mailserver-new
  rm -rf "$new" && cp -aT --remove-destination "$1" "$new" && mv -fT "$new" "$2"
}

remove_file() {
  [ -e "$1" ] || [ -L "$1" ] || return 0
  kept=$(awk -F '\t' -v path="$1" '$1 == path { print $2 }' "$backup/stays")
  if [ -n "$kept" ]; then
    echo "::step file: $1 stays: $kept"
    return
  fi
  original=$STATE/originals$1
  if [ ! -e "$original" ] && [ ! -L "$original" ]; then
    if rm -f "$1"; then echo "::step file: remove $1"; else echo "::step file: $1 stays, it cannot be removed"; fi
  elif put_back "$original" "$1"; then
    rm -f "$original"
    echo "::step file: put back $1 as it was before"
  else
    echo "::step file: $1 stays, its original cannot be put back: $original"
  fi
}

remove_all() {
  # In reverse: what was started last depends on what was started first.
  of unit | tac | while read -r unit; do
    case $(systemctl show -p LoadState --value "$unit") in
      loaded)
        echo "::step service: stop $unit"
        systemctl disable --now "$unit" 2>&1 || echo "::step service: $unit could not be stopped"
        ;;
      masked) systemctl unmask "$unit" 2>&1 ;;
    esac
  done
  of file | while read -r path; do remove_file "$path"; done
  of directory | sort -r | while read -r path; do
    [ -d "$path" ] || continue
    rmdir "$path" 2>/dev/null || echo "::step directory: $path stays, it is not empty"
  done
  rm -rf "$STATE/current" "$T"
  [ ! -d "$STATE/originals" ] || find "$STATE/originals" -type d -empty -delete
  systemctl -q disable mailserver-rollback.service 2>/dev/null
  rm -f /etc/systemd/system/mailserver-apply.service /etc/systemd/system/mailserver-rollback.service /etc/systemd/system/*.d/50-mailserver-volume.conf
  rmdir --ignore-fail-on-non-empty /etc/systemd/system/*.d 2>/dev/null
  systemctl daemon-reload
  rm -f "$STATE/manifest"
  echo "::step left as they are: packages, users, the service users' files, mails, mounted volumes"
  echo "::step the removed files are in $backup"
  finish 'done'
}

with_lock() {
  take_lock
  [ "$mode" != remove ] || end_interrupted
  [ -s "$STATE/manifest" ] || finish 'done nothing is managed on this host'
  [ "$mode" != stop ] || stop_units
  back_up
  remove_all
}

[ -d "$STATE" ] || finish 'done nothing is managed on this host'
quietly with_lock
exit 0
