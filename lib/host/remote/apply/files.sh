# shellcheck shell=sh
# shellcheck disable=SC2154 # `why` of archive.sh
# Managed files: staged next to their place, swapped by rename, with the way back written down before the first of them.

BACKUPS_KEPT=10

# The candidate tree has the owners of the new state, so that validators see what the daemons will see. Files with the same permissions
# get them at once, since every process costs a host some milliseconds.
set_candidate_permissions() {
  cut -f 1-3 "$T/plan/files" | sort -u >"$T/permissions"
  while IFS=$TAB read -r mode owner group; do
    with_permissions "$mode$TAB$owner$TAB$group" >"$T/alike"
    sed "s|^|$T/candidate|" "$T/alike" | tr '\n' '\0' >"$T/alike.candidates"
    if ! { xargs -0r chown -h "$owner:$group" -- && xargs -0r chmod "$mode" -- <"$T/alike.candidates"; } <"$T/alike.candidates"; then
      fail "cannot give $(head -n 1 "$T/alike") to $owner:$group: is there such a user and group?"
    fi
  done <"$T/permissions"
  rm -f "$T/permissions" "$T/alike" "$T/alike.candidates"
}

# with_permissions PERMISSIONS: the managed files that have them, a path a line.
with_permissions() {
  awk -F "$TAB" -v wanted="$1" '$1 FS $2 FS $3 == wanted { print $4 }' "$T/plan/files"
}

# staged PATH: the name under which a new version waits next to its place; hidden, so that no `conf.d` picks it up.
staged() {
  printf '%s/.%s.mailserver-new\n' "${1%/*}" "${1##*/}"
}

# arm: from here on the host goes back by itself unless the change is confirmed.
arm() {
  backup=$STATE/backup/$(cat "$T/plan/id")
  mkdir -p "$backup" || fail "cannot write $backup"
  chmod 700 "$STATE/backup"
  printf '%s\n' "$backup" >"$T/backup" || fail "cannot write $T/backup"
  : >"$T/journal"
  keep_originals
  while IFS=$TAB read -r _ path; do remember "$path"; done <"$T/plan/swap"
  while IFS=$TAB read -r _ _ _ path; do remember "$path"; done <"$T/plan/seeds"
  give_back
  remember "$STATE/manifest"
  while IFS=$TAB read -r _ _ _ path; do
    if [ -d "$path" ]; then
      journal "$(stat -c "directory$TAB%a$TAB%U$TAB%G$TAB%n" "$path")"
    else
      journal "rmdir$TAB$path"
    fi
  done <"$T/plan/directories"
  states_of_units
  if ! { sync -f "$STATE" && touch "$T/armed" && sync -f "$STATE"; }; then fail "cannot write to $STATE"; fi
}

# states_of_units: journals how each unit is.
states_of_units() {
  cut -f 1 "$T/plan/services" >"$T/units"
  ask_systemd "$T/units" ActiveState UnitFileState >"$T/states"
  while IFS=$TAB read -r unit active enabled; do
    # Of a unit made from a script in init.d only this one knows.
    if [ "$enabled" = generated ]; then enabled=$(systemctl is-enabled "$unit" 2>/dev/null); fi
    journal "unit$TAB$unit$TAB$active$TAB$enabled"
  done <"$T/states"
}

# of_files managed | foreign LIST: the lines of a list of files whose paths the state that is in place until now manages, or does not.
of_files() {
  if [ -e "$STATE/manifest" ]; then manifest=$STATE/manifest; else manifest=/dev/null; fi
  awk -F "$TAB" -v manifest="$manifest" -v wanted="$1" '
    FILENAME == manifest { if (sub(/^file /, "")) managed[$0]; next }
    (wanted == "managed") == ($4 in managed)' "$manifest" "$2"
}

# keep_originals: what was there before the role took a path over comes back when the role lets go of it, however much later.
keep_originals() {
  of_files foreign "$T/plan/files" >"$T/foreign" || fail "cannot write $T/foreign"
  while IFS=$TAB read -r _ _ _ path; do
    if [ ! -e "$path" ] && [ ! -L "$path" ]; then continue; fi
    mkdir -p "$ORIGINALS${path%/*}" || fail "cannot write $ORIGINALS"
    archive "$path" "$ORIGINALS$path" || fail "cannot back up $path: $why"
  done <"$T/foreign"
  [ ! -d "$ORIGINALS" ] || chmod 700 "$ORIGINALS"
}

# give_back: a managed file that is the service users' own from now on keeps its content and gets the permissions of a seed. These
# are set on a copy that nobody else can reach.
give_back() {
  : >"$T/given-back"
  of_files managed "$T/plan/all-seeds" >"$T/managed-seeds" || fail "cannot write $T/managed-seeds"
  while IFS=$TAB read -r mode owner group path; do
    if [ -L "$path" ] || [ ! -f "$path" ]; then continue; fi
    copy=$T/candidate$path
    mkdir -p "${copy%/*}" || fail "cannot write $T/candidate"
    archive "$path" "$copy" || fail "cannot copy $path: $why"
    [ ! -L "$copy" ] || fail "cannot copy $path: it is a link"
    if ! { chown "$owner:$group" "$copy" && chmod "$mode" "$copy"; }; then fail "cannot give $path to $owner:$group"; fi
    remember "$path"
    printf '%s\n' "$path" >>"$T/given-back"
  done <"$T/managed-seeds"
}

remember() {
  if [ -e "$1" ] || [ -L "$1" ]; then
    mkdir -p "$backup${1%/*}" || fail "cannot write $backup"
    archive "$1" "$backup$1" || fail "cannot back up $1: $why"
    journal "restore$TAB$1"
  else
    journal "delete$TAB$1"
  fi
}

# journal LINE: a way back that is not written down would not be gone.
journal() {
  printf '%s\n' "$1" >>"$T/journal" || fail "cannot write $T/journal"
}

swap() {
  while IFS=$TAB read -r mode owner group path; do
    step "directory: $path"
    if ! { mkdir -p "$path" && chown "$owner:$group" "$path" && chmod "$mode" "$path"; }; then
      go_back "cannot make the directory $path"
    fi
  done <"$T/plan/directories"
  # Everything is written before anything is renamed: a full disk is found here.
  while IFS=$TAB read -r action path; do
    case $action in create | replace | permissions) stage "$path" ;; esac
  done <"$T/plan/swap"
  while IFS=$TAB read -r _ _ _ path; do stage "$path"; done <"$T/plan/seeds"
  while read -r path; do stage "$path"; done <"$T/given-back"
  while IFS=$TAB read -r action path; do
    step "file: $action $path"
    case $action in
      remove) let_go "$path" ;;
      *) mv -fT "$(staged "$path")" "$path" ;;
    esac || go_back "cannot $action $path"
  done <"$T/plan/swap"
  while read -r path; do
    step "file: give $path to the service users"
    mv -fT "$(staged "$path")" "$path" || go_back "cannot replace $path"
  done <"$T/given-back"
  while IFS=$TAB read -r _ _ _ path; do
    step "file: create $path, once"
    # A hard link does not replace what a service user made in the meantime.
    ln -T "$(staged "$path")" "$path" 2>/dev/null
    rm -f "$(staged "$path")"
  done <"$T/plan/seeds"
}

stage() {
  if ! { mkdir -p "${1%/*}" && copy_anew --preserve=mode,ownership "$T/candidate$1" "$(staged "$1")"; } >"$OUTPUT" 2>&1; then
    cat "$OUTPUT"
    go_back "cannot write to ${1%/*}: $(last_line "$OUTPUT")"
  fi
}

remove_old_backups() {
  # By the clock of this host: names are times, too, but of those who asked.
  # shellcheck disable=SC2012 # names are made by us
  ls -1t "$STATE/backup" | tail -n "+$((BACKUPS_KEPT + 1))" | while read -r old; do rm -rf "${STATE:?}/backup/$old"; done
}
