# shellcheck shell=sh
# Large files, of which only what changed was sent.

# rebuild_lists: puts them together in the candidate tree, before anything is changed.
rebuild_lists() {
  while IFS=$TAB read -r number wanted path; do
    step "list: $path, $(stat -c %s "$T/lists/$number") bytes were sent for it"
    if ! { mkdir -p "$T/candidate${path%/*}" && gzip -dc "$T/lists/$number" | rebuild_list "$path" >"$T/candidate$path"; } 2>"$OUTPUT"; then
      rm -f "$T/candidate$path"
    fi
    found=$(sha256sum 2>/dev/null <"$T/candidate$path")
    [ "${found%% *}" = "$wanted" ] || give_up outdated "$path cannot be put together, since it changed meanwhile$(said_of_list)"
  done <"$T/plan/lists"
}

said_of_list() {
  said=$(last_line "$OUTPUT")
  [ -z "$said" ] || printf ': %s' "$said"
}

# rebuild_list PATH: the new text, from steps on standard input: `copy OFFSET BYTES` of the file in place, or `data BYTES` and
# these. Nobody who can write its folder has another file read in its place.
rebuild_list() {
  perl -e '
    use Fcntl qw(O_RDONLY O_NOFOLLOW O_NONBLOCK);
    my ($path) = @ARGV;
    my $live;
    binmode STDIN;
    binmode STDOUT;
    sub pass {
      my ($take, $left) = @_;
      while ($left > 0) {
        my $got = $take->($left < 1048576 ? $left : 1048576);
        length $got or die "it is shorter than it was\n";
        print $got or die "cannot write: $!\n";
        $left -= length $got;
      }
    }
    while (my $step = <STDIN>) {
      if ($step =~ /^copy (\d+) (\d+)$/) {
        my ($offset, $bytes) = ($1, $2);
        if (!$live) {
          sysopen $live, $path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK or die "cannot read it: $!\n";
          -f $live or die "it is not a regular file any more\n";
        }
        sysseek $live, $offset, 0;
        pass(sub { my $part; sysread $live, $part, $_[0]; $part // "" }, $bytes);
      } elsif ($step =~ /^data (\d+)$/) {
        pass(sub { my $part; read STDIN, $part, $_[0]; $part // "" }, $1);
      } else {
        die "a step is unknown\n";
      }
    }
    close STDOUT or die "cannot write: $!\n";' "$1"
}
