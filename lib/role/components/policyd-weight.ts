import { type Component, configFile, lines } from '../component';
import { dnsblSites, repliesPattern } from '../dnsbl-site';
import { BLOCKLISTS_OFF, PORTS } from '../paths';
import { usesPostscreen } from './postscreen';
import { RESOLV_CONF } from './resolvers';

const CONFIGURATION = '/etc/policyd-weight.conf';
const DROP_IN = '/etc/systemd/system/policyd-weight.service.d/mailserver.conf';

/** A host with a clean HELO name and reverse DNS is some points below the limit; this is what one list adds. */
const POINTS_PER_WEIGHT = 4.35;

/**
 * Weighs HELO, DNS and blocklists of a client (R3). The shipped lists are replaced as a whole: one of them is dead, others
 * answer resolvers of clouds with an error that policyd-weight takes for a listing. With postscreen nothing of it stays behind.
 */
export const policydWeight: Component = ({ settings }) => {
  if (usesPostscreen(settings)) return { absentPackages: ['policyd-weight'] };
  const sites = dnsblSites(settings);
  const replies = sites.map((site) => `  '${site.zone}' => qr/${repliesPattern(site.replies)}/,`);
  const scores = sites.map(({ zone, weight }) => {
    const points = (weight * POINTS_PER_WEIGHT).toFixed(2);
    return `  '${zone}', ${points}, 0, '${zone}',`;
  });
  return {
    packages: ['policyd-weight'],
    files: [
      configFile(
        CONFIGURATION,
        lines(
          '# Written by the stack. Perl; what is not here keeps its default.',
          `$BIND_ADDRESS = '127.0.0.1';`,
          `$TCP_PORT = ${PORTS.policydWeight};`,
          '# list, points when listed, points when not, name in the log',
          '@dnsbl_score = (',
          scores,
          ');',
          '@rhsbl_score = ();',
          '# What a list answers when it lists somebody; as shipped, "I do not serve your resolver" would count too.',
          'my %replies = (',
          replies,
          ');',
          LOOK_UP,
          '$MAXDNSBLSCORE = 8;',
          '$DNS_RETRIES = 1;',
          '# Longer than Postfix keeps its connections, or it would log a lost one.',
          '$CHILDIDLE = 600;',
        ),
      ),
      configFile(
        DROP_IN,
        lines(
          '# The shipped unit lacks the verb: the daemon prints its usage and ends.',
          '[Service]',
          'Environment=DAEMON_OPTS=',
          'ExecStart=',
          'ExecStart=/usr/sbin/policyd-weight -D start',
          'ExecReload=',
          'RuntimeDirectory=policyd-weight',
          'Restart=always',
          'RestartSec=1',
        ),
      ),
    ],
    services: [
      {
        unit: 'policyd-weight.service',
        state: 'running',
        restartOn: [CONFIGURATION, DROP_IN, RESOLV_CONF],
        reloadOn: [],
      },
    ],
  };
};

/** Takes the place of policyd-weight's own look-up: 1 listed, -1 not listed, 0 no answer. */
const LOOK_UP: readonly string[] = [
  '{',
  "  no warnings 'redefine';",
  '  *main::rbl_lookup = sub {',
  '    my ($query) = @_;',
  '    return 1 if $query =~ /[^.]{64}/;',
  '    my ($list) = grep { $query =~ /[.]\\Q$_\\E$/ } keys %replies;',
  '    # The checks found it lying; what they said a day ago counts no more.',
  `    my $off = defined $list ? (stat "${BLOCKLISTS_OFF}/$list")[9] : undef;`,
  '    return -1 if defined $off && $off > time - 86400;',
  "    my $packet = $main::res->send($query, 'A');",
  '    return 0 unless $packet;',
  "    my @answers = map { $_->address } grep { $_->type eq 'A' } $packet->answer;",
  '    return (grep { $_ =~ $replies{$list} } @answers) ? 1 : -1;',
  '  };',
  '}',
];
