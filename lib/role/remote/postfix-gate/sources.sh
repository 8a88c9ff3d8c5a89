# shellcheck shell=sh
# What a configuration is made of, and how a change of it is noticed.

# Name and home of each member of the group `service`, `name:home` a line; users whose main group it is count too.
service_users() {
  group=$(getent group service) || return 0
  members=${group##*:}
  gid=${group%:*}
  gid=${gid##*:}
  names=$(getent passwd | while IFS=: read -r name _ _ main _; do if [ "$main" = "$gid" ]; then echo "$name"; fi; done)
  # shellcheck disable=SC2046,SC2086 # names have no blanks
  set -- $(IFS=,; echo $members) $names
  [ $# -eq 0 ] || getent passwd "$@" | sort -u | while IFS=: read -r name _ _ _ _ home _; do echo "$name:$home"; done
}

# Path, size and content of each file. Service users write some of their folders: nothing is followed or waited for, and what is
# too large to be taken (postfix-maps refuses it) is told by its time.
read_files() {
  perl -MFcntl -e '
    for my $path (@ARGV) {
      my $content = "";
      next unless sysopen my $file, $path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK;
      my ($size, $time) = (stat $file)[7, 9];
      next unless -f _;
      if ($size > 64 * 1024 * 1024) { $content = $time } else { local $/; $content = <$file> }
      print "$path\0$size\0", $content // "", "\n";
    }' "$@"
}

# One line of text that changes whenever a source or this program does. $1 lists the maps that are read: what else lies beside
# them, such as the backup copies of editors, is of no importance.
fingerprint() {
  {
    # shellcheck disable=SC2046 # one path a line, ours
    read_files "$PROGRAMS"/postfix-gate "$PROGRAMS"/postfix-fragments "$PROGRAMS"/postfix-maps "$PROGRAMS"/postfix-trial \
      "$CONFIG"/myhostname "$CONFIG"/main.d/[0-9][0-9]_*.cf "$CONFIG"/master.d/[0-9][0-9]_*.cf $(cat "$1")
    service_users
    # Not of a pipe: it would never end.
    if grep -aqsD skip '^postscreen_dnsbl_sites' "$CONFIG"/main.d/*.cf; then lying_blocklists; fi
  } | sha256sum
}

# Blocklists that the checks found lying. postscreen is told here; policyd-weight looks for itself.
lying_blocklists() {
  find "$BLOCKLISTS_OFF" -mindepth 1 -maxdepth 1 -type f ! -name '.*' -printf '%f\n' 2>/dev/null | sort
}
