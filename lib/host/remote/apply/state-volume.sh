# shellcheck shell=sh
# The volume for what outlives the host. Mounted by units of our own, which wait for the device and let no service start without it.

VOLUME_SECONDS=120
# The services stand still while a folder is copied, and strangers and local users decide how much is in it.
MOVE_SECONDS=900
UNITS=/etc/systemd/system

mount_state_volume() {
  [ -s "$T/plan/volume" ] || return 0
  IFS=$TAB read -r volume_id mount_point <"$T/plan/volume"
  step "volume: $volume_id on $mount_point"
  wait_for_device
  formatted=no
  format_if_blank
  # The stable name if there is one: a restored snapshot has the same UUID as its origin.
  case $device in
    /dev/disk/*) source=$device ;;
    *) source=UUID=$(blkid -p -o value -s UUID "$device") ;;
  esac
  write_unit "$mount_point" <<EOF
[Unit]
Description=State of the mail server on $volume_id

[Mount]
What=$source
Where=$mount_point
Options=defaults,nofail

[Install]
WantedBy=multi-user.target
EOF
  reload_units
  try_mount "$mount_point" || mount_failed "$mount_point"
  [ "$formatted" = yes ] || grow_file_system
  : >"$T/volume-moves"
  while read -r directory; do prepare_directory "$directory"; done <"$T/plan/volume-directories"
  sync -f "$mount_point"
  require_mounts
  sync -f "$UNITS"
  while IFS=$TAB read -r directory move; do adopt_directory "$directory" "$move"; done <"$T/volume-moves"
  sync -f "$mount_point"
  while IFS=$TAB read -r directory _; do write_bind_unit "$directory"; done <"$T/volume-moves"
  sync -f "$UNITS"
  reload_units
  while IFS=$TAB read -r directory _; do bind_directory "$directory"; done <"$T/volume-moves"
  finish_moves
}

wait_for_device() {
  end=$(($(uptime_seconds) + VOLUME_SECONDS))
  until device=$(volume_device "$volume_id"); do
    [ "$(uptime_seconds)" -lt "$end" ] ||
      fail "no block device of $volume_id appeared within $VOLUME_SECONDS s: check that the volume is attached to this instance"
    sleep 0.5
  done
}

# Only what is blank in every respect is formatted: no signature known to blkid(8), and nothing but zeros where one could be.
format_if_blank() {
  blkid -p "$device" >"$OUTPUT" 2>&1
  case $? in
    0)
      type=$(blkid -p -o value -s TYPE "$device")
      case $type in
        ext4 | xfs | btrfs | ext3) return 0 ;;
        *) fail "$device ($volume_id) holds ${type:-a partition table}, not a file system: it is left alone; give an empty volume" ;;
      esac
      ;;
    2) ;;
    *) fail "$device ($volume_id) holds several signatures, or cannot be read: it is left alone; $(last_line "$OUTPUT")" ;;
  esac
  cmp -s -n 4194304 "$device" /dev/zero ||
    fail "$device ($volume_id) has no file system that is known here, but it is not blank: it is left alone; give an empty volume"
  if ! command -v mkfs.ext4 >/dev/null; then
    step 'packages: install e2fsprogs'
    if ! { apt update && apt install --no-install-recommends e2fsprogs; }; then fail "cannot install e2fsprogs: $(apt_reason)"; fi
  fi
  step "volume: format $volume_id, which is blank"
  mkfs.ext4 -q -m 1 "$device" </dev/null || fail "cannot format $device"
  formatted=yes
}

# The volume may have been made larger; a file system that fills it already is left alone.
grow_file_system() {
  case $(blkid -p -o value -s TYPE "$device") in
    ext3 | ext4) resize2fs "$device" ;;
    xfs) xfs_growfs "$mount_point" ;;
    btrfs) btrfs filesystem resize max "$mount_point" ;;
  esac </dev/null >"$OUTPUT" 2>&1 || step "volume: the file system of $volume_id is left at its size: $(last_line "$OUTPUT")"
}

# write_unit PATH: the mount unit of a path, from standard input. Takes effect with reload_units.
write_unit() {
  unit_file=$UNITS/$(systemd-escape -p --suffix=mount "$1")
  cat >"$T/unit"
  if cmp -s "$T/unit" "$unit_file"; then return; fi
  replace_file "$T/unit" "$unit_file"
  units_changed=yes
}

replace_file() {
  if ! { cp "$1" "$2.new" && mv -fT "$2.new" "$2"; }; then fail "cannot write $2"; fi
}

# Slow, so once for all units that were written.
reload_units() {
  [ "${units_changed:-no}" = yes ] || return 0
  units_changed=no
  systemctl daemon-reload
}

try_mount() {
  mount_unit=$(systemd-escape -p --suffix=mount "$1")
  systemctl -q --no-reload enable "$mount_unit" 2>/dev/null
  systemctl start "$mount_unit" </dev/null
}

mount_failed() {
  journalctl -u "$mount_unit" -n 5 --no-pager -o cat >"$OUTPUT" 2>&1
  cat "$OUTPUT"
  fail "cannot mount $1: $(last_line "$OUTPUT")"
}

# A directory has one place that counts, at every moment, also after a power cut: the root disk until the mount unit of it is
# written, and the volume from then on. Services wait for that unit as soon as there is one. sync(1) makes sure of the order in
# which all of this reaches the disks, and a mark on the volume tells a move that was interrupted on this machine from data of
# another one, which goes first.
mark_of() {
  printf '%s/.mailserver/moving-%s\n' "$mount_point" "$(systemd-escape -p "$1")"
}

make_record_folder() {
  mkdir -p "$mount_point/.mailserver"
  chmod 700 "$mount_point/.mailserver"
}

bind_unit_of() {
  printf '%s/%s\n' "$UNITS" "$(systemd-escape -p --suffix=mount "$1")"
}

# prepare_directory PATH: it must live on the volume. What the root disk has there is copied once; what the volume has goes first.
prepare_directory() {
  on_volume=$mount_point$1
  if volume_mounts "$device" | awk -v path="$1" '$2 == path { found = 1 } END { exit !found }'; then return; fi
  pause_managed_units
  mkdir -p "$1"
  if [ ! -e "$(bind_unit_of "$1")" ] && cmp -s "$(mark_of "$1")" /etc/machine-id; then
    # Services went on with what the root disk has.
    step "volume: the move of $1 was interrupted and starts again"
    rm -rf "$on_volume"
  fi
  move=no
  if [ ! -d "$on_volume" ]; then
    mkdir -p "${on_volume%/*}"
    rm -rf "$on_volume.new"
    require_room "$1"
    # Of a sparse file its length says nothing: holes stay holes.
    timeout "$MOVE_SECONDS" cp -a --sparse=auto "$1" "$on_volume.new" 2>"$OUTPUT"
    case $? in
      0) ;;
      124)
        rm -rf "$on_volume.new"
        fail "$1 is not copied to the volume within $MOVE_SECONDS s, and mail waits all the while: $(too_much "$1")"
        ;;
      *)
        rm -rf "$on_volume.new"
        fail "cannot copy $1 to the volume: $(last_line "$OUTPUT")"
        ;;
    esac
    make_record_folder
    cp /etc/machine-id "$(mark_of "$1")" || fail "cannot write to $mount_point"
    move=yes
  fi
  printf '%s\t%s\n' "$1" $move >>"$T/volume-moves"
}

# require_room PATH: the volume has room for all that the root disk has there, looked at in a bounded time.
require_room() {
  if ! size=$(timeout 120 du -skx "$1" 2>/dev/null) || ! count=$(timeout 120 du -sx --inodes "$1" 2>/dev/null); then
    fail "what is in $1 cannot be counted within 120 s: $(too_much "$1")"
  fi
  size=${size%%[!0-9]*} count=${count%%[!0-9]*}
  free=$(df -k --output=avail "$mount_point" | tail -n 1)
  # File systems that make inodes as they need them say 0 or nothing.
  inodes=$(df --output=iavail "$mount_point" | tail -n 1 | tr -dc 0-9)
  if [ "$size" -ge "$free" ]; then
    fail "$1 holds $((size / 1024)) MiB, and $volume_id has $((free / 1024)) MiB free: $(too_much "$1")"
  fi
  if [ "${inodes:-0}" -gt 0 ] && [ "$count" -ge "$inodes" ]; then
    fail "$1 holds $count files, and $volume_id has room for $inodes: $(too_much "$1")"
  fi
}

too_much() {
  printf 'take away what is not needed there (du -hx -d 2 %s shows the largest folders), or give a larger volume' "$1"
}

# adopt_directory PATH MOVE: MOVE is `yes` when its copy has just been made.
adopt_directory() {
  [ "$2" = yes ] || return 0
  mv -T "$mount_point$1.new" "$mount_point$1" || fail "cannot rename $mount_point$1.new"
}

write_bind_unit() {
  write_unit "$1" <<EOF
[Unit]
Description=$1 on the mail server's volume
RequiresMountsFor=$mount_point

[Mount]
What=$mount_point$1
Where=$1
Type=none
Options=bind,nofail

[Install]
WantedBy=multi-user.target
EOF
}

bind_directory() {
  step "volume: $1 lives on it"
  try_mount "$1" && return
  if [ -e "$(mark_of "$1")" ]; then
    # Nothing is lost: services go on with what the root disk has, and the next apply moves it again.
    systemctl -q disable "$mount_unit" 2>/dev/null
    rm -f "$(bind_unit_of "$1")"
    systemctl daemon-reload
  fi
  mount_failed "$1"
}

# What is marked is mounted by now, also where an earlier apply was interrupted: the copy on the root disk is of no use any more.
finish_moves() {
  while read -r directory; do
    mark=$(mark_of "$directory")
    [ -e "$mark" ] || continue
    if cmp -s "$mark" /etc/machine-id; then empty_below_mount "$directory" || continue; fi
    rm -f "$mark"
  done <"$T/plan/volume-directories"
  sync -f "$mount_point"
}

# The copy on the root disk is hidden by the mount now; it is reached through a second view of the root file system.
empty_below_mount() {
  view=$(mktemp -d /run/mailserver-root.XXXXXX)
  mount --bind / "$view" || return
  find "$view$1" -xdev -mindepth 1 -delete
  emptied=$?
  umount "$view" && rmdir "$view"
  return $emptied
}

# A service that started without the volume would begin with an empty queue and hide the real one.
require_mounts() {
  while IFS=$TAB read -r unit action _; do
    case $action in stop | mask | unmask | idle) continue ;; esac
    drop_in=$UNITS/$unit.d/50-mailserver-volume.conf
    printf '[Unit]\nRequiresMountsFor=%s\n' "$(paste -sd ' ' "$T/plan/volume-directories")" >"$T/unit"
    cmp -s "$T/unit" "$drop_in" && continue
    mkdir -p "$UNITS/$unit.d"
    replace_file "$T/unit" "$drop_in"
    units_changed=yes
  done <"$T/plan/services"
}

# The volume remembers whose files it holds by name: on another instance the same accounts may have other numbers.
record_volume_owners() {
  [ -s "$T/plan/volume" ] || return 0
  make_record_folder
  record=$mount_point/.mailserver
  # Half a list would give files to nobody; the old one is better.
  if ! { getent passwd >"$record/passwd.new" && getent group >"$record/group.new" && cp /etc/machine-id "$record/machine-id.new" &&
    sync -f "$record"; }; then
    step "volume: the owners of its files cannot be written down$(full_disks)"
    rm -f "$record"/*.new
    return 0
  fi
  for list in passwd group machine-id; do mv "$record/$list.new" "$record/$list"; done
}

# Before packages are installed: their accounts get the numbers they had, or the files get the numbers of the accounts.
adopt_volume_owners() {
  [ -s "$T/plan/volume" ] || return 0
  record=$mount_point/.mailserver
  if [ ! -e "$record/machine-id" ] || cmp -s "$record/machine-id" /etc/machine-id; then return 0; fi
  step "volume: $volume_id comes from another instance, its files keep their owners"
  rm -f "$T"/chown-*
  find "$mount_point" -xdev -printf '%G\n' | sort -u | while read -r id; do
    name=$(awk -F : -v id="$id" '$3 == id { print $1; exit }' "$record/group")
    [ -n "$name" ] || continue
    getent group "$name" >/dev/null || groupadd --system --gid "$id" "$name" 2>/dev/null || groupadd --system "$name"
    remember_owner gid group "$id" "$(getent group "$name" | cut -d : -f 3)"
  done
  find "$mount_point" -xdev -printf '%U\n' | sort -u | while read -r id; do
    entry=$(awk -F : -v id="$id" '$3 == id { print; exit }' "$record/passwd")
    [ -n "$entry" ] || continue
    IFS=: read -r name _ _ gid _ home shell <<EOF
$entry
EOF
    if ! getent passwd "$name" >/dev/null; then
      group=$(awk -F : -v id="$gid" '$3 == id { print $1; exit }' "$record/group")
      getent group "$group" >/dev/null || groupadd --system --gid "$gid" "$group" 2>/dev/null || groupadd --system "$group"
      set -- --system --no-create-home --gid "$group" --home-dir "$home" --shell "$shell"
      useradd --uid "$id" "$@" "$name" 2>/dev/null || useradd "$@" "$name"
    fi
    remember_owner uid user "$id" "$(id -u "$name")"
  done
  # All lists are complete before the first change of owner: numbers may have been swapped.
  for list in "$T"/chown-*; do
    [ -e "$list" ] || continue
    to=${list##*-}
    case $list in
      */chown-user-*) xargs -0 -r chown -h "$to" <"$list" ;;
      */chown-group-*) xargs -0 -r chown -h ":$to" <"$list" ;;
    esac
  done
}

# remember_owner PREDICATE KIND OLD NEW: the list of files to change, when there is something to change.
remember_owner() {
  [ -n "$4" ] && [ "$3" != "$4" ] || return 0
  find "$mount_point" -xdev "-$1" "$3" -print0 >"$T/chown-$2-$3-$4"
}
