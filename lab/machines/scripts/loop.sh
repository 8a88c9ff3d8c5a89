#!/bin/bash
# Gives the loop device of an image file, made when there is none yet, and tells it the file's size.
# arguments: FILE
set -euo pipefail
file=$1

# Others may take the free device between question and answer, so ask again. Where /dev is not a devtmpfs, a device that the kernel
# has just made has no node yet.
attach() {
  local device try
  for try in 1 2 3 4 5 6 7 8 9 10; do
    device=$(losetup --find)
    [ -b "$device" ] || mknod -m 660 "$device" b 7 "${device#/dev/loop}"
    if losetup "$device" "$file" 2> /dev/null; then echo "$device"; return; fi
  done
  echo "no free loop device after $try attempts" >&2
  return 1
}

device=$(losetup --noheadings --output NAME --associated "$file" | head -n 1)
if [ -n "$device" ]; then losetup --set-capacity "$device"; else device=$(attach); fi
echo "$device"
