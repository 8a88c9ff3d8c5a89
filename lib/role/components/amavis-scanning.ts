import { configFile } from '../component';
import { PROGRAMS } from '../paths';
import openProgram from '../remote/amavis-open.pl';
import type { RoleSettings } from '../settings';
import { scanLimits } from './scan-limits';

/** What opens the parts of a mail; part of amavis' configuration. */
export const OPEN_PROGRAM = `${PROGRAMS}/amavis-open.pl`;

/** Programs that open what a mail may hold: strict ones, that say when they fail. */
export const OPENERS: readonly string[] = ['7zip', 'libarchive-tools', 'openssl'];

export const openProgramFile = configFile(OPEN_PROGRAM, openProgram);

/** Quarantine and report of mail that was submitted and cannot be scanned; of the policy bank. */
export const SUBMITTED_UNSCANNED: readonly string[] = [
  '  final_unchecked_destiny => D_DISCARD,',
  "  unchecked_quarantine_method => 'local:unscanned-%m',",
];

/**
 * The part of amavis' configuration by which nothing unscanned passes (R40, R41). A mail that could not be scanned whole is of the
 * category CC_UNCHECKED; its minor numbers are amavis': 1 encrypted, 2 beyond a limit, 3 whatever else hinders. Of all that are
 * found, the first that is not passed decides.
 */
export function scanning(settings: RoleSettings): readonly string[] {
  const limits = scanLimits(settings);
  const refused = settings.encryptedContent === 'refuse' ? [1, 2, 3] : [2, 3];
  const byMinor = (setting: string) => refused.map((minor) => `  CC_UNCHECKED.',${minor}', sub { ${setting} },`);
  return [
    '',
    '# Every part of a mail is opened to its end, or the mail is refused. clamd scans all parts, and the mail as it came.',
    `require '${OPEN_PROGRAM}';`,
    `$Mailserver::Filter::memory_bytes = ${limits.memoryMib} * 1024*1024;`,
    `$Mailserver::Filter::cpu_seconds = ${limits.cpuSeconds};`,
    `$Mailserver::Filter::most_containers = ${limits.archives};`,
    `$MAXLEVELS = ${limits.depth};`,
    `$MAXFILES = ${limits.files};`,
    '# Not so many times the size of the mail: a small one may hold as much as a large one.',
    `$MAX_EXPANSION_QUOTA = ${limits.unpacked};`,
    '$MIN_EXPANSION_QUOTA = $MAX_EXPANSION_QUOTA;',
    "@map_full_type_to_short_type_maps = (new_RE([qr/^/ => 'part']));",
    "@decoders = (['part', \\&Mailserver::Filter::open_part]);",
    '@keep_decoded_original_maps = (new_RE(qr/^MAIL$/));',
    '',
    '# Fail closed: no second scanner, and without an answer of clamd the mail is put off. Its socket is for the group clamav, which',
    "# amavis' user is in.",
    "@av_scanners = (['ClamAV', \\&Mailserver::Filter::scan, [\"CONTSCAN {}\\n\", '/run/clamav/clamd.ctl'],",
    '  qr/\\bOK$/m, qr/\\bFOUND$/m, qr/^.*?: (?!Infected Archive)(.*) FOUND$/m]);',
    '@av_scanners_backup = ();',
    '$virus_scanners_failure_is_fatal = 1;',
    '',
    '# Could not be scanned: refused, or kept and told as viruses are.',
    '$final_unchecked_destiny = D_REJECT;',
    'delete $_->{+CC_UNCHECKED} for \\(%final_destiny_maps_by_ccat, %quarantine_method_by_ccat, %admin_maps_by_ccat);',
    '%final_destiny_maps_by_ccat = (%final_destiny_maps_by_ccat,',
    byMinor("c('final_unchecked_destiny')"),
    ');',
    '%quarantine_method_by_ccat = (%quarantine_method_by_ccat,',
    byMinor("c('unchecked_quarantine_method')"),
    ');',
    '%quarantine_to_maps_by_ccat = (%quarantine_to_maps_by_ccat,',
    byMinor("ca('unchecked_quarantine_to_maps')"),
    ');',
    '%admin_maps_by_ccat = (%admin_maps_by_ccat,',
    byMinor("ca('virus_admin_maps')"),
    ');',
    '%smtp_reason_by_ccat = (%smtp_reason_by_ccat,',
    "  CC_UNCHECKED.',1', sub { Mailserver::Filter::why('encrypted') },",
    "  CC_UNCHECKED.',2', sub { Mailserver::Filter::why('nested too deeply') },",
    "  CC_UNCHECKED.',3', sub { Mailserver::Filter::why('MIME that can be read in two ways') },",
    ');',
  ].flat();
}
