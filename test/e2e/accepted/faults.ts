import type { MailHost } from '../requirements/mail-host';

const QUEUE = '/var/spool/postfix';

const kill = (unit: string) => (host: MailHost) =>
  host.inside(`systemctl kill -s KILL --kill-whom=all ${unit} 2>/dev/null || true`).then(() => undefined);

let changes = 0;
const another = (host: MailHost) => {
  changes += 1;
  return host.desired({ mainCf: { delay_warning_time: `${(changes % 9) + 1}h` } });
};

/** Until all is up again: what a boot begins may still end a delivery. */
const bootAgain = async (host: MailHost) => {
  await host.machine.bootAgain();
  await host.inside('systemctl is-system-running --wait >/dev/null || true');
};

const off = async (host: MailHost) => {
  await host.machine.cutPower();
  await bootAgain(host);
};

/** What happens to a mail host while mail comes in and goes out. `ends` those that no connection outlives, and of which no peer is told. */
export const faults: Readonly<Record<string, { readonly strike: (host: MailHost) => Promise<void>; readonly ends?: true }>> = {
  'amavis is killed': { strike: kill('amavis') },
  'clamd is killed': { strike: kill('clamav-daemon') },
  'policyd-weight is killed': { strike: kill('policyd-weight') },
  'postgrey is killed': { strike: kill('postgrey') },
  'Postfix is killed with all that it started': { strike: kill('postfix') },
  'the queue manager is killed': { strike: (host) => host.inside('pkill -KILL -x qmgr || true').then(() => undefined) },
  'everybody who delivers is killed': {
    strike: (host) => host.inside("pkill -KILL -x 'pipe|smtp|local' || true").then(() => undefined),
  },
  'the disk of the queue is full for three seconds': {
    strike: async (host) => {
      await host.inside(
        `fallocate -l "$(df --output=avail -B1 ${QUEUE} | tail -n 1)" ${QUEUE}/fill || true; sleep 3; rm -f ${QUEUE}/fill`,
      );
    },
  },
  'a change is applied': { strike: async (host) => void (await host.machine.apply(another(host))) },
  'a service user reloads': { strike: async (host) => void (await host.asUser('sudo -n /etc/init.d/postfix reload')) },
  'the power goes': { strike: off, ends: true },
  'the power goes in the middle of an apply': {
    strike: async (host) => {
      let cut: Promise<void> | undefined;
      const onLine = (line: string) => {
        if (line.includes('probe: ')) cut ??= off(host);
      };
      await host.machine.apply(another(host), { onLine }).catch(() => undefined);
      await cut;
    },
    ends: true,
  },
  'the machine is started again': {
    strike: async (host) => {
      await host.inside('systemctl reboot');
      await host.machine.cutPower().catch(() => undefined);
      await bootAgain(host);
    },
    ends: true,
  },
};
