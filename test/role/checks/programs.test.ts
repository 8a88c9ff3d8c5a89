import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { capacityOf } from '../../../lib/role/capacity';
import { renderRole } from '../../../lib/role/render';
import { hostPython } from '../../support/python';
import { setups } from '../setups';

/** The programs of the checks as a host gets them. */
let host: string;
let programs: string;

beforeAll(() => {
  host = mkdtempSync(join(tmpdir(), 'checks-'));
  programs = join(host, 'usr/lib/mailserver');
  const { settings, cores, memoryMiB } = setups['cloud-with-antivirus'] as (typeof setups)[string];
  const state = renderRole(settings, capacityOf(cores, memoryMiB, true));
  for (const { path, content, mode } of state.files) {
    if (!path.startsWith('/usr/lib/mailserver/check')) continue;
    mkdirSync(dirname(join(host, path)), { recursive: true });
    writeFileSync(join(host, path), content, { mode: Number.parseInt(mode, 8) });
  }
});
afterAll(() => rmSync(host, { recursive: true, force: true }));

function python(...args: string[]) {
  const env = { ...process.env, PYTHONPATH: programs, PYTHONDONTWRITEBYTECODE: '1' };
  const { status, stdout, stderr } = spawnSync(hostPython, args, { encoding: 'utf8', env });
  return { status, stdout, stderr };
}

const check = (...args: string[]) => python(join(programs, 'check'), ...args);

describe('the checks on the host', () => {
  it('judge what they measure (test_*.py)', () => {
    const { status, stderr } = python('-m', 'unittest', 'discover', '-s', __dirname);
    expect(stderr).toMatch(/Ran \d\d+ tests/);
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('say UNKNOWN, and not CRITICAL, when they are called wrongly', () => {
    expect(check('nonsense')).toMatchObject({ status: 3, stderr: expect.stringContaining("invalid choice: 'nonsense'") });
    expect(check('queue', '--json')).toMatchObject({
      status: 3,
      stderr: expect.stringContaining("--json, --prometheus and --record belong to 'all', not to 'queue'"),
    });
    expect(check('queue', '--config', '/nonexistent')).toEqual({
      status: 3,
      stdout: 'QUEUE UNKNOWN - FileNotFoundError: No such file or directory\n',
      stderr: '',
    });
  });

  it('are reportedby --help', () => {
    const { status, stdout } = check('--help');
    expect(status).toBe(0);
    for (const name of [
      'processes',
      'ports',
      'spam',
      'virus',
      'unscanned',
      'maps',
      'logins',
      'queue',
      'signatures',
      'rules',
      'certificate',
      'blocklists',
      'fcrdns',
      'reputation',
    ])
      expect(stdout).toMatch(new RegExp(`^  ${name} +\\S`, 'm'));
  });

  it('believe the last run of the timer only while it is young', () => {
    const path = join(programs, 'checks.json');
    const config = { ...JSON.parse(readFileSync(path, 'utf8')), stateDirectory: host };
    const other = join(host, 'other.json');
    writeFileSync(other, JSON.stringify(config));
    const last = (name: string) => check(name, '--last', '--config', other);
    expect(last('all')).toMatchObject({ status: 3, stdout: 'ALL UNKNOWN - the checks were not run by their timer yet\n' });
    const report = (time: number) => ({
      time,
      checks: [{ name: 'queue', code: 1, message: '120 mails wait', seconds: 0.1, metrics: [{ name: 'length', value: 120 }] }],
    });
    writeFileSync(join(host, 'status.json'), JSON.stringify(report(Date.now() / 1000 - 60)));
    expect(last('queue')).toMatchObject({ status: 1, stdout: "QUEUE WARNING - 120 mails wait | 'length'=120\n" });
    expect(last('all')).toMatchObject({ status: 1, stdout: expect.stringMatching(/^ALL WARNING - queue: 120 mails wait/) });
    expect(last('spam')).toMatchObject({ status: 3, stdout: 'SPAM UNKNOWN - the last run has no such check\n' });
    writeFileSync(join(host, 'status.json'), JSON.stringify(report(Date.now() / 1000 - 7200)));
    expect(last('all')).toMatchObject({ status: 3, stdout: expect.stringContaining('the checks last ran 2 h ago') });
  });
});
