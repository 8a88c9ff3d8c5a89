import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROGRAM = join(__dirname, '../../../lib/role/remote/deliver.sh');

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'deliver-'));
  mkdirSync(join(home, 'bin'));
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

function deliver(script: string | undefined, mode = 0o755) {
  if (script !== undefined) writeFileSync(join(home, 'bin/deliver'), script, { mode });
  const call = [PROGRAM, home, '-f', '', 'example.com', 'a b@example.com', '-x@example.com'];
  const { status, stdout } = spawnSync('sh', call, { encoding: 'utf8', input: 'the mail', env: { PATH: process.env.PATH } });
  return { status, stdout: stdout.replaceAll(home, '~') };
}

describe('delivery to a service user', () => {
  it('hands over home, arguments as they are and the mail', () => {
    const script = '#!/bin/sh\necho "$HOME"; for a; do echo "[$a]"; done; cat\n';
    expect(deliver(script)).toEqual({
      status: 0,
      stdout: '~\n[-f]\n[]\n[example.com]\n[a b@example.com]\n[-x@example.com]\nthe mail',
    });
  });

  it.each([
    ['is missing', undefined, 0o755, '~/bin/deliver is not there or cannot be executed\n'],
    ['has no interpreter', '#!/no/such/interpreter\n', 0o755, '~/bin/deliver could not be run or was killed (exit 127)\n'],
    ['is killed', '#!/bin/sh\nkill -9 $$\n', 0o755, '~/bin/deliver could not be run or was killed (exit 137)\n'],
  ])('lets mail wait when the script %s', (_case, script, mode, told) => {
    expect(deliver(script, mode)).toEqual({ status: 75, stdout: told });
  });

  it.each([0, 1, 64, 67, 75, 77])('leaves the exit code %i to the script', (code) => {
    expect(deliver(`#!/bin/sh\necho why; exit ${code}\n`)).toEqual({ status: code, stdout: 'why\n' });
  });
});
