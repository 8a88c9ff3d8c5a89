import type { HostConnection } from '../../lib/host/host-connection';
import { HostError, type HostErrorKind } from '../../lib/host/host-error';
import { SteadyConnection } from '../../lib/host/steady-connection';

const said = { code: 0, stdout: Buffer.alloc(0), stderr: '' };

/** Connections that fail with these kinds, one after the other; then they work. */
function connections(failures: readonly HostErrorKind[]) {
  const left = [...failures];
  const seen = { opened: 0, closed: 0 };
  const open = (): HostConnection => ({
    hostKey: 'SHA256:a',
    address: 'h:22',
    exec: async () => {
      const kind = left.shift();
      if (kind) throw new HostError(kind, kind);
      return said;
    },
    close: async () => void seen.closed++,
  });
  const reconnect = async () => {
    seen.opened++;
    return open();
  };
  return { steady: new SteadyConnection(open(), reconnect), seen };
}

test('is opened again when it breaks, and closes what it opened', async () => {
  const { steady, seen } = connections(['connectionLost', 'connectionLost']);
  expect(await steady.exec('true')).toBe(said);
  await steady.close();
  expect(seen).toEqual({ opened: 2, closed: 2 });
});

test('gives up after three losses in a row', async () => {
  const { steady, seen } = connections(Array.from({ length: 9 }, () => 'connectionLost' as const));
  await expect(steady.exec('true')).rejects.toMatchObject({ kind: 'connectionLost' });
  expect(seen.opened).toBe(3);
});

test.each<HostErrorKind>(['timeout', 'aborted', 'sudo'])('does not try again what failed otherwise: %s', async (kind) => {
  const { steady, seen } = connections([kind]);
  await expect(steady.exec('true')).rejects.toMatchObject({ kind });
  expect(seen.opened).toBe(0);
});
