# shellcheck shell=sh
# stop: managed units are stopped, and stay so after a boot; nothing else is touched.
# remove: takes the role off the host: managed units are stopped and managed files are removed after a backup, or put back as they
# were before the role. Everything else stays.
mode=$1
export LC_ALL=C.UTF-8
umask 022
STATE=/var/lib/mailserver

exec 9>>"$STATE/lock" || {
  echo '::result done nothing is managed on this host'
  exit 0
}
flock -w 5 9 || {
  echo '::result busy an apply is at work on the host'
  exit 0
}
case $(systemctl is-active mailserver-apply.service) in
  active | activating | deactivating | reloading)
    echo '::result busy an apply is at work on the host'
    exit 0
    ;;
esac
[ -s "$STATE/manifest" ] || {
  echo '::result done nothing is managed on this host'
  exit 0
}

of() {
  sed -n "s/^$1 //p" "$STATE/manifest"
}

if [ "$mode" = stop ]; then
  units=$(of unit | while read -r unit; do
    [ "$(systemctl show -p LoadState --value "$unit")" != loaded ] || echo "$unit"
  done)
  # All at once: each may take its time. Names of units have no white space.
  # shellcheck disable=SC2086
  if [ -z "$units" ] || systemctl disable --now $units </dev/null 2>&1; then
    echo '::step service: all managed services are stopped'
    echo '::result done'
  else
    echo '::result failed a service could not be stopped'
  fi
  exit 0
fi

backup=$STATE/backup/removed-$(date -u +%Y%m%dT%H%M%SZ)
mkdir -p "$backup" && chmod 700 "$STATE/backup"

# put_back ORIGINAL PATH: others may write to the directory, so what they put in the way is removed and not written through.
put_back() {
  new=${2%/*}/.${2##*/}.mailserver-new
  rm -rf "$new" && cp -aT --remove-destination "$1" "$new" && mv -fT "$new" "$2"
}

# In reverse: what was started last depends on what was started first.
of unit | tac | while read -r unit; do
  case $(systemctl show -p LoadState --value "$unit") in
    loaded)
      echo "::step service: stop $unit"
      systemctl disable --now "$unit" </dev/null 2>&1 || echo "::step service: $unit could not be stopped"
      ;;
    masked) systemctl unmask "$unit" </dev/null 2>&1 ;;
  esac
done
of file | while read -r path; do
  [ -e "$path" ] || [ -L "$path" ] || continue
  if mkdir -p "$backup${path%/*}" && cp -a "$path" "$backup$path"; then
    original=$STATE/originals$path
    if [ ! -e "$original" ] && [ ! -L "$original" ]; then
      rm -f "$path"
      echo "::step file: remove $path"
    elif put_back "$original" "$path"; then
      rm -f "$original"
      echo "::step file: put back $path as it was before"
    else
      echo "::step file: $path stays, its original cannot be put back: $original"
    fi
  else
    echo "::step file: $path stays, it cannot be backed up"
  fi
done
of directory | sort -r | while read -r path; do
  [ -d "$path" ] || continue
  rmdir "$path" 2>/dev/null || echo "::step directory: $path stays, it is not empty"
done
cp "$STATE/manifest" "$backup/manifest"
rm -f "$STATE/manifest"
rm -rf "$STATE/current" "$STATE/transaction"
[ ! -d "$STATE/originals" ] || find "$STATE/originals" -type d -empty -delete
systemctl -q disable mailserver-rollback.service 2>/dev/null
rm -f /etc/systemd/system/mailserver-rollback.service /etc/systemd/system/*.d/50-mailserver-volume.conf
rmdir --ignore-fail-on-non-empty /etc/systemd/system/*.d 2>/dev/null
systemctl daemon-reload
echo "::step left as they are: packages, users, the service users' files, mails, mounted volumes"
echo "::step the removed files are in $backup"
echo '::result done'
