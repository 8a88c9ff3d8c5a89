# shellcheck shell=sh
# Copies of what is in the way of a change. Its folder may belong to others, who decide what is there and how much.

# Of one file: the largest map that the gate takes.
MOST_MEGABYTES=64

# archive FROM TO: a copy with owner, mode and times, in a folder that only root can write. A link is copied as a link. Gives 2 for
# what is neither link nor plain file, or too large, and 1 when the copy cannot be made; $why says it. Should others change FROM in
# that moment, the copy fails: cp(1) neither follows a link nor reads another file than it looked at, and has limits itself.
archive() {
  why=''
  if [ ! -L "$1" ]; then
    if [ ! -f "$1" ]; then
      why="it is $(stat -c %F "$1" 2>/dev/null || echo gone), not a file"
    elif [ "$(stat -c %s "$1")" -gt $((MOST_MEGABYTES * 1024 * 1024)) ]; then
      why="it is larger than $MOST_MEGABYTES MiB"
    fi
    [ -z "$why" ] || return 2
  fi
  # The limit is in blocks of 512 bytes.
  why=$(rm -rf "$2" && ulimit -f $((MOST_MEGABYTES * 2048)) && timeout -k 5 60 cp -dT --preserve=all --remove-destination "$1" "$2" 2>&1) && return
  why=${why:-it changes while it is copied}
  return 1
}
