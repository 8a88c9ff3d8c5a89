import type { ManagedFile } from '../../host/desired-state';
import { type Component, configFile, executable, lines } from '../component';
import { dnsblSites, repliesPattern } from '../dnsbl-site';
import { ownAddresses } from '../own-addresses';
import {
  BLOCKLISTS_OFF,
  CHECK_RECIPIENT,
  CHECKS_STATE,
  DKIM,
  GATE,
  GATE_CURRENT,
  HELO_NAME_FILE,
  LOGINS_CONTROL,
  MAIL_DIRECTORY,
  MAIN_D,
  PORTS,
  POSTGREY_LISTS,
  PROGRAMS,
  RELAY_SETTINGS,
  RELAY_STATE,
  STACK_MAPS,
  WARM_UP,
} from '../paths';
import checkProgram from '../remote/check.py';
import blocklistsModule from '../remote/checks/blocklists.py';
import filteringModule from '../remote/checks/filtering.py';
import freshnessModule from '../remote/checks/freshness.py';
import loginsModule from '../remote/checks/logins.py';
import mtaModule from '../remote/checks/mta.py';
import namesModule from '../remote/checks/names.py';
import outcomeModule from '../remote/checks/outcome.py';
import paceModule from '../remote/checks/pace.py';
import relayModule from '../remote/checks/relay.py';
import reportModule from '../remote/checks/report.py';
import servicesModule from '../remote/checks/services.py';
import signingModule from '../remote/checks/signing.py';
import harmlessModule from '../remote/postfix-rules/harmless.py';
import plainFile from '../remote/postfix-rules/plain_file.py';
import probeModule from '../remote/probe.py';
import type { RoleSettings } from '../settings';
import { checkLimits } from '../settings/checks';
import { usesPostscreen } from './postscreen';
import { RULES_SERVICE, RULES_TIMER } from './spamassassin';
import { WARM_UP_FRAGMENT } from './warm-up';

const PROGRAM = `${PROGRAMS}/check`;
const MODULES = `${PROGRAMS}/checks`;
const TIMER = '/etc/systemd/system/mailserver-checks.timer';
const SERVICE = '/etc/systemd/system/mailserver-checks.service';

const ON_REQUEST_SOCKET = '/etc/systemd/system/mailserver-check.socket';
const ON_REQUEST = '/etc/systemd/system/mailserver-check@.service';

const CHECK_SOCKET = '/run/mailserver-check.sock';

const DEFAULT_INTERVAL_MINUTES = 5;

/** A run that hangs on a dead filter and a dead resolver is done by then. */
const RUN_SECONDS = 180;

/**
 * The checks (R42 to R46): one program with a verb for each, run by a timer that leaves what it found for others to read; and
 * the way by which samples of spam and viruses reach the filter of port 25.
 */
export const checks: Component = ({ settings }) => {
  const { intervalMinutes = DEFAULT_INTERVAL_MINUTES, textfileDirectory } = settings.checks ?? {};
  return {
    packages: ['openssl', 'python3', 'python3-dnspython'],
    directories: [MODULES, CHECKS_STATE, BLOCKLISTS_OFF].map((path) => ({
      path,
      owner: 'root',
      group: 'root',
      mode: '0755',
    })),
    files: [
      executable(PROGRAM, checkProgram),
      ...modules(),
      executable(`${MODULES}/harmless.py`, harmlessModule),
      ...onRequest(),
      configFile(`${PROGRAMS}/checks.json`, `${JSON.stringify(configuration(settings), null, 2)}\n`),
      configFile('/etc/postfix/master.d/20_checks.cf', samplesWay()),
      configFile(
        SERVICE,
        lines(
          '[Unit]',
          'Description=Checks of the mail server',
          'After=postfix.service',
          '# No start limit, so it can also be run by hand.',
          'StartLimitIntervalSec=0',
          '',
          '[Service]',
          'Type=oneshot',
          `ExecStart=${PROGRAM} all --record`,
          `TimeoutStartSec=${RUN_SECONDS}`,
          'Nice=5',
          '# The journal hears of what changed, not of every run.',
          'LogLevelMax=notice',
          CONFINED,
          `ReadWritePaths=${CHECKS_STATE}${textfileDirectory ? ` -${textfileDirectory}` : ''}`,
        ),
      ),
      configFile(
        TIMER,
        lines(
          '[Unit]',
          'Description=Checks of the mail server, again and again',
          '',
          '[Timer]',
          '# Not before the filters had time to start.',
          'OnActiveSec=1min',
          `OnUnitInactiveSec=${intervalMinutes}min`,
          '',
          '[Install]',
          'WantedBy=timers.target',
        ),
      ),
    ],
    services: [
      { unit: 'mailserver-checks.timer', state: 'running', restartOn: [TIMER], reloadOn: [] },
      { unit: 'mailserver-check.socket', state: 'running', restartOn: [ON_REQUEST_SOCKET], reloadOn: [] },
    ],
  };
};

const CONFINED: readonly string[] = [
  'NoNewPrivileges=yes',
  'PrivateDevices=yes',
  'PrivateTmp=yes',
  'ProtectHome=yes',
  'ProtectSystem=strict',
];

/** Filters and scanner talk to root and their own clients only. Whoever runs a check of theirs has it done by this service. */
function onRequest(): ManagedFile[] {
  return [
    configFile(
      ON_REQUEST_SOCKET,
      lines(
        '[Unit]',
        'Description=Checks of the mail server for users without rights',
        '',
        '[Socket]',
        `ListenStream=${CHECK_SOCKET}`,
        'SocketMode=0666',
        'Accept=yes',
        '# The last ones wait; nobody keeps all of them to himself.',
        'MaxConnections=16',
        'MaxConnectionsPerSource=4',
        '',
        '[Install]',
        'WantedBy=sockets.target',
      ),
    ),
    configFile(
      ON_REQUEST,
      lines(
        '[Unit]',
        'Description=A check of the mail server, asked for by a user',
        'CollectMode=inactive-or-failed',
        '',
        '[Service]',
        `ExecStart=-${PROGRAM} --answer`,
        'StandardInput=socket',
        'StandardError=journal',
        `RuntimeMaxSec=${RUN_SECONDS}`,
        'LogLevelMax=notice',
        'Nice=5',
        CONFINED,
      ),
    ),
  ];
}

function modules(): ManagedFile[] {
  return Object.entries({
    blocklists: blocklistsModule,
    filtering: filteringModule,
    freshness: freshnessModule,
    logins: loginsModule,
    mta: mtaModule,
    names: namesModule,
    outcome: outcomeModule,
    pace: paceModule,
    plain_file: plainFile,
    probe: probeModule,
    relay: relayModule,
    report: reportModule,
    services: servicesModule,
    signing: signingModule,
  }).map(([name, content]) => configFile(`${MODULES}/${name}.py`, content));
}

/** What the program has to know of this host; its modules say what each key means. */
function configuration(settings: RoleSettings): Record<string, unknown> {
  const { intervalMinutes = DEFAULT_INTERVAL_MINUTES, textfileDirectory = CHECKS_STATE } = settings.checks ?? {};
  const limits = checkLimits(settings.checks);
  const antivirus = settings.antivirus ?? false;
  return {
    heloName: settings.heloName,
    heloNameFile: HELO_NAME_FILE,
    antivirus,
    addresses: ownAddresses(settings),
    socket: CHECK_SOCKET,
    runSeconds: RUN_SECONDS,
    stateDirectory: CHECKS_STATE,
    textfileDirectory,
    staleSeconds: 3 * intervalMinutes * 60 + RUN_SECONDS,
    services: services(settings),
    ports: [
      { port: 25, starttls: true },
      { port: 587, starttls: true, auth: true },
      { port: 465, tls: true, auth: true },
    ],
    certificate: { warningDays: limits.certificateWarningDays, criticalDays: limits.certificateCriticalDays },
    filter: {
      host: '127.0.0.1',
      port: PORTS.filterCheck,
      filter: `127.0.0.1:${PORTS.filterIncoming}`,
      incoming: usesPostscreen(settings) ? 'smtpd/pass' : 'smtp/inet',
      recipient: CHECK_RECIPIENT,
    },
    maps: {
      gate: GATE,
      current: GATE_CURRENT,
      loaded: `${GATE_CURRENT.replace(/[^/]*$/, '')}loaded`,
      sources: [
        HELO_NAME_FILE,
        `${MAIN_D}/*.cf`,
        '/etc/postfix/master.d/*.cf',
        `${MAIL_DIRECTORY}/*`,
        `${STACK_MAPS}/*`,
        '/etc/aliases',
      ],
      lists: Object.fromEntries(Object.values(POSTGREY_LISTS).map(({ source, copy }) => [source, copy])),
    },
    queue: {
      warning: limits.queueWarning,
      critical: limits.queueCritical,
      ageWarningHours: limits.queueAgeWarningHours,
      ageCriticalHours: limits.queueAgeCriticalHours,
    },
    logins: { control: LOGINS_CONTROL },
    ...(settings.outgoingPace?.warmUp && { warmUp: { program: WARM_UP, fragment: WARM_UP_FRAGMENT } }),
    ...(settings.relay?.length && { relay: { settings: RELAY_SETTINGS, passwords: `${RELAY_STATE}/passwords.json` } }),
    ...(settings.dkim && { dkim: { program: DKIM } }),
    signatures: {
      official: !settings.clamavTestSignatureOnly,
      database: '/var/lib/clamav',
      since: '/etc/clamav/freshclam.conf',
      graceHours: 2,
      warningHours: limits.signaturesWarningHours,
      criticalHours: limits.signaturesCriticalHours,
    },
    rules: {
      updates: '/var/lib/spamassassin',
      stamp: `/var/lib/systemd/timers/stamp-${RULES_TIMER}`,
      unit: RULES_SERVICE,
      installed: '/var/lib/dpkg/info/spamassassin.list',
      runHours: 50,
      warningDays: limits.rulesWarningDays,
      criticalDays: limits.rulesCriticalDays,
    },
    blocklists: {
      offDirectory: BLOCKLISTS_OFF,
      sites: dnsblSites(settings).map(({ zone, replies }) => ({ zone, replies: repliesPattern(replies) })),
    },
  };
}

/** Without a filter mail is put off; without a policy service it is taken without being weighed, which is less bad. */
function services(settings: RoleSettings): Record<string, unknown>[] {
  const { antivirus, clamavTestSignatureOnly } = settings;
  const host = '127.0.0.1';
  const waits = { whenDown: 'critical', consequence: 'mail waits' };
  const filter = { protocol: 'smtp', host, ...waits };
  const policy = { protocol: 'policy', host, whenDown: 'warning' };
  const policydWeight = {
    name: 'policyd-weight',
    port: PORTS.policydWeight,
    ...policy,
    consequence: 'blocklists are not asked',
  };
  const waitsForSignatures = !clamavTestSignatureOnly;
  const clamd = { name: 'clamd', protocol: 'clamd', socket: '/run/clamav/clamd.ctl', waitsForSignatures, ...waits };
  return [
    { name: 'amavis, incoming', port: PORTS.filterIncoming, ...filter },
    { name: 'amavis, submission', port: PORTS.filterSubmission, ...filter },
    ...(usesPostscreen(settings) ? [] : [policydWeight]),
    { name: 'postgrey', port: PORTS.postgrey, ...policy, consequence: 'mail is not greylisted' },
    ...(antivirus ? [clamd] : []),
  ];
}

/**
 * A way to the filter of port 25 past everything that could refuse first: only from this machine, for one recipient, whose
 * mail is thrown away. Known networks have no privilege here, so a sample is treated like mail of a stranger; and of a dead
 * filter the check tells, not a mail to postmaster for every sample.
 */
function samplesWay(): string {
  const recipients = `check_recipient_access inline:{{${CHECK_RECIPIENT}@$myhostname = OK}}, reject`;
  const options = [
    'syslog_name=postfix/check',
    `smtpd_proxy_filter=127.0.0.1:${PORTS.filterIncoming}`,
    'smtpd_proxy_options=speed_adjust',
    'smtpd_proxy_timeout=60s',
    'mynetworks=',
    'smtpd_client_connection_count_limit=0',
    'smtpd_client_restrictions=',
    'smtpd_helo_restrictions=',
    'smtpd_sender_restrictions=',
    'smtpd_relay_restrictions=',
    `{ smtpd_recipient_restrictions = ${recipients} }`,
    'smtpd_data_restrictions=',
    'smtpd_end_of_data_restrictions=',
    'smtpd_tls_security_level=none',
    'notify_classes=',
  ];
  return lines(
    '# Written by the stack. Samples of spam and viruses take this way to the filter of port 25.',
    `127.0.0.1:${PORTS.filterCheck} inet n - n - 3 smtpd`,
    options.map((option) => `    -o ${option}`),
  );
}
