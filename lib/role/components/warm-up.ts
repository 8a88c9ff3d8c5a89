import { type Component, configFile, executable, lines } from '../component';
import { ownAddresses } from '../own-addresses';
import { MAIN_D, WARM_UP, WARM_UP_SETTINGS, WARM_UP_STATE } from '../paths';
import program from '../remote/warm-up.py';
import { warmUpSchedule } from '../warm-up-schedule';
import { DIRECT_TRANSPORTS } from './pace';

/** Made on the host, since it changes from day to day: the gate takes it like every fragment of main.cf. */
export const WARM_UP_FRAGMENT = `${MAIN_D}/12_warm-up.cf`;

const SERVICE = '/etc/systemd/system/mailserver-warm-up.service';
const TIMER = '/etc/systemd/system/mailserver-warm-up.timer';

/** Shown in the plan. */
const STAGE = 'pace of a new address';

/** The slow start of a new address: which day it is, and the pause between mails to a domain that belongs to it. */
export const warmUp: Component = ({ settings }) => {
  const { warmUp: wanted, secondsBetweenMails = 0 } = settings.outgoingPace ?? {};
  if (wanted === undefined)
    return { derived: [{ name: STAGE, check: `test ! -e ${WARM_UP_FRAGMENT}`, build: `rm -f ${WARM_UP_FRAGMENT}` }] };
  const configuration = {
    addresses: ownAddresses(settings),
    transports: DIRECT_TRANSPORTS,
    secondsBetweenMails,
    schedule: Object.fromEntries(warmUpSchedule(wanted).map((seconds, day) => [`day ${day + 1}`, seconds])),
  };
  return {
    packages: ['python3'],
    directories: [{ path: WARM_UP_STATE, owner: 'root', group: 'root', mode: '0755' }],
    files: [
      executable(WARM_UP, program),
      configFile(WARM_UP_SETTINGS, `${JSON.stringify(configuration, null, 2)}\n`),
      configFile(
        SERVICE,
        lines(
          '[Unit]',
          'Description=Pace of outgoing mail from a new address',
          'After=postfix.service',
          '',
          '[Service]',
          'Type=oneshot',
          `ExecStart=${WARM_UP} step`,
          'TimeoutStartSec=300',
          'Nice=5',
          '# The journal hears of what changed, not of every run.',
          'LogLevelMax=notice',
        ),
      ),
      configFile(
        TIMER,
        lines(
          '[Unit]',
          'Description=Pace of outgoing mail from a new address, day by day',
          '',
          '[Timer]',
          'OnCalendar=hourly',
          'Persistent=true',
          '',
          '[Install]',
          'WantedBy=timers.target',
        ),
      ),
    ],
    derived: [{ name: STAGE, check: `${WARM_UP} check`, build: `${WARM_UP} apply` }],
    services: [{ unit: 'mailserver-warm-up.timer', state: 'running', restartOn: [TIMER], reloadOn: [] }],
  };
};
