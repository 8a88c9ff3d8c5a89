import { type Component, configFile, executable, lines, masked } from '../component';
import { PROGRAMS } from '../paths';
import clamdStart from '../remote/clamd-start.sh';
import freshclamStart from '../remote/freshclam-start.sh';
import type { RoleSettings } from '../settings';
import { scanLimits } from './scan-limits';

const PACKAGES: readonly string[] = ['clamav-daemon', 'clamav-freshclam'];
const CLAMD_CONF = '/etc/clamav/clamd.conf';
const FRESHCLAM_CONF = '/etc/clamav/freshclam.conf';
const UNIT = '/etc/systemd/system/clamav-daemon.service';
const TEST_SIGNATURE = '/var/lib/clamav/mailserver-eicar.ndb';
const UNSCANNED_SIGNATURES = '/var/lib/clamav/mailserver-unscanned.ndb';
const START = `${PROGRAMS}/clamd-start`;
const UPDATER = `${PROGRAMS}/freshclam-start`;
const UPDATER_DROP_IN = '/etc/systemd/system/clamav-freshclam.service.d/mailserver.conf';

/**
 * Runs freshclam at each boot and once a day. Debian enables it next to the daemon since clamav 1.4.6, also on a host that is updated;
 * there it fails, for the daemon has the log locked.
 */
const SECOND_UPDATER: readonly string[] = ['clamav-freshclam-once.service', 'clamav-freshclam-once.timer'];

const hex = (text: string) => Buffer.from(text, 'latin1').toString('hex');

/** The EICAR test file in hexadecimal, split so that no scanner takes this program for it. */
const EICAR_HEX = hex(['X5O!P%@AP[4\\PZX54(P^)7CC)7}', '$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join(''));

/** Encodings that neither clamd nor amavis undoes; amavis-open.pl knows them by the beginning of the name. */
const UNSCANNED = [`Mailserver.Unscanned.yEnc:0:*:${hex('=ybegin ')}{-20}${hex('line=')}{1-8}${hex(' size=')}`];

/**
 * The virus scanner (R40, R41). Debian's unit is skipped for good when it is started before the first signatures are there;
 * this one waits for them, and until then amavis puts mail off. freshclam goes on when a mirror turned it away. Switched off, nothing
 * of it stays behind.
 */
export const clamav: Component = ({ settings }) => {
  if (!settings.antivirus) return { absentPackages: [...PACKAGES, 'clamav', 'clamav-base', 'clamdscan'] };
  return {
    packages: PACKAGES,
    files: [
      configFile(CLAMD_CONF, clamdConf(settings)),
      // As every update of the package sets it; else each would leave a change to plan.
      { path: FRESHCLAM_CONF, content: freshclamConf(settings), owner: 'clamav', group: 'adm', mode: '0444' },
      configFile(TEST_SIGNATURE, `Eicar-Test-Signature:0:*:${EICAR_HEX}\n`),
      configFile(UNSCANNED_SIGNATURES, lines(UNSCANNED)),
      executable(START, clamdStart),
      executable(UPDATER, freshclamStart),
      configFile(
        UPDATER_DROP_IN,
        lines('[Service]', 'ExecStart=', `ExecStart=${UPDATER}`, 'Restart=on-failure', 'RestartSec=60'),
      ),
      configFile(
        UNIT,
        lines(
          '[Unit]',
          'Description=ClamAV scanner, waits for its first signatures',
          'Documentation=man:clamd(8)',
          'Before=amavis.service',
          '',
          '[Service]',
          `ExecStart=${START} ${settings.clamavTestSignatureOnly ? 'test' : 'official'}`,
          'ExecReload=/bin/kill -USR2 $MAINPID',
          'Restart=always',
          'RestartSec=5',
          '',
          '[Install]',
          'WantedBy=multi-user.target',
        ),
      ),
    ],
    services: [
      ...['clamav-daemon.socket', ...SECOND_UPDATER].map(masked),
      {
        unit: 'clamav-daemon.service',
        state: 'running',
        restartOn: [CLAMD_CONF, UNIT, START],
        reloadOn: [TEST_SIGNATURE, UNSCANNED_SIGNATURES],
      },
      settings.clamavTestSignatureOnly
        ? masked('clamav-freshclam.service')
        : {
            unit: 'clamav-freshclam.service',
            state: 'running',
            restartOn: [FRESHCLAM_CONF, UPDATER, UPDATER_DROP_IN],
            reloadOn: [],
          },
    ],
  };
};

function clamdConf(settings: RoleSettings): string {
  const { message, unpacked, depth, files, scanSeconds } = scanLimits(settings);
  return lines(
    '# Written by the stack.',
    'User clamav',
    'LocalSocket /run/clamav/clamd.ctl',
    'LocalSocketGroup clamav',
    '# For amavis: whoever may ask clamd may also tell it to end, and have it list folders that only it can read.',
    'LocalSocketMode 660',
    'FixStaleSocket yes',
    'DatabaseDirectory /var/lib/clamav',
    'LogSyslog yes',
    'LogFacility LOG_MAIL',
    'ExtendedDetectionInfo yes',
    '# A reload does not hold two sets of signatures; scans wait meanwhile.',
    'ConcurrentDatabaseReload no',
    'MaxThreads 12',
    'ReadTimeout 180',
    `StreamMaxLength ${message}`,
    '',
    '# What is beyond a limit is reported, and so refused; as shipped it would pass. No limit is lower than that of a file.',
    'AlertExceedsMax yes',
    ...BYTE_LIMITS.map((name) => `${name} ${unpacked}`),
    "# Twice amavis': clamd counts what it makes of a file to look at it better.",
    `MaxRecursion ${2 * depth}`,
    `MaxFiles ${2 * files}`,
    `MaxScanTime ${scanSeconds * 1000}`,
    'AlertPartitionIntersection yes',
    ...(settings.encryptedContent === 'refuse' ? ['AlertEncrypted yes'] : []),
  );
}

const BYTE_LIMITS: readonly string[] = [
  'MaxScanSize',
  'MaxFileSize',
  'MaxEmbeddedPE',
  'MaxHTMLNormalize',
  'MaxHTMLNoTags',
  'MaxScriptNormalize',
  'MaxZipTypeRcg',
  'PCREMaxFileSize',
];

function freshclamConf(settings: RoleSettings): string {
  const mirrors = settings.clamavMirrors?.length
    ? settings.clamavMirrors.map((mirror) => `PrivateMirror ${mirror}`)
    : ['DatabaseMirror database.clamav.net', 'DNSDatabaseInfo current.cvd.clamav.net'];
  return lines(
    '# Written by the stack.',
    'DatabaseOwner clamav',
    'DatabaseDirectory /var/lib/clamav',
    'UpdateLogFile /var/log/clamav/freshclam.log',
    '# Not `yes`: an update of the package takes its logrotate file away but for `true`.',
    'LogRotate true',
    `NotifyClamd ${CLAMD_CONF}`,
    mirrors,
    'Checks 12',
    'TestDatabases yes',
  );
}
