import { spawn } from 'node:child_process';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { outboundReport } from '../../../lib/verify/host/picture';
import { hostPython } from '../../support/python';

const program = join(__dirname, '../../../lib/verify/remote/outbound.py');

/** What the program that runs on the host says of these targets. */
async function tried(...targets: string[]) {
  const child = spawn(hostPython, [program, ...targets], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  for await (const chunk of child.stdout) text += chunk;
  return outboundReport.parse(JSON.parse(text)).attempts;
}

async function listening(banner?: string) {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    if (banner !== undefined) socket.write(`${banner}\r\n`);
    socket.on('data', () => socket.end('221 bye\r\n'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, close: () => new Promise((resolve) => server.close(resolve)) };
}

test('an open port, a closed one and a name that does not exist are distinguished', async () => {
  const open = await listening('220 mx.example.net ESMTP');
  const closed = await listening();
  await closed.close();
  const attempts = await tried(`127.0.0.1 ${open.port}`, `127.0.0.1 ${closed.port}`, 'a..b');
  expect(attempts).toMatchObject([
    { target: '127.0.0.1', address: '127.0.0.1', banner: '220 mx.example.net ESMTP' },
    { problem: 'Connection refused' },
    { target: 'a..b' },
  ]);
  expect(attempts[2]?.banner).toBeUndefined();
  await open.close();
});

test('one address of several that answers is enough', async () => {
  const open = await listening('220 mx');
  expect(await tried(`localhost ${open.port}`)).toMatchObject([{ address: '127.0.0.1', banner: '220 mx' }]);
  await open.close();
});
