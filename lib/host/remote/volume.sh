# shellcheck shell=sh
# How a block device is found by the id its cloud gave it. Shared by the facts and the apply.

# volume_device ID: prints the device node, or fails when no such device is attached.
# An id that is a path names the device itself, for hosts that are in no cloud.
# udev takes its names away and makes them anew whenever the device was written to or resized, so a name that is missing is looked
# for once more after udev has come to rest.
volume_device() {
  find_volume_device "$1" && return
  if command -v udevadm >/dev/null; then udevadm settle --timeout=5 2>/dev/null; fi
  find_volume_device "$1"
}

find_volume_device() {
  case $1 in
    /*)
      [ -b "$1" ] && printf '%s\n' "$1"
      return
      ;;
  esac
  serial=$(printf '%s' "$1" | tr -d '-')
  # udev's stable names end in the serial number; those of partitions and NVMe name spaces have a suffix.
  for candidate in /dev/disk/by-id/*"$serial" /dev/disk/by-id/*"$1"; do
    if [ -b "$candidate" ]; then
      printf '%s\n' "$candidate"
      return
    fi
  done
  lsblk -dnro SERIAL,PATH 2>/dev/null | while IFS=' ' read -r found path; do
    case $found in
      "$serial" | "$1")
        printf '%s\n' "$path"
        break
        ;;
    esac
  done | grep .
}

# volume_mounts DEVICE: lines `ROOT MOUNTPOINT` of everything mounted from it; ROOT is the path within its file system.
volume_mounts() {
  number=$(stat -Lc '%Hr:%Lr' "$1") || return
  awk -v number="$number" '$3 == number { print $4, $5 }' /proc/self/mountinfo
}
