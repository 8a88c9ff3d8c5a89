# shellcheck shell=sh
# Prints what a host looks like; changes nothing. Each section is a line `NAME LENGTH` and that many bytes; the last one,
# `contents`, has no length and is the raw content of every file that is listed with kind `c`, in the order of the list.
#
# In: OS_ID OS_VERSION_ID; PATHS DIRECTORIES PACKAGES USERS UNITS, one name a line; VOLUME_ID;
# as arguments pairs of a derived state's name and its check. After volume.sh and read-files.sh.
#
# What tells whether a transaction is over is read first and once more at the end: when the two differ, the answer is spoilt.
export LC_ALL=C
state=/var/lib/mailserver
transaction="$state/transaction/plan/id
$state/transaction/result
$state/transaction/armed
$state/transaction/committing"
IFS='
'
set -f

nl='
'

section() {
  printf '%s %s\n%s\n' "$1" "${#2}" "$2"
}

# Every process costs a host some milliseconds: what the shell can do itself, it does.

# The text of a small file, in $text.
slurp() {
  text=''
  while IFS= read -r line || [ -n "$line" ]; do text=$text$line$nl; done <"$1"
  text=${text%"$nl"}
}

# add LIST LINE: the list with a line that may be in it already, in $list.
add() {
  case $nl$1$nl in
    *"$nl$2$nl"*) list=$1 ;;
    *) list=$1$nl$2 ;;
  esac
}

ID='' VERSION_ID=''
if [ -r /etc/os-release ]; then
  slurp /etc/os-release
  # shellcheck source=/dev/null
  . /etc/os-release
else
  text=$(uname -sr)
fi
section os "$text"
[ "$ID" = "$OS_ID" ] && [ "$VERSION_ID" = "$OS_VERSION_ID" ] || exit 0

manifest=''
if [ -r "$state/manifest" ]; then
  slurp "$state/manifest"
  manifest=$text
fi
for entry in $manifest; do
  case $entry in
    'file '*)
      add "$PATHS" "${entry#file }"
      PATHS=$list
      ;;
    'unit '*)
      add "$UNITS" "${entry#unit }"
      UNITS=$list
      ;;
  esac
done

ask_systemd() {
  answers=''
  # shellcheck disable=SC2086 # one word a line: globbing is off and IFS is the newline
  [ -n "$UNITS" ] && answers=$(
    printf 'Asked=%s\n' $UNITS
    systemctl show -p Id -p LoadState -p ActiveState -p UnitFileState -- $UNITS 2>/dev/null
  )
  section units "$answers"
}

# One line for each derived state: `current NAME<TAB>` or `stale NAME<TAB>REASON`.
check_derived() {
  answers=''
  while [ $# -gt 0 ]; do
    if reason=$(sh -c "$2" 2>&1 </dev/null); then word=current; else word=stale; fi
    answers="$answers$word $1	${reason%%"$nl"*}$nl"
    shift 2
  done
  section derived "$answers"
}

show_machine() {
  architecture='' memory=''
  [ -r /proc/sys/kernel/arch ] && read -r architecture </proc/sys/kernel/arch
  while IFS=' ' read -r key value _; do
    if [ "$key" = MemTotal: ]; then
      memory=$value
      break
    fi
  done </proc/meminfo
  section machine "${architecture:-$(uname -m)}$nl$(nproc)$nl$memory"
}

show_volume() {
  volume=''
  if device=$(
    set +f
    volume_device "$VOLUME_ID"
  ); then
    volume=$(
      printf 'device %s\ntype %s\n' "$device" "$(blkid -p -o value -s TYPE "$device")"
      volume_mounts "$device" | while IFS= read -r line; do printf 'mount %s\n' "$line"; done
    )
  fi
  section volume "$volume"
}

# shellcheck disable=SC2086 # one word a line, as above
collect() {
  show_machine
  section manifest "$manifest"

  # find(1) without a path would look at the working directory, hence the root directory.
  section directories "$(find -H / $DIRECTORIES -maxdepth 0 -type d -printf '%m %u %g %p\n' 2>/dev/null)"

  packages=''
  [ -n "$PACKAGES" ] && packages=$(dpkg-query -W -f '${Package} ${db:Status-Status} ${Version}\n' $PACKAGES 2>/dev/null)
  section packages "$packages"

  passwd=''
  [ -n "$USERS" ] && passwd=$(getent passwd $USERS)
  section passwd "$passwd"
  section groups "$(getent group)"
  [ -z "$VOLUME_ID" ] || show_volume

  read_files $transaction $PATHS $transaction <&3
}

# Three at a time, for a check or systemd may keep one waiting. What the others said waits in the pipe.
ask_systemd | {
  check_derived "$@"
  exec cat
} | {
  exec 3<&0 </dev/null
  collect
}
