import { type Component, configFile, executable, lines } from '../component';
import { PROGRAMS } from '../paths';
import scoresValidator from '../remote/spamassassin-scores.sh';

/** Read beside what Debian ships. */
export const SPAMASSASSIN_CONF = '/etc/spamassassin/mailserver.cf';

const VALIDATOR = `${PROGRAMS}/spamassassin-scores`;

/**
 * SpamAssassin (R6) works inside amavis as a library: no daemon of its own. Debian leaves the daily rule update off; its hook
 * restarts amavis when rules changed. gnupg checks their signature; without libmail-spf-perl no rule about SPF would ever count.
 *
 * Its tests of the network wait 15 s as shipped. Who listens at all answers within one; while the resolver is away every mail
 * would keep a filter and its sender that long.
 */
export const spamassassin: Component = ({ settings }) => ({
  packages: ['gnupg', 'libmail-spf-perl', 'spamassassin'],
  files: [
    configFile(
      SPAMASSASSIN_CONF,
      lines(
        '# Written by the stack. Seconds: the most, and the least once most answers are there.',
        'rbl_timeout 5 1',
        'spf_timeout 3',
        'dkim_timeout 3',
        '# The disk is a local one: as shipped, who finds what was learned locked sleeps for half a second.',
        'lock_method flock',
        Object.entries(settings.spam?.scores ?? {}).map(([rule, points]) => `score ${rule} ${points}`),
      ),
    ),
    executable(VALIDATOR, scoresValidator),
  ],
  validators: [{ name: 'scores of SpamAssassin', command: `"$CANDIDATE${VALIDATOR}" "$CANDIDATE"` }],
  services: [{ unit: 'spamassassin-maintenance.timer', state: 'running', restartOn: [], reloadOn: [] }],
});
