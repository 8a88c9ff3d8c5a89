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

# Path, size and content of each of the given files, of the fragments of main.cf, and, when one of those names them, the lying
# blocklists. Service users write some of the folders: nothing is followed or waited for, and of what is too large or too many to be
# taken (postfix-sources refuses it), each for itself or all together, only the size is shown. What is in the tree $1 stands in for what is live.
read_sources() {
  tree=$1
  shift
  perl -MFcntl -e '
    my ($tree, $off, $folder, @paths) = @ARGV;
    my ($postscreen, $most, $all) = (0, 64 * 1024 * 1024, 176 * 1024 * 1024);
    my $names = sub {
      my @found;
      opendir my $here, $_[0] or return;
      while (defined(my $name = readdir $here) and @found < 1000) { push @found, $name if $name =~ $_[1] }
      return sort @found;
    };
    my %seen;
    my @fragments = sort grep { !$seen{$_}++ } map { $names->($_, qr/^[0-9][0-9]_.*\.cf\z/s) } $folder, ($tree ? "$tree$folder" : ());
    for my $path (@paths, map { "$folder/$_" } @fragments) {
      my $here = $tree && -e "$tree$path" ? "$tree$path" : $path;
      next unless sysopen my $file, $here, O_RDONLY | O_NOFOLLOW | O_NONBLOCK;
      my ($size, $time) = (stat $file)[7, 9];
      next unless -f _;
      print "$path\0$size\0";
      if ($size > $most or $size > $all) { print "$time\n"; next }
      my ($left, $part) = ($most, "");
      while ($left > 0 and my $got = sysread $file, $part, 1024 * 1024) {
        $left -= $got;
        $all -= $got;
        $postscreen = 1 if $path =~ /^\Q$folder\E/ and $part =~ /^postscreen_dnsbl_sites/m;
        print $part;
      }
      print "\n";
    }
    print map { "$_\n" } $names->($off, qr/^[^.]/) if $postscreen;' "$tree" "$BLOCKLISTS_OFF" "$CONFIG/main.d" "$@"
}

# fingerprint MAPS [CANDIDATE]: one line of text that changes whenever a source or this program does. MAPS are the maps that are read, one a line;
# whatever else is next to them, such as the backup copies of editors, does not matter. With a candidate it is the one that the sources
# will have when that is live.
fingerprint() {
  {
    # shellcheck disable=SC2046,SC2086 # one path a line, ours
    read_sources "${2:-}" "$PROGRAMS"/postfix-gate "$PROGRAMS"/postfix-build "$PROGRAMS"/postfix-fragments "$PROGRAMS"/postfix-maps \
      "$PROGRAMS"/postfix-lookups "$PROGRAMS"/postfix-sources "$PROGRAMS"/postfix-trial $(parts "" "${2:-}") "$CONFIG"/myhostname \
      "$CONFIG"/service-user-parameters $1
    service_users
  } | sha256sum
}

# parts TREE…: paths of rules and of fragments of master.cf, in the live state and in a tree that stands in for it.
parts() {
  for place in "$@"; do
    for path in "$place$PROGRAMS"/postfix-rules/* "$place$CONFIG"/master.d/[0-9][0-9]_*.cf; do echo "${path#"$place"}"; done
  done | sort -u
}

# Blocklists that the checks found lying. postscreen gets them here; policyd-weight looks for itself.
lying_blocklists() {
  find "$BLOCKLISTS_OFF" -mindepth 1 -maxdepth 1 -type f ! -name '.*' -printf '%f\n' 2>/dev/null | sort
}
