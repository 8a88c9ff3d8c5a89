# shellcheck shell=sh
# How files are read whose folders may belong to others. Part of the facts.

# read_files PATH…: the section `files`, a line `KIND MODE OWNER GROUP SIZE PATH` for each that is there, and after it `contents`:
# the raw content of every file of kind `c`, in the order of the lines. Other kinds: f (too large), d, l, s (special). Before
# the two comes what is on standard input.
#
# Each file is opened once, following no link and waiting for no pipe, and what is told of it is what was opened: nobody who can
# write a folder has root read for them what they cannot read.
read_files() {
  # Named one by one: the tags of Fcntl take twice the time.
  perl -e '
    use Fcntl qw(O_RDONLY O_NOFOLLOW O_NONBLOCK S_ISREG S_ISDIR S_ISLNK);
    my ($listing, $contents, $largest, %users, %groups) = ("", "", 1024 * 1024);
    for my $path (@ARGV) {
      my @status = lstat $path or next;
      my ($kind, $content) = (S_ISREG($status[2]) ? "l" : S_ISDIR($status[2]) ? "d" : S_ISLNK($status[2]) ? "l" : "s", "");
      if (S_ISREG($status[2]) && sysopen my $file, $path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK) {
        @status = stat $file;
        $kind = !S_ISREG($status[2]) ? "s" : $status[7] > $largest ? "f" : "c";
        # One byte more than may be there: a file that grows meanwhile spoils the answer and is asked for again.
        read $file, $content, $largest + 1 if $kind eq "c";
      }
      my $user = $users{$status[4]} //= getpwuid($status[4]) // $status[4];
      my $group = $groups{$status[5]} //= getgrgid($status[5]) // $status[5];
      $listing .= sprintf "%s %o %s %s %d %s\n", $kind, $status[2] & 07777, $user, $group, $status[7], $path;
      $contents .= $content;
    }
    chomp $listing;
    print while <STDIN>;
    printf "files %d\n%s\ncontents\n%s", length $listing, $listing, $contents;' "$@"
}
