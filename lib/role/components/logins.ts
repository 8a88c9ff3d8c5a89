import { dirname } from 'node:path/posix';
import type { ManagedFile } from '../../host/desired-state';
import { type Component, configFile, executable, lines } from '../component';
import type { MapsFromFiles } from '../map-files/contents';
import { LOGINS_SOCKET, LOGINS_STATE, PROGRAMS } from '../paths';
import alertsModule from '../remote/logins.d/alerts.py';
import controlModule from '../remote/logins.d/control.py';
import firstHopModule from '../remote/logins.d/first_hop.py';
import gatekeeperModule from '../remote/logins.d/gatekeeper.py';
import guardModule from '../remote/logins.d/guard.py';
import journalModule from '../remote/logins.d/journal.py';
import knownClientsModule from '../remote/logins.d/known_clients.py';
import limitsModule from '../remote/logins.d/limits.py';
import policyModule from '../remote/logins.d/policy.py';
import sendersModule from '../remote/logins.d/senders.py';
import storeModule from '../remote/logins.d/store.py';
import submissionModule from '../remote/logins.d/submission.py';
import watchModule from '../remote/logins.d/watch.py';
import program from '../remote/logins.py';

import toolProgram from '../remote/logins-tool.py';
import type { RoleSettings } from '../settings';
import { LOGIN_LIMITS, NETWORK_LIMITS } from '../settings/sending-limits';
import { SASL_REALM } from '../settings/submission-user';
import { ownDomains } from './own-senders';

const USER = 'mailserver-logins';
const ACCOUNT = `/etc/sysusers.d/${USER}.conf`;
const PROGRAM = `${PROGRAMS}/logins`;
const MODULES = `${PROGRAMS}/logins.d`;
const CONFIGURATION = `${PROGRAMS}/logins.json`;
const UNIT = '/etc/systemd/system/mailserver-logins.service';

/**
 * Holds logins and known networks to the senders that they may use, and to how much they may send. Postfix alone looks at the
 * envelope, and only where a table lists every login of a sender; receivers believe the From field, and only a milter sees it together
 * with the login.
 */
export const logins: Component = ({ settings, maps }) => ({
  packages: ['iproute2', 'nftables', 'python3', 'python3-milter'],
  directories: [{ path: MODULES, owner: 'root', group: 'root', mode: '0755' }],
  files: [
    configFile(ACCOUNT, lines('# Written by the stack.', `u ${USER} - "What logins of the mail server send" ${LOGINS_STATE}`)),
    executable(PROGRAM, program),
    ...modules(),
    executable('/usr/local/sbin/mailserver-logins', toolProgram),
    configFile(CONFIGURATION, `${JSON.stringify(configuration(settings, maps), null, 2)}\n`),
    configFile(
      UNIT,
      lines(
        '[Unit]',
        'Description=Logins of the mail server: whom they may write as, how much, and who guesses passwords',
        'Before=postfix.service',
        '# Without it mail is taken as it comes: it is started again as often as it takes.',
        'StartLimitIntervalSec=0',
        '',
        '[Service]',
        'Type=notify',
        `ExecStart=${PROGRAM} ${LOGINS_SOCKET} ${LOGINS_STATE}`,
        `User=${USER}`,
        '# Postfix opens the socket.',
        'Group=postfix',
        'SupplementaryGroups=systemd-journal',
        `RuntimeDirectory=${dirname(LOGINS_SOCKET).slice('/run/'.length)}`,
        `StateDirectory=${LOGINS_STATE.slice('/var/lib/'.length)}`,
        'StateDirectoryMode=0700',
        '# The program writes down what it knows; journalctl just ends.',
        'KillMode=mixed',
        'Restart=always',
        'RestartSec=1',
        'WatchdogSec=20',
        'MemoryMax=256M',
        'OOMScoreAdjust=-500',
        '# To shut clients out by nftables, and for nothing else.',
        'AmbientCapabilities=CAP_NET_ADMIN',
        'CapabilityBoundingSet=CAP_NET_ADMIN',
        'NoNewPrivileges=yes',
        'PrivateDevices=yes',
        'PrivateTmp=yes',
        'ProtectHome=yes',
        'ProtectSystem=strict',
        '',
        '[Install]',
        'WantedBy=multi-user.target',
      ),
    ),
  ],
  derived: [
    {
      name: 'account of the program that watches logins',
      check: `getent passwd ${USER} >/dev/null || { echo "there is none yet"; exit 1; }`,
      build: `systemd-sysusers ${ACCOUNT}`,
    },
  ],
  services: [
    {
      unit: 'mailserver-logins.service',
      state: 'running',
      restartOn: [PROGRAM, `${MODULES}/`, CONFIGURATION, UNIT],
      reloadOn: [],
    },
  ],
});

function modules(): ManagedFile[] {
  return Object.entries({
    alerts: alertsModule,
    control: controlModule,
    first_hop: firstHopModule,
    gatekeeper: gatekeeperModule,
    guard: guardModule,
    journal: journalModule,
    known_clients: knownClientsModule,
    limits: limitsModule,
    policy: policyModule,
    senders: sendersModule,
    store: storeModule,
    submission: submissionModule,
    watch: watchModule,
  }).map(([name, content]) => configFile(`${MODULES}/${name}.py`, content));
}

/** What the program has to know; `policy.py` says what each key means. */
function configuration(settings: RoleSettings, maps: MapsFromFiles): Record<string, unknown> {
  return {
    heloName: settings.heloName,
    realm: SASL_REALM,
    domains: [...new Set(ownDomains(settings, maps))],
    logins: Object.fromEntries(
      Object.entries(settings.submissionUsers ?? {}).map(([name, { senders, limits, passwordVersion = 1 }]) => [
        name,
        { version: passwordVersion, ...(senders && { senders }), ...(limits && { limits }) },
      ]),
    ),
    addresses: [
      settings.bindIpv4,
      settings.bindIpv6,
      ...(settings.proxyAddresses ?? []),
      ...(settings.resolvers ?? []),
      ...(settings.neverShutOut ?? []).map((network) => network.replace(/^\[([^\]]*)\]/, '$1')),
    ].filter((address) => address !== undefined),
    loginLimits: { ...LOGIN_LIMITS, ...settings.loginLimits },
    networkLimits: { ...NETWORK_LIMITS, ...settings.networkLimits },
  };
}
