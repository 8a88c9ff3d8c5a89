import { type Component, configFile, executable, lines, masked } from '../component';
import { PROGRAMS } from '../paths';
import scoresValidator from '../remote/spamassassin-scores.sh';

/** Read next to what Debian ships. */
export const SPAMASSASSIN_CONF = '/etc/spamassassin/mailserver.cf';

/** Has rules fetched once a day. */
export const RULES_TIMER = 'mailserver-rules.timer';
/** What it starts, of Debian's package; its hook restarts amavis when rules changed. */
export const RULES_SERVICE = 'spamassassin-maintenance.service';

const TIMER = `/etc/systemd/system/${RULES_TIMER}`;
const VALIDATOR = `${PROGRAMS}/spamassassin-scores`;

/**
 * SpamAssassin (R6) works inside amavis as a library: no daemon of its own. Debian leaves the daily rule update off, and each update of
 * its package stops its timer until the next boot; so another timer starts it. gnupg checks the signature of the rules; without
 * libmail-spf-perl no rule about SPF would ever count.
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
    configFile(
      TIMER,
      lines(
        '[Unit]',
        'Description=Daily update of the rules of SpamAssassin',
        '',
        '[Timer]',
        'OnCalendar=*-*-* 6:00',
        'RandomizedDelaySec=60m',
        'Persistent=true',
        `Unit=${RULES_SERVICE}`,
        '',
        '[Install]',
        'WantedBy=timers.target',
      ),
    ),
  ],
  validators: [{ name: 'scores of SpamAssassin', command: `"$CANDIDATE${VALIDATOR}" "$CANDIDATE"` }],
  services: [masked('spamassassin-maintenance.timer'), { unit: RULES_TIMER, state: 'running', restartOn: [TIMER], reloadOn: [] }],
});
