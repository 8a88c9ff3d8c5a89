import { type Component, configFile, lines } from '../component';
import { GATE_CURRENT, HELO_NAME_FILE, PORTS } from '../paths';
import signing from '../remote/amavis-signing.pl';
import { spamLevels } from '../settings/spam';
import { OPEN_PROGRAM, OPENERS, openProgramFile, SUBMITTED_UNSCANNED, scanning } from './amavis-scanning';
import { RESOLV_CONF } from './resolvers';
import { scanLimits } from './scan-limits';
import { SPAMASSASSIN_CONF } from './spamassassin';

const CONFIGURATION = '/etc/amavis/conf.d/50-user';

const SIGNING = '/etc/amavis/conf.d/51-signing';

const DROP_IN = '/etc/systemd/system/amavis.service.d/mailserver.conf';

/**
 * The content filter (R5, R15, R16). Port 10024 stands before the queue and refuses in the dialogue; port 10026 stands behind
 * it, where a refusal would become a bounce to a forged sender: there spam and viruses are kept and `virusalert` gets a report. No mail is
 * changed but for header fields of amavis' own.
 */
export const amavis: Component = ({ settings, capacity }) => {
  const antivirus = settings.antivirus ?? false;
  const levels = spamLevels(settings.spam);
  const limits = scanLimits(settings);
  const alert = 'virusalert\\@$myhostname';
  return {
    // With the library the types of a mail's parts are found in the process; without it amavis starts file(1) for every mail.
    packages: ['amavisd-new', 'libfile-libmagic-perl', ...(antivirus ? OPENERS : [])],
    users: antivirus ? [CLAMD_READS_PARTS, AMAVIS_ASKS_CLAMD] : [],
    files: [
      ...(antivirus ? [openProgramFile] : []),
      configFile(
        CONFIGURATION,
        lines(
          '# Written by the stack.',
          'use strict;',
          '',
          `$myhostname = '${settings.heloName}';`,
          '# What an administrator has changed it to on the host counts.',
          `if (open(my $file, '<', '${HELO_NAME_FILE}')) {`,
          "  $myhostname = $1 if (<$file> // '') =~ /^([A-Za-z0-9.-]+)$/;",
          '  close($file);',
          '}',
          '$mydomain = $myhostname;',
          `$max_servers = ${capacity.workers};`,
          '$log_level = 1;',
          '',
          `$inet_socket_bind = '127.0.0.1';`,
          `$inet_socket_port = [${PORTS.filterIncoming}, ${PORTS.filterSubmission}];`,
          `$forward_method = 'smtp:[127.0.0.1]:${PORTS.reinjection}';`,
          `$notify_method = 'smtp:[127.0.0.1]:${settings.dkim ? PORTS.signing : PORTS.reinjection}';`,
          ...(settings.dkim
            ? [
                '# Through a connection that was open before them, the signer goes on with the keys that it had.',
                '$smtp_connection_cache_on_demand = 0;',
                '$smtp_connection_cache_enable = 0;',
              ]
            : []),
          `$smtpd_message_size_limit = ${limits.message} + 64*1024;`,
          '# Before Postfix stops waiting: what took longer must not be delivered by a mail that was put off.',
          `$child_timeout = ${limits.mailSeconds};`,
          '',
          '# Spam is looked for in every mail, viruses where the scanner is part of the role, file names never.',
          '@local_domains_maps = (1);',
          '@bypass_spam_checks_maps = ();',
          `@bypass_virus_checks_maps = (${antivirus ? '' : '1'});`,
          '@bypass_banned_checks_maps = (1);',
          '# Without rules for names nothing is unpacked that nobody scans.',
          '@banned_filename_maps = ();',
          '@bypass_header_checks_maps = (1);',
          antivirus ? scanning(settings) : ['@av_scanners = ();', '@av_scanners_backup = ();'],
          '',
          '# A mail is not changed: no tags in its subject, no repair of its header, no wrapping.',
          '%subject_tag_maps_by_ccat = ();',
          '%defang_maps_by_ccat = ();',
          '$allow_fixing_improper_header = 0;',
          '$allow_disclaimers = 0;',
          '# Points come from SpamAssassin alone: Debian gives some to names of senders, such as offers@.',
          '@score_sender_maps = ();',
          '',
          '# Before the queue: refuse, keep nothing.',
          '$final_virus_destiny = D_REJECT;',
          '$final_spam_destiny = D_REJECT;',
          '$final_banned_destiny = D_PASS;',
          '$final_bad_header_destiny = D_PASS;',
          `$sa_tag_level_deflt = ${levels.tagLevel};`,
          `$sa_tag2_level_deflt = ${levels.tag2Level};`,
          `$sa_kill_level_deflt = ${levels.killLevel};`,
          '$virus_quarantine_method = undef;',
          '$spam_quarantine_method = undef;',
          '$banned_files_quarantine_method = undef;',
          '$bad_header_quarantine_method = undef;',
          '$virus_admin = undef;',
          '$spam_admin = undef;',
          '$enable_dkim_verification = 1;',
          '',
          '# Behind the queue: keep and tell; in one folder, so that every mail in it can be seen to come.',
          '$quarantine_subdir_levels = 0;',
          `$interface_policy{'${PORTS.filterSubmission}'} = 'SUBMISSION';`,
          "$policy_bank{'SUBMISSION'} = {",
          '  originating => 1,',
          settings.dkim ? `  forward_method => 'smtp:[127.0.0.1]:${PORTS.signing}',` : [],
          '  local_domains_maps => [0],',
          '  final_virus_destiny => D_DISCARD,',
          '  final_spam_destiny => D_DISCARD,',
          "  virus_quarantine_method => 'local:virus-%m',",
          "  spam_quarantine_method => 'local:spam-%m.gz',",
          antivirus ? SUBMITTED_UNSCANNED : [],
          `  virus_admin_maps => ["${alert}"],`,
          `  spam_admin_maps => ["${alert}"],`,
          '};',
          '',
          "# A child that has finished, and cleaned up, ends at once: Perl would visit all of SpamAssassin's rules in each of them, and a",
          '# restart would keep port 25 without a filter for as many seconds.',
          'END { if ($0 =~ /-finish\\)\\z/) { require POSIX; POSIX::_exit($?) } }',
          '',
          '1;',
        ),
      ),
      ...(settings.dkim ? [configFile(SIGNING, signingOfKnownClients())] : []),
      configFile(
        DROP_IN,
        lines('[Service]', '# A child that the kernel kills for its memory is replaced; the others go on.', 'OOMPolicy=continue'),
      ),
    ],
    services: [
      {
        unit: 'amavis.service',
        state: 'running',
        restartOn: [
          CONFIGURATION,
          SIGNING,
          DROP_IN,
          SPAMASSASSIN_CONF,
          RESOLV_CONF,
          HELO_NAME_FILE,
          ...(antivirus ? [OPEN_PROGRAM] : []),
        ],
        reloadOn: [],
      },
    ],
  };
};

/** clamd opens the parts of a mail itself, in amavis' directory. */
const CLAMD_READS_PARTS = { name: 'clamav', home: '/var/lib/clamav', shell: '/bin/false', groups: ['amavis'], fromPackage: true };

/** The socket of clamd is for its group. */
const AMAVIS_ASKS_CLAMD = { name: 'amavis', home: '/var/lib/amavis', shell: '/bin/sh', groups: ['clamav'], fromPackage: true };

function signingOfKnownClients(): string {
  return signing
    .replace('@UNSIGNED@', String(PORTS.unsigned))
    .replace('@INCOMING@', String(PORTS.filterIncoming))
    .replace('@CURRENT@', GATE_CURRENT);
}
