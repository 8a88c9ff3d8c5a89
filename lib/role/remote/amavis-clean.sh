#!/bin/sh
# amavis-clean FOLDER MINUTES MIB: keeps a folder of amavis within bounds. Entries that are older go, then the oldest of the others
# while all of them together are more than MIB, or while less than a tenth of the disk is free: the mail queue is on it.
#
# amavis leaves the working folder of every mail that it could not check, named amavis-TIME-PID-RANDOM: a mail a try, for as long as
# the virus scanner is away. The newest one of each process may be in use and is left to its age; amavis makes a new one when an
# idle process misses it.
set -eu
folder=$1 minutes=$2 mib=$3
[ -d "$folder" ] || exit 0

find "$folder" -mindepth 1 -maxdepth 1 -mmin "+$minutes" -exec rm -rf {} +

most=$((mib * 1024))
# KiB that may stay for a tenth of the disk to be free.
share=$(df -k --output=size,avail "$folder" | awk -v used="$(du -sk "$folder" | cut -f 1)" 'NR == 2 { printf "%d", used + $2 - $1 / 10 }')
[ "$share" -ge "$most" ] || most=$share

# Newest first: time, size in KiB with all that is inside, name.
find "$folder" -mindepth 1 -maxdepth 1 -printf '%T@ %f\n' | sort -rn | while read -r _ name; do
  echo "$(du -sk "$folder/$name" 2>/dev/null | cut -f 1) $name"
done | awk -v most="$most" '{
  total += $1
  process = ""
  if (match($2, /^amavis-[^-]+-[0-9]+-/)) { split($2, part, "-"); process = part[3] }
  in_use = process != "" && !(process in seen)
  seen[process] = 1
  if (total > most && !in_use) { print substr($0, index($0, " ") + 1); total -= $1 }
}' | while read -r name; do rm -rf "${folder:?}/$name"; done
