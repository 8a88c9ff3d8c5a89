import { awaitTransaction } from '../../lib/host/await-transaction';
import type { HostConnection } from '../../lib/host/host-connection';

const host = (lines: readonly string[], stderr = ''): HostConnection => ({
  hostKey: 'SHA256:a',
  address: 'mail.example.org:22',
  exec: async (_, { onLine } = {}) => {
    for (const line of lines) onLine?.(line);
    return { code: 1, stdout: Buffer.alloc(0), stderr };
  },
  close: async () => undefined,
});

test.each([
  [['::state over'], { state: 'over', detail: '' }],
  [['::state interrupted'], { state: 'interrupted', detail: '' }],
  [
    ['::step waiting for the end of another apply', '::state underWay started 12:00, at: probe'],
    { state: 'underWay', detail: 'started 12:00, at: probe' },
  ],
])('reads %j', async (lines, expected) => {
  expect(await awaitTransaction(host(lines), { seconds: 1 })).toEqual(expected);
});

test('reports what it waits for', async () => {
  const said: string[] = [];
  const lines = ['::step waiting for the end of another apply (started 12:00)', '::state over'];
  await awaitTransaction(host(lines), { seconds: 1, onProgress: (line) => said.push(line) });
  expect(said).toEqual(['waiting for the end of another apply (started 12:00)']);
});

test('takes no answer for none', async () => {
  await expect(awaitTransaction(host(['::state fine'], 'sh: systemctl: not found'), { seconds: 1 })).rejects.toMatchObject({
    kind: 'failed',
    message: expect.stringContaining('sh: systemctl: not found'),
  });
});
