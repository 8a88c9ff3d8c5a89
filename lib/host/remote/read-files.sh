# shellcheck shell=sh
# How files are read whose folders may belong to others. Part of the facts.

# read_files PATH…: the section `files`, a line `KIND MODE OWNER GROUP SIZE PATH` for each that is there, and after it `contents`:
# the raw content of every file of kind `c`, in the order of the lines. Other kinds: f (too large, or in the list DIGESTS), d, l, s
# (special). Before the two comes what is on standard input, and the section `digests`, a line `SHA256 LINES PATH` for each f.
#
# Each file is opened once, following no link and waiting for no pipe, and what is reported of it is what was opened: nobody who can
# write a folder has root read for them what they cannot read.
read_files() {
  export DIGESTS
  # Named one by one: the tags of Fcntl take twice the time.
  perl -e '
    use Fcntl qw(O_RDONLY O_NOFOLLOW O_NONBLOCK S_ISREG S_ISDIR S_ISLNK);
    my ($listing, $contents, $digests, $largest, %users, %groups) = ("", "", "", 1024 * 1024);
    my %digested = map { $_ => 1 } split /\n/, $ENV{DIGESTS} // "";
    # Digest and lines of what is in a file, as far as it was when it was opened.
    sub digest {
      my ($file, $size) = @_;
      my ($lines, $left, $part) = (0, $size, "");
      while ($left > 0 and my $got = sysread $file, $part, $left < 1048576 ? $left : 1048576) {
        $left -= $got;
        $lines += $part =~ tr/\n//;
      }
      sysseek $file, 0, 0;
      my $child = open my $sum, "-|";
      return "" unless defined $child;
      if (!$child) {
        open STDIN, "<&", $file;
        exec "sh", "-c", "head -c \"\$1\" | sha256sum", "sh", $size;
      }
      return <$sum> =~ /^([0-9a-f]{64})/ ? "$1 $lines" : "";
    }
    for my $path (@ARGV) {
      my @status = lstat $path or next;
      my ($kind, $content) = (S_ISREG($status[2]) ? "l" : S_ISDIR($status[2]) ? "d" : S_ISLNK($status[2]) ? "l" : "s", "");
      if (S_ISREG($status[2]) && sysopen my $file, $path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK) {
        @status = stat $file;
        $kind = !S_ISREG($status[2]) ? "s" : $status[7] > $largest || $digested{$path} ? "f" : "c";
        # One byte more than may be there: a file that grows meanwhile spoils the answer and is asked for again.
        read $file, $content, $largest + 1 if $kind eq "c";
        $digests .= "$_ $path\n" for $kind eq "f" && $status[7] <= 256 * $largest ? grep { $_ } digest($file, $status[7]) : ();
      }
      my $user = $users{$status[4]} //= getpwuid($status[4]) // $status[4];
      my $group = $groups{$status[5]} //= getgrgid($status[5]) // $status[5];
      $listing .= sprintf "%s %o %s %s %d %s\n", $kind, $status[2] & 07777, $user, $group, $status[7], $path;
      $contents .= $content;
    }
    chomp $listing;
    chomp $digests;
    print while <STDIN>;
    printf "digests %d\n%s\n", length $digests, $digests;
    printf "files %d\n%s\ncontents\n%s", length $listing, $listing, $contents;' "$@"
}
