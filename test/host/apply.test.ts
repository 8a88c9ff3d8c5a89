import { applyChanges } from '../../lib/host/apply';
import { diff } from '../../lib/host/diff';
import type { ExecOptions, ExecResult, HostConnection } from '../../lib/host/host-connection';
import { HostError } from '../../lib/host/host-error';
import confirm from '../../lib/host/remote/confirm.sh';
import { bareHost, nothing } from './support/states';

const lost = () => new HostError('connectionLost', 'lost the connection to mail.example.org:22');
const said: ExecResult = { code: 0, stdout: Buffer.alloc(0), stderr: '' };

/** A host that waits for the confirmation; each connection after the first one does what the next of `attempts` says. */
function waitingHost(attempts: readonly ('confirms' | 'unreachable' | 'lost')[]) {
  const seen = { attempts: 0, closed: 0 };
  let confirmed: () => void = () => undefined;
  const confirmation = new Promise<void>((resolve) => {
    confirmed = resolve;
  });
  const follow = async (_: string, { onLine }: ExecOptions = {}) => {
    onLine?.('::waiting 1');
    await confirmation;
    onLine?.('::result done ');
    return said;
  };
  const host = (exec: HostConnection['exec']): HostConnection => ({
    hostKey: 'SHA256:a',
    address: 'mail.example.org:22',
    exec,
    close: async () => void seen.closed++,
  });
  const reconnect = async () => {
    const attempt = attempts[seen.attempts++];
    if (attempt === 'unreachable') throw new HostError('unreachable', 'nobody answered');
    return host(async (script) => {
      expect(script).toContain(confirm);
      if (attempt !== 'confirms') throw lost();
      confirmed();
      return said;
    });
  };
  return { connection: host(follow), reconnect, seen, giveUp: confirmed };
}

const apply = ({ connection, reconnect }: ReturnType<typeof waitingHost>, confirmationSeconds = 60) =>
  applyChanges({ connection, reconnect, confirmationSeconds, desired: nothing, changes: diff(bareHost, nothing) });

test('confirms once', async () => {
  const host = waitingHost(['confirms']);
  await apply(host);
  expect(host.seen).toEqual({ attempts: 1, closed: 1 });
});

test('confirms again when the host cannot be reached or the connection is lost on the way', async () => {
  const host = waitingHost(['lost', 'unreachable', 'confirms']);
  await apply(host);
  expect(host.seen).toEqual({ attempts: 3, closed: 2 });
});

test('does not confirm any more when the host waits no longer', async () => {
  const host = waitingHost(Array.from({ length: 99 }, () => 'lost' as const));
  const applied = apply(host, 0.45);
  setTimeout(host.giveUp, 1000);
  await applied;
  // The first one at once, one after 200 ms and none after the window of 450 ms.
  expect(host.seen.attempts).toBe(2);
});
