import { dirname } from 'node:path/posix';
import { type Component, configFile, executable, lines, serviceFile } from '../component';
import { PORTS, POSTGREY_LISTS, PROGRAMS } from '../paths';
import initScript from '../remote/postgrey-init.sh';
import listsProgram from '../remote/postgrey-lists.py';
import { RESOLV_CONF } from './resolvers';

/** Short, so that a mail usually arrives with its sender's first retry. */
const DEFAULT_DELAY_SECONDS = 60;

const DEFAULTS = '/etc/default/postgrey';

const DROP_IN = '/etc/systemd/system/postgrey.service.d/mailserver.conf';

const LISTS = `${PROGRAMS}/postgrey-lists`;

const COPIES = dirname(POSTGREY_LISTS.clients.copy);

const POOLS = '/etc/postgrey/whitelist_clients.stack';

/** Debian's own list ends in 2016; a name stands for itself and everything below it. */
export const POOLED_SENDERS: readonly string[] = [
  'outbound.protection.outlook.com',
  'google.com',
  'amazonses.com',
  'yahoo.com',
  'icloud.com',
  'apple.com',
  'facebook.com',
  'linkedin.com',
  'github.com',
  'messagingengine.com',
  'protonmail.ch',
  'pphosted.com',
  'mimecast.com',
  'sendgrid.net',
  'mailgun.net',
  'mandrillapp.com',
  'mcsv.net',
  'mtasv.net',
  'sparkpostmail.com',
  'exacttarget.com',
  'zendesk.com',
];

/**
 * Greylisting (R4, R34 to R36). A list named on the command line replaces the shipped one, hence all are named.
 * The lists of the service users are judged before postgrey reads them: it would end at a pattern that does not compile.
 * A sender is known by its network: large ones try again from another address of it, the largest from another network.
 */
export const postgrey: Component = ({ settings }) => {
  const options = [
    `--inet=127.0.0.1:${PORTS.postgrey}`,
    `--delay=${settings.greylistDelaySeconds ?? DEFAULT_DELAY_SECONDS}`,
    '--lookup-by-subnet',
    '--ipv4cidr=24',
    '--ipv6cidr=64',
    ...(settings.neverGreylisted ? [] : ['--whitelist-clients=/etc/postgrey/whitelist_clients']),
    `--whitelist-clients=${POOLS}`,
    `--whitelist-clients=${POSTGREY_LISTS.clients.copy}`,
    '--whitelist-recipients=/etc/postgrey/whitelist_recipients',
    `--whitelist-recipients=${POSTGREY_LISTS.recipients.copy}`,
  ];
  return {
    packages: ['postgrey'],
    directories: [{ path: COPIES, owner: 'root', group: 'root', mode: '0755' }],
    files: [
      executable('/etc/init.d/postgrey', initScript),
      executable(LISTS, listsProgram),
      configFile(DROP_IN, lines('[Service]', `ExecStartPre=${LISTS} prepare`)),
      configFile(
        DEFAULTS,
        lines(
          '# Written by the stack.',
          `POSTGREY_OPTS="${options.join(' ')}"`,
          'POSTGREY_TEXT="Greylisted, please try again later"',
        ),
      ),
      configFile(
        POOLS,
        lines(
          '# Written by the stack. Senders that try again from another network; names whose address was looked up both ways.',
          settings.neverGreylisted ?? POOLED_SENDERS,
        ),
      ),
    ],
    seeds: [
      serviceFile(
        POSTGREY_LISTS.clients.source,
        lines('# Client names, addresses, networks or /patterns/ that are not greylisted, one a line; postgrey(8)', RESTART_HINT),
      ),
      serviceFile(
        POSTGREY_LISTS.recipients.source,
        lines(
          '# Recipients whose mail is not greylisted: user@domain, user@, domain or /pattern/, one a line; postgrey(8)',
          RESTART_HINT,
        ),
      ),
    ],
    services: [{ unit: 'postgrey.service', state: 'running', restartOn: [DEFAULTS, DROP_IN, POOLS, RESOLV_CONF], reloadOn: [] }],
  };
};

const RESTART_HINT = '# Takes effect with: sudo /etc/init.d/postgrey restart';
