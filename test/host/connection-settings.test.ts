import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectionSettings } from '../../lib/host/connection-settings';

interface BadConnection {
  readonly connection: Readonly<Record<string, unknown>>;
  readonly error: string;
}

const bad = JSON.parse(readFileSync(join(__dirname, 'fixtures/bad-connections.json'), 'utf8')) as BadConnection[];

function said(connection: Readonly<Record<string, unknown>>): string[] | undefined {
  const result = connectionSettings.safeParse({ host: '198.51.100.25', ...connection });
  return result.error?.issues.map(({ path, message }) => [path.map(String).join('.'), message].filter(Boolean).join(': '));
}

describe('a connection', () => {
  it.each(bad.map((each) => [JSON.stringify(each.connection), each] as const))(
    'is refused: %s',
    (_text, { connection, error }) => {
      expect(said(connection)).toEqual([error]);
    },
  );

  it.each([
    [{ host: 'mail.example.com' }],
    [{ host: '2001:db8::5' }],
    [{ host: 'fe80::1%eth0' }],
    [{ host: 'my_host' }],
    [{ port: 2222, user: 'root', timeoutSeconds: 3600 }],
    [{ privateKeyPath: '~/.ssh/id_ed25519' }],
    [{ privateKeyPath: 'keys/my key' }],
    [{ bastion: { host: 'jump.example.com', user: 'ec2-user', port: 22 } }],
  ])('is taken: %j', (connection) => {
    expect(said(connection)).toBeUndefined();
  });
});
