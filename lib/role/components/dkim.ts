import { dirname } from 'node:path/posix';
import type { ManagedFile } from '../../host/desired-state';
import { type Component, configFile, executable, lines } from '../component';
import { DKIM_KEYS } from '../dkim-on-host';
import type { MapsFromFiles } from '../map-files/contents';
import { DKIM, DKIM_SETTINGS, DKIM_SOCKET, DKIM_STATE, PROGRAMS } from '../paths';
import keysModule from '../remote/dkim.d/keys.py';
import milterModule from '../remote/dkim.d/milter.py';
import recordsModule from '../remote/dkim.d/records.py';
import scheduleModule from '../remote/dkim.d/schedule.py';
import signatureModule from '../remote/dkim.d/signature.py';
import trialModule from '../remote/dkim.d/trial.py';
import program from '../remote/dkim.py';
import type { RoleSettings } from '../settings';
import { DEFAULT_ROTATE_DAYS, dkimSelectors } from '../settings/dkim';
import { ownDomains } from './own-senders';

const CONFIGURATION = '/etc/opendkim.conf';
const DROP_IN = '/etc/systemd/system/opendkim.service.d/mailserver.conf';
const SERVICE = '/etc/systemd/system/mailserver-dkim.service';
const TIMER = '/etc/systemd/system/mailserver-dkim.timer';
const MODULES = `${PROGRAMS}/dkim.d`;
const USER = 'opendkim';
/** Mail waits for five days at most, here and at a server that passes it on. */
const KEEP_DAYS = 12;

/** Signed as often as they are there and once more: nobody adds or takes away one without breaking the signature. */
const SEALED: readonly string[] = [
  'From',
  'To',
  'Cc',
  'Subject',
  'Date',
  'Reply-To',
  'Message-ID',
  'In-Reply-To',
  'References',
  'MIME-Version',
  'Content-Type',
  'Content-Transfer-Encoding',
];

/** Signed as they are; a mailing list may add some of its own. */
const SIGNED: readonly string[] = [
  'Sender',
  'Content-ID',
  'Content-Description',
  'Resent-From',
  'Resent-To',
  'Resent-Cc',
  'Resent-Date',
  'Resent-Message-ID',
  'List-Id',
  'List-Help',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
  'List-Subscribe',
  'List-Post',
  'List-Owner',
  'List-Archive',
];

/**
 * Signing what leaves the host (DKIM). The host makes the keys and keeps the private halves; DNS says the public ones. Which key signs for
 * which domain, the host decides by what the world sees, so no signature is made that nobody can verify. A signer that is broken puts
 * mail off, and Postfix keeps it.
 */
export const dkim: Component = ({ settings, maps }) => {
  if (!settings.dkim) return {};
  return {
    packages: ['opendkim', 'openssl', 'python3', 'python3-dnspython'],
    directories: [
      { path: DKIM_STATE, owner: 'root', group: 'root', mode: '0711' },
      { path: MODULES, owner: 'root', group: 'root', mode: '0755' },
    ],
    files: [
      executable(DKIM, program),
      ...modules(),
      configFile(DKIM_SETTINGS, `${JSON.stringify(configuration(settings, maps), null, 2)}\n`),
      configFile(CONFIGURATION, signer()),
      configFile(DROP_IN, signerUnit()),
      configFile(
        SERVICE,
        lines(
          '[Unit]',
          'Description=Looks the DKIM records up, and signs with the keys that the world sees',
          'After=opendkim.service network-online.target',
          '',
          '[Service]',
          'Type=oneshot',
          `ExecStart=${DKIM} switch`,
          'TimeoutStartSec=300',
          'Nice=5',
          '# The journal has what the program says, and nothing of runs that say nothing.',
          'SyslogLevel=notice',
          'LogLevelMax=notice',
          'NoNewPrivileges=yes',
          'PrivateTmp=yes',
          'ProtectHome=yes',
          'ProtectSystem=strict',
          `ReadWritePaths=${DKIM_STATE}`,
        ),
      ),
      configFile(
        TIMER,
        lines(
          '[Unit]',
          'Description=Looks the DKIM records up, again and again',
          '',
          '[Timer]',
          'OnActiveSec=20s',
          'OnUnitInactiveSec=60s',
          '',
          '[Install]',
          'WantedBy=timers.target',
        ),
      ),
    ],
    derived: [{ name: DKIM_KEYS, check: `${DKIM} keys check`, build: `${DKIM} keys apply` }],
    services: [
      { unit: 'opendkim.service', state: 'running', restartOn: [CONFIGURATION, DROP_IN], reloadOn: [DKIM_KEYS] },
      { unit: 'mailserver-dkim.timer', state: 'running', restartOn: [TIMER], reloadOn: [] },
    ],
    probes: [{ name: 'DKIM', command: `${DKIM} trial`, timeoutSeconds: 30 }],
  };
};

/** A milter as a parameter of Postfix: without an answer of the signer mail waits. */
export const SIGNER = `{ unix:${DKIM_SOCKET}, connect_timeout=10s, command_timeout=30s, content_timeout=60s, default_action=tempfail }`;

function modules(): ManagedFile[] {
  return Object.entries({
    keys: keysModule,
    milter: milterModule,
    records: recordsModule,
    schedule: scheduleModule,
    signature: signatureModule,
    trial: trialModule,
  }).map(([name, content]) => configFile(`${MODULES}/${name}.py`, content));
}

/** What the program has to know; `dkim.py` says what each key means. */
function configuration(settings: RoleSettings, maps: MapsFromFiles): Record<string, unknown> {
  return {
    heloName: settings.heloName,
    selectors: dkimSelectors(settings.dkim ?? {}),
    domains: [...new Set(ownDomains(settings, maps).map((name) => name.toLowerCase()))].filter((name) => !name.startsWith('.')),
    folder: DKIM_STATE,
    rotateDays: settings.dkim?.rotateDays ?? DEFAULT_ROTATE_DAYS,
    keepDays: KEEP_DAYS,
    rotation: settings.dkim?.rotation ?? 1,
    user: USER,
    socket: DKIM_SOCKET,
  };
}

function signer(): string {
  return lines(
    '# Written by the stack; opendkim.conf(5).',
    'Mode s',
    `Socket local:${DKIM_SOCKET}`,
    'Syslog yes',
    'SyslogSuccess yes',
    '# Who signs for whom, by /usr/lib/mailserver/dkim.',
    `KeyTable file:${DKIM_STATE}/keys.table`,
    `SigningTable file:${DKIM_STATE}/domains.table`,
    'RequireSafeKeys yes',
    'MinimumKeyBits 2048',
    'SignatureAlgorithm rsa-sha256',
    'Canonicalization relaxed/relaxed',
    `SignHeaders ${[...SEALED, ...SIGNED].join(',')}`,
    `OversignHeaders ${SEALED.join(',')}`,
    '# Whatever goes wrong: the mail waits.',
    'On-Default tempfail',
  );
}

/** Debian's unit has it become a daemon, with a file for its number that a crash leaves behind. */
function signerUnit(): string {
  return lines(
    '[Unit]',
    'Before=postfix.service',
    '# Without it mail waits: it is started again as often as it takes.',
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    'Type=exec',
    'PIDFile=',
    'ExecStart=',
    `ExecStart=/usr/sbin/opendkim -f -x ${CONFIGURATION}`,
    `User=${USER}`,
    '# Postfix opens the socket.',
    'Group=postfix',
    'UMask=0007',
    `RuntimeDirectory=${dirname(DKIM_SOCKET).slice('/run/'.length)}`,
    'RuntimeDirectoryMode=0750',
    'Restart=always',
    'RestartSec=1',
    'MemoryMax=256M',
    'OOMScoreAdjust=-500',
    'NoNewPrivileges=yes',
    'PrivateDevices=yes',
    'PrivateNetwork=yes',
    'PrivateTmp=yes',
    'ProtectHome=yes',
    'ProtectSystem=strict',
  );
}
