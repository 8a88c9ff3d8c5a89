# shellcheck shell=sh
# Prints what a host looks like; changes nothing. Each section is a line `NAME LENGTH` and that many bytes; the last one,
# `contents`, has no length and is the raw content of every file that is listed with kind `c`, in the order of the list.
#
# In: OS_ID OS_VERSION_ID; PATHS DIRECTORIES PACKAGES USERS UNITS, one name a line; VOLUME_ID;
# as arguments pairs of a derived state's name and its check. After volume.sh and read-files.sh.
export LC_ALL=C
state=/var/lib/mailserver
IFS='
'
set -f

section() {
  printf '%s %s\n%s\n' "$1" "${#2}" "$2"
}

section os "$(cat /etc/os-release 2>/dev/null || uname -sr)"
ID='' VERSION_ID=''
# shellcheck source=/dev/null
[ -r /etc/os-release ] && . /etc/os-release
[ "$ID" = "$OS_ID" ] && [ "$VERSION_ID" = "$OS_VERSION_ID" ] || exit 0

# One line for each derived state: `current NAME<TAB>` or `stale NAME<TAB>REASON`.
check_derived() {
  while [ $# -gt 0 ]; do
    if reason=$(sh -c "$2" 2>&1 </dev/null); then word=current; else word=stale; fi
    printf '%s %s\t%s\n' "$word" "$1" "$(printf '%s\n' "$reason" | head -n 1)"
    shift 2
  done
}

collect() {
  section machine "$(
    uname -m
    nproc
    sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo
  )"

  manifest=$(cat "$state/manifest" 2>/dev/null)
  section manifest "$manifest"
  managed_files=$(printf '%s\n' "$manifest" | sed -n 's/^file //p')
  managed_units=$(printf '%s\n' "$manifest" | sed -n 's/^unit //p')

  # shellcheck disable=SC2086 # one word a line: globbing is off and IFS is the newline
  {
    # find(1) without a path would look at the working directory, hence the root directory.
    section directories "$(find -H / $DIRECTORIES -maxdepth 0 -type d -printf '%m %u %g %p\n' 2>/dev/null)"

    packages=''
    [ -n "$PACKAGES" ] && packages=$(dpkg-query -W -f '${Package} ${db:Status-Status} ${Version}\n' $PACKAGES 2>/dev/null)
    section packages "$packages"

    passwd=''
    [ -n "$USERS" ] && passwd=$(getent passwd $USERS)
    section passwd "$passwd"
    section groups "$(getent group)"

    answers=''
    all_units=$(printf '%s\n' $UNITS $managed_units | sort -u)
    [ -n "$all_units" ] && answers=$(
      printf 'Asked=%s\n' $all_units
      systemctl show -p Id -p LoadState -p ActiveState -p UnitFileState -- $all_units 2>/dev/null
    )
    section units "$answers"
  }

  section derived "$(cat)"

  if [ -n "$VOLUME_ID" ]; then
    volume=''
    if device=$(
      set +f
      volume_device "$VOLUME_ID"
    ); then
      volume=$(
        printf 'device %s\ntype %s\n' "$device" "$(blkid -p -o value -s TYPE "$device")"
        volume_mounts "$device" | sed 's/^/mount /'
      )
    fi
    section volume "$volume"
  fi

  # shellcheck disable=SC2046,SC2086 # one path a line, as above
  read_files $(printf '%s\n' $PATHS $managed_files | sort -u)
}

# The checks run beside everything else: their lines wait in the pipe.
check_derived "$@" | collect
