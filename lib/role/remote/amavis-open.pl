# Opens what a mail holds, or says why it could not: nothing that was not scanned whole may pass (R40, R41). amavis loads it with its
# configuration.
#
# amavis' own unpackers leave what they fail at as it is, and the mail passes. Here each container must open to its end, without a
# complaint of a strict program and within the limits; all that comes out is typed, opened and scanned in turn. clamd gets these parts
# and the mail as it came, which it unpacks by itself: what either of them finds counts.
package Mailserver::Filter;
use strict;
use warnings;
use Digest::SHA;
use IO::File;
use IO::Select;
use POSIX ();
use Amavis::Conf qw(:platform :confvars);
use Amavis::ProcControl qw(run_command);
use Amavis::Util qw(do_log rmdir_recursively untaint);

# Set by the configuration.
our ($memory_bytes, $cpu_seconds, $most_containers) = (512 * 1024 * 1024, 30, 1000);

# Of the mail at hand: why it could not be scanned; what hinders scanning now, but not for ever; and the mail.
our (@unscanned, @trouble, $any_encrypted, $mail);
# Of the mail at hand: what was opened so far. amavis counts files for each level of nesting alone.
our ($containers, $files);
# Parts by number that may be archives, and may not.
our %guesses;

sub begin {
  ($mail) = @_;
  (@unscanned, @trouble, $any_encrypted) = ();
  ($containers, $files) = (0, 0);
  %guesses = ();
}

# What begins like this is opened by these programs. No program: nothing on this host can.
my @BY_CONTENT = (
  [qr/^PK(?:\x03\x04|\x05\x06|\x06\x06|\x07\x08|00PK)/, 'Zip archive', '7z'],
  [qr/^7z\xbc\xaf\x27\x1c/, '7-Zip archive', '7z'],
  [qr/^(?:Rar!\x1a\x07|RE~\x5e)/, 'RAR archive', 'bsdtar'],
  [qr/^\x1f\x8b\x08/, 'gzip data', '7z'],
  [qr/^BZh[1-9](?:1AY&SY|\x17\x72\x45\x38\x50\x90)/, 'bzip2 data', '7z'],
  [qr/^\xfd7zXZ\x00/, 'xz data', '7z'],
  [qr/^(?:[\x22-\x28]\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18)/, 'Zstandard data', '7z'],
  [qr/^(?:\x04\x22|\x02\x21)\x4d\x18/s, 'LZ4 data', 'bsdcat'],
  [qr/^LZIP/, 'lzip data', 'bsdcat'],
  [qr/^\x1f\x9d[\x09-\x10\x89-\x90]/, 'compress data', '7z'],
  [qr/^\x1f[\x9e\x9f]/, 'freeze data'],
  [qr/^\x89LZO\x00/, 'lzop data'],
  [qr/^LRZI/, 'lrzip data'],
  [qr/^.{257}ustar/s, 'tar archive', '7z'],
  [qr/^(?:07070[127]|\xc7\x71.{5}[\x40-\x4f\x80-\x8f\xa0-\xaf]|\x71\xc7.{4}[\x40-\x4f\x80-\x8f\xa0-\xaf])/s, 'cpio archive', '7z'],
  [qr/^\xed\xab\xee\xdb/, 'RPM package', '7z'],
  [qr/^!<arch>\n/, 'ar archive', '7z'],
  [qr/^MSCF\x00/, 'cabinet', '7z'],
  [qr/^ISc\(/, 'InstallShield cabinet'],
  [qr/^\x60\xea..[\x1e-\x40].{5}\x02/s, 'ARJ archive', '7z'],
  [qr/^.{2}-l[hz][0-9ds]-/s, 'LHA archive', '7z'],
  [qr/^.{20}\xdc\xa7\xc4\xfd/s, 'Zoo archive'],
  [qr/^.{7}\*\*ACE\*\*/s, 'ACE archive'],
  [qr/^(?:SIT!|StuffIt)/, 'StuffIt archive'],
  [qr/^xar!/, 'xar archive', '7z'],
  [qr/^ITSF/, 'compiled help', '7z'],
  [qr/^SZDD/, 'MS compress data', '7z'],
  [qr/^KWAJ/, 'MS compress data'],
  [qr/^\x8f\xaf\xac\x84/, 'PPMd data', '7z'],
  [qr/^(?:MSWIM\x00|vhdxfile|conectix|KDMV|QFI\xfb|hsqs|sqsh|qshs|shsq)/, 'disk image', '7z'],
  [qr/^\x78\x9f\x3e\x22/, 'TNEF', 'tnef'],
  [qr/^-----BEGIN PGP MESSAGE-----/m, 'OpenPGP message', 'encrypted'],
  [qr/^\x30.{1,8}\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02/s, 'S/MIME message', 'signed'],
  [qr/^\x30.{1,8}\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03/s, 'S/MIME message', 'encrypted'],
  [qr/^\x30.{1,8}\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17/s, 'S/MIME message', 'encrypted'],
  [qr/^\x30.{1,8}\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x09/s, 'S/MIME compressed data'],
);

# Fields of a header among which one says MIME: mail in a file, or a saved web page.
my $MAIL = qr/^(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?(?:MIME-Version|Content-Type):/i;

# What libmagic calls it, where the beginning does not tell.
my @BY_DESCRIPTION = (
  [qr/^PGP (?:message(?! signature)|.*encrypted)|^(?:GPG|PGP\S*) encrypted/i, 'OpenPGP message', 'encrypted'],
  [qr/^LZMA compressed/, 'LZMA data', 'bsdcat'],
  [qr/\btar archive\b/, 'tar archive', '7z'],
  [qr/\bcpio archive\b/, 'cpio archive', '7z'],
  [qr/ISO 9660|\bUDF\b|\bfile ?system\b|boot sector|partition table|disk image/i, 'disk image', 'maybe-7z'],
  [qr/\b(?:SMTP|RFC 822|news or) mail\b|^(?:SMTP|RFC 822) mail/i, 'mail', 'mail'],
  # Pictures and fonts that say how they are compressed are none.
  [qr/^(?!zlib)(?:.*\b(?:packed|compress'?e?d) data\b|.*\barchive\b(?!.*\btext\b))/i, 'archive'],
);

sub kind {
  my ($part) = @_;
  my $declared = $part->type_declared;
  my @types = !defined $declared ? () : ref $declared ? @$declared : ($declared);
  return ['message in pieces'] if grep { m{^message/partial$}i } @types;
  return ['mail', 'mail'] if grep { m{^message/(?!delivery-status|disposition-notification|external-body|feedback-report)}i } @types;
  open(my $file, '<:raw', $part->full_name) or die 'cannot read ' . $part->base_name . ": $!\n";
  defined sysread($file, my $head, 512) or die 'cannot read ' . $part->base_name . ": $!\n";
  my $size = -s $file;
  my $tail = '';
  if ($size > 512) { sysseek($file, -512, 2); sysread($file, $tail, 512) }
  my $image = '';
  if ($size > 32774) { sysseek($file, 32768, 0); sysread($file, $image, 6) }
  close($file);
  for (@BY_CONTENT) { my ($pattern, @found) = @$_; return \@found if $head =~ $pattern }
  return ['disk image', '7z'] if $tail =~ /^(?:koly\x00|conectix)/ || $image =~ /^(?:\x01CD001|\x00BEA01)/s;
  my $description = $part->type_long;
  $description = '' if !defined $description;
  for (@BY_DESCRIPTION) { my ($pattern, @found) = @$_; return \@found if $description =~ $pattern }
  return ['mail', 'mail'] if $head =~ $MAIL;
  return ['other file', 'appended'];
}

# The attachment that a part is of, as the sender named it.
sub attachment {
  my ($part) = @_;
  for my $above (@{$part->path}) {
    my $name = $above->name_declared;
    $name = $name->[0] if ref $name;
    next if !defined $name || $name eq '';
    $name =~ s/[^A-Za-z0-9 ._+-]/?/g;
    return substr $name, -40;
  }
  return 'a part without a name';
}

sub refuse {
  my ($reason, $part) = @_;
  push @unscanned, $part ? attachment($part) . ": $reason" : $reason;
  do_log(0, 'could not be scanned: %s', $unscanned[-1]);
}

# A decoder in the sense of amavis, for every part. 0: nothing was opened. 2: it was, and clamd gets the original too.
sub open_part {
  my ($part, $tempdir) = @_;
  my $found = eval { [kind($part)] };
  if (!$found) { push @trouble, $@; return 0 }
  return 0 if !$found->[0];
  my ($name, $opener) = @{$found->[0]};
  if (!defined $opener) { refuse("$name, which cannot be opened here", $part); return 0 }
  my $opened = eval { __PACKAGE__->can("open_\L$opener" =~ tr/-/_/r)->($part, $tempdir, $name); 1 };
  return 2 if $opened;
  my $error = $@;
  die $error if $error =~ /^timed out\b/;
  if ($error =~ /^refuse: (.*)/) {
    refuse($1, $part) if !$guesses{$part->number} || files_of($part);
    return 2;
  }
  if ($error =~ /^over: (.*)|\bExceeded storage quota\b|\bMaximum number of files\b/) {
    refuse($1 || ($error =~ /quota/ ? 'too large when unpacked' : 'too many files'), $part);
    # By these words amavis stops at once, and nobody has to scan a bomb.
    die "Exceeded storage quota of bytes by open_part\n";
  }
  push @trouble, $error;
  return 2;
}

sub open_mail {
  my ($part, $tempdir) = @_;
  my $file = IO::File->new($part->full_name, '<') or die 'cannot read ' . $part->base_name . ": $!\n";
  my ($entity) = Amavis::Unpackers::MIME::mime_decode($file, $tempdir, $part);
  die "refuse: more than $MAXFILES MIME parts\n" if !ref $entity;
}

sub open_tnef {
  my ($part, $tempdir, $name) = @_;
  eval { Amavis::Unpackers::do_tnef($part, $tempdir); 1 } or $@ =~ /quota|timed out|Maximum number/ ? die $@ : die "refuse: damaged $name\n";
}

sub open_encrypted { my ($part) = @_; $part->attributes_add('U', 'C'); $any_encrypted = 1 }

sub open_7z {
  my ($part, $tempdir, $name) = @_;
  my ($status, $output) = unpack_with($part, $tempdir, [qw(7z x -bd -bb0 -y -aou -mmt=1 -pnone), '-o{}', '--', $part->full_name]);
  my $tail = qr/There are data after the end of archive\n/;
  my $warned = $output =~ /^(?:WARNINGS|ERRORS):\n(?!$tail)/m;
  if ($status == 0 && !$warned) {
    # Some programs look for the directory of a zip from the start, others from the end: what both find counts.
    if ($name eq 'Zip archive' && ends($part) > 1) {
      my @first = files_of($part);
      my %known = map { (digest($_), 1) } @first;
      open_bsdtar($part, $tempdir, $name);
      my %done = map { ($_, 1) } @first;
      for my $file (grep { !$done{$_} && $known{digest($_)} } files_of($part)) { unlink $file or die "cannot remove $file: $!\n" }
    }
    return;
  }
  my @errors = $output =~ /^ERROR: (.*(?:\nCan ?not open .*)?)/mg;
  if (@errors && !$warned && !grep { !/[Ee]ncrypted|Wrong password/ } @errors) { open_encrypted($part); return }
  do_log(0, '7z: status %s, %s', $status, join '; ', @errors);
  die "refuse: $name that cannot be opened here\n" if grep { /^Can ?not open the file as archive/m || /^Unsupported Method/ } @errors;
  die "refuse: damaged $name\n";
}

sub files_of { my ($part) = @_; return grep { -f } map { $_->full_name } @{$part->children} }

sub digest { my ($file) = @_; return Digest::SHA->new(256)->addfile($file, 'b')->hexdigest }

# How often a zip, or one stored inside, seems to end.
sub ends {
  my ($part) = @_;
  open(my $file, '<:raw', $part->full_name) or die 'cannot read ' . $part->base_name . ": $!\n";
  my ($count, $rest) = (0, '');
  while (read $file, my $more, 1 << 20) {
    $rest .= $more;
    $count++ while $rest =~ /PK\x05\x06/g;
    $rest = substr $rest, -3;
  }
  return $count;
}

# What begins as many other files do: if the program does not know it, it is none.
sub open_maybe_7z {
  my ($part, $tempdir, $name) = @_;
  return if eval { open_7z($part, $tempdir, $name); 1 };
  die $@ if $@ !~ /^refuse: .* that cannot be opened here/;
}

sub open_bsdtar {
  my ($part, $tempdir, $name) = @_;
  my ($status, $output) = unpack_with($part, $tempdir,
    [qw(bsdtar -x -v -m --no-same-owner --no-acls --no-xattrs --no-fflags --passphrase none -C {} -f), $part->full_name]);
  my %seen;
  my $twice = grep { $seen{$_}++ } $output =~ /^x (.*)/mg;
  return if $status == 0 && !$twice;
  if ($output =~ /encrypt|passphrase/i) { open_encrypted($part); return }
  die "refuse: damaged $name, or packed in an unknown way\n";
}

# It copies what it does not know.
sub open_bsdcat {
  my ($part, $tempdir, $name) = @_;
  my ($status) = unpack_with($part, $tempdir, ['sh', '-c', 'exec bsdcat -- "$1" >"$2/content"', '-', $part->full_name, '{}']);
  my ($file) = files_of($part);
  die "refuse: damaged $name\n" if $status || defined $file && digest($file) eq digest($part->full_name);
}

# An archive behind something else, such as a picture, or a program that opens itself: those who unpack such a file find it. Its first
# letters are in other files as well, so what nothing comes out of is none.
sub open_appended {
  my ($part, $tempdir) = @_;
  my ($zip, @offsets) = appended($part);
  die "refuse: too many archives in one file\n" if @offsets > 16;
  tail_of($part, $tempdir, $_) for @offsets;
  return if !$zip;
  $guesses{$part->number} = 1;
  open_bsdtar($part, $tempdir, 'Zip archive behind something else');
}

# Whether the file ends as a zip does, and where else archives may begin.
sub appended {
  my ($part) = @_;
  open(my $file, '<:raw', $part->full_name) or die 'cannot read ' . $part->base_name . ": $!\n";
  my ($start, $data, @offsets) = (0, '');
  while (read $file, $data, 1 << 20, length $data) {
    push @offsets, untaint($start + $-[0]) while $data =~ /Rar!\x1a\x07[\x00\x01]|7z\xbc\xaf\x27\x1c\x00/g && @offsets <= 16;
    my $rest = $data =~ /(Rar!?\x1a?\x07?|R|Ra|7z?\xbc?\xaf?\x27?\x1c?)\z/ ? length $1 : 0;
    $start += length($data) - $rest;
    $data = substr $data, length($data) - $rest;
  }
  my $size = -s $file;
  my $end = '';
  seek $file, $size > 65_557 ? $size - 65_557 : 0, 0;
  read $file, $end, 65_557;
  my $zip = 0;
  while ($end =~ /PK\x05\x06(?=.{16}(..))/sg) { $zip ||= $-[0] + 22 + unpack('v', $1) == length $end }
  return ($zip, @offsets);
}

# A part that is the rest of another.
sub tail_of {
  my ($part, $tempdir, $offset) = @_;
  my $tail = Amavis::Unpackers::Part->new("$tempdir/parts", $part);
  $tail->mime_placement($part->mime_placement . '/1');
  $guesses{$tail->number} = 1;
  Amavis::Unpackers::NewFilename::consumed_bytes((-s $part->full_name) - $offset, 'tail_of');
  open(my $from, '<:raw', $part->full_name) or die 'cannot read ' . $part->base_name . ": $!\n";
  open(my $to, '>:raw', $tail->full_name) or die 'cannot write ' . $tail->base_name . ": $!\n";
  chmod 0640, $tail->full_name;
  seek $from, $offset, 0;
  while (read $from, my $data, 1 << 20) { print $to $data or die 'cannot write ' . $tail->base_name . ": $!\n" }
  close $to or die 'cannot write ' . $tail->base_name . ": $!\n";
}

# An S/MIME signature that holds what it signs. A detached one holds nothing.
sub open_signed {
  my ($part, $tempdir) = @_;
  my ($status, $output) = unpack_with($part, $tempdir,
    ['sh', '-c', 'exec openssl cms -verify -noverify -nosigs -inform DER -in "$1" -out "$2/signed.eml"', '-', $part->full_name, '{}']);
  return if $status == 0 || $output =~ /no content/i;
  my $declared = $part->type_declared;
  return if !grep { defined && m{pkcs7-mime}i } ref $declared ? @$declared : $declared;
  die "refuse: damaged S/MIME message\n";
}

# Runs a program that unpacks a part into a folder of its own, within what is left of the limits; what came out becomes parts.
sub unpack_with {
  my ($part, $tempdir, $command) = @_;
  die "over: too many archives\n" if ++$containers > $most_containers;
  my $parts = "$tempdir/parts";
  my $folder = "$parts/opened";
  mkdir($folder, 0750) or die "cannot make $folder: $!\n";
  my $left = untaint(Amavis::Unpackers::NewFilename::consumed_bytes(0, 'open_part', 1));
  $left = 0 if $left < 0;
  # The first line tells a program that says no from one that did not run.
  my @limited = ('prlimit', "--as=$memory_bytes", "--cpu=$cpu_seconds", '--fsize=' . ($left + 1), '--core=0', 'sh', '-c', 'echo running; exec "$@"', '-');
  my ($output, $over, $pid, $pipe) = ('', '');
  my $status = eval {
    ($pipe, $pid) = run_command(undef, '&1', @limited, map { s/\{\}/$folder/r } @$command);
    my $select = IO::Select->new($pipe);
    for (;;) {
      if ($select->can_read(0.1)) {
        my $read = sysread($pipe, my $more, 16384);
        last if !$read;
        $output .= $more if length $output < 1_000_000;
      }
      my ($bytes, $held) = held($folder);
      $over = $bytes > $left ? 'too large when unpacked' : $files + $held > $MAXFILES ? 'too many files' : '';
      if ($over) { kill 'KILL', $pid; last }
    }
    close($pipe);
    waitpid($pid, 0);
    undef $pid;
    $?;
  };
  my $error = $@;
  if ($pid) { kill 'KILL', $pid; waitpid($pid, 0) }
  my $signal = ($status || 0) & 127;
  $over ||= 'too large when unpacked' if $signal == POSIX::SIGXFSZ();
  $over ||= 'takes too long to unpack' if $signal == POSIX::SIGXCPU();
  $over ||= 'needs too much memory to unpack' if $output =~ /Can't allocate required memory|Cannot allocate memory|out of memory/i;
  if ($over) { rmdir_recursively($folder); die "over: $over\n" }
  my ($bytes, $count) = Amavis::Unpackers::flatten_and_tidy_dir($folder, $parts, $part);
  $files += $count;
  die "over: too many files\n" if $files > $MAXFILES;
  die $error if !defined $status;
  die "cannot unpack: $1\n" if $output =~ /(No space left on device|Disk quota exceeded)/;
  die "$command->[0] was ended by signal $signal\n" if $signal;
  die "$command->[0] cannot be run: $output\n" if $output !~ /^running\n/ || $status >> 8 >= 126 && $status >> 8 <= 127;
  Amavis::Unpackers::NewFilename::consumed_bytes($bytes, 'open_part');
  return ($status >> 8, $output);
}

# Bytes and files in a folder.
sub held {
  my ($bytes, $files, @folders) = (0, 0, @_);
  while (defined(my $folder = shift @folders)) {
    opendir(my $entries, $folder) or next;
    while (defined(my $name = readdir $entries)) {
      next if $name eq '.' || $name eq '..';
      lstat "$folder/$name" or next;
      $files++;
      if (-d _) { push @folders, "$folder/$name" } else { $bytes += -s _ }
    }
    closedir($entries);
  }
  return ($bytes, $files);
}

# A scanner in the sense of amavis: clamd on all parts and on the mail as it came, and what was learned while it was opened.
sub scan {
  my ($names, $parts, $tempdir, @scanner) = @_;
  die "the mail is unknown\n" if !$mail;
  die join('; ', @trouble) if @trouble;
  my ($status, $output, $found) = (0, '', []);
  # So many parts that amavis did not open them: clamd need not do so.
  if (!ref $mail->mime_entity) { refuse("more than $MAXFILES MIME parts, or no MIME that can be read") }
  else { ($status, $output, $found) = Amavis::AV::ask_daemon($names, $parts, $tempdir, @scanner) }
  my @viruses;
  for my $virus (@{$found || []}) {
    if (my ($limit) = $virus =~ /^Heuristics\.(?:Limits\.Exceeded\.(\w+)|Zip\.OverlappingFiles)/) { refuse(limit($limit)) }
    elsif ($virus =~ /^Heuristics\.Encrypted\./) { $any_encrypted = 1 }
    elsif ($virus =~ /^Mailserver\.Unscanned\.(\w+)/) { refuse("$1, which cannot be opened here") }
    else { push @viruses, $virus }
  }
  for my $each ($mail, @{$mail->per_recip_data}) {
    $each->add_contents_category(CC_UNCHECKED, 1) if $any_encrypted;
    $each->add_contents_category(CC_UNCHECKED, 3) if @unscanned;
  }
  undef $mail;
  return @{$found || []} && !@viruses ? (0, $output, []) : ($status, $output, \@viruses);
}

my %LIMITS = (
  MaxRecursion => 'nested too deeply',
  MaxFiles => 'too many files',
  MaxFileSize => 'too large when unpacked',
  MaxScanSize => 'too large when unpacked',
  MaxScanTime => 'takes too long to scan',
);

sub limit { my ($name) = @_; defined $name ? $LIMITS{$name} || "beyond the limit $name" : 'files that overlap' }

# Part of the reply to the client.
sub why {
  my ($otherwise) = @_;
  my $why = @unscanned ? $unscanned[0] : $otherwise;
  $why =~ s/[\[\]%\\|]/?/g;
  return "id=%n - could not be scanned for viruses ($why)";
}

package Amavis::Custom;
no warnings 'redefine';
sub new { my ($class, undef, $mail) = @_; Mailserver::Filter::begin($mail); return bless {}, $class }

1;
