import { type Component, configFile, executable, lines } from '../component';
import { PROGRAMS } from '../paths';
import clean from '../remote/amavis-clean.sh';

const PROGRAM = `${PROGRAMS}/amavis-clean`;
const UNIT = 'mailserver-amavis-clean';
const DAY = 24 * 60;

/** What amavis keeps, beside what it needs at work. Beyond either bound the oldest goes. */
const BOUNDS: readonly { readonly folder: string; readonly minutes: number; readonly mib: number }[] = [
  // Spam and viruses that were submitted.
  { folder: '/var/lib/amavis/virusmails', minutes: 30 * DAY, mib: 1024 },
  // Mails that could not be checked; their senders try again.
  { folder: '/var/lib/amavis/tmp', minutes: 2 * 60, mib: 512 },
];

/**
 * Keeps amavis from filling the disk that the mail queue is on: the quarantine, and the working folders that it leaves behind, one
 * for each try of a mail, while it cannot reach the virus scanner.
 */
export const amavisStorage: Component = () => ({
  files: [
    executable(PROGRAM, clean),
    configFile(
      `/etc/systemd/system/${UNIT}.service`,
      lines(
        '[Unit]',
        'Description=Keep quarantine and left working folders of amavis within bounds',
        '',
        '[Service]',
        'Type=oneshot',
        'User=amavis',
        BOUNDS.map(({ folder, minutes, mib }) => `ExecStart=${PROGRAM} ${folder} ${minutes} ${mib}`),
        'LogLevelMax=notice',
      ),
    ),
    configFile(
      `/etc/systemd/system/${UNIT}.timer`,
      lines('[Timer]', 'OnBootSec=5min', 'OnUnitActiveSec=10min', '', '[Install]', 'WantedBy=timers.target'),
    ),
  ],
  services: [{ unit: `${UNIT}.timer`, state: 'running', restartOn: [`/etc/systemd/system/${UNIT}.timer`], reloadOn: [] }],
});
