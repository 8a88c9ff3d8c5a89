import { type Component, configFile, executable, lines } from '../component';
import { PROGRAMS } from '../paths';
import clean from '../remote/amavis-clean.sh';
import type { RoleSettings } from '../settings';

const PROGRAM = `${PROGRAMS}/amavis-clean`;
const UNIT = 'mailserver-amavis-clean';
const DAY = 24 * 60;
const QUARANTINE = '/var/lib/amavis/virusmails';

/** What amavis keeps, next to what it needs at work. Beyond either bound the oldest goes. */
interface Bound {
  readonly folder: string;
  readonly minutes: number;
  readonly mib: number;
}

function bounds({ quarantine: { maxAgeDays = 30, maxMib = 1024 } = {} }: RoleSettings): readonly Bound[] {
  return [
    // Spam and viruses that were submitted.
    { folder: QUARANTINE, minutes: maxAgeDays * DAY, mib: maxMib },
    // Mails that could not be checked; their senders try again.
    { folder: '/var/lib/amavis/tmp', minutes: 2 * 60, mib: 512 },
  ];
}

/**
 * Keeps amavis from filling the disk that the mail queue is on: the quarantine, and the working folders that it leaves behind, one
 * for each try of a mail, while it cannot reach the virus scanner. Every new mail in quarantine is a reason to look.
 */
export const amavisStorage: Component = ({ settings }) => ({
  files: [
    executable(PROGRAM, clean),
    configFile(
      `/etc/systemd/system/${UNIT}.service`,
      lines(
        '[Unit]',
        'Description=Keep quarantine and left working folders of amavis within bounds',
        '# As often as mails come.',
        'StartLimitIntervalSec=0',
        '',
        '[Service]',
        'Type=oneshot',
        'User=amavis',
        bounds(settings).map(({ folder, minutes, mib }) => `ExecStart=${PROGRAM} ${folder} ${minutes} ${mib}`),
        'LogLevelMax=notice',
      ),
    ),
    configFile(
      `/etc/systemd/system/${UNIT}.timer`,
      lines('[Timer]', 'OnBootSec=5min', 'OnUnitActiveSec=10min', '', '[Install]', 'WantedBy=timers.target'),
    ),
    configFile(
      `/etc/systemd/system/${UNIT}.path`,
      lines('[Path]', `PathChanged=${QUARANTINE}`, '', '[Install]', 'WantedBy=paths.target'),
    ),
  ],
  services: ['timer', 'path'].map((kind) => ({
    unit: `${UNIT}.${kind}`,
    state: 'running',
    restartOn: [`/etc/systemd/system/${UNIT}.${kind}`],
    reloadOn: [],
  })),
});
