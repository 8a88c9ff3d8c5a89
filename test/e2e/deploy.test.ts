import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import {
  type Check,
  control,
  deploy,
  deployedHost,
  destroy,
  down,
  execIn,
  inLab,
  type Lab,
  outputDir,
  type Prepared,
  prepare,
  proveDeployment,
  run,
  type Subject,
  startLab,
  terraformPlan,
} from '../../lab';
import { reportEvents, reportSteps, testLab } from './support/lab';

const program = resolve(__dirname, 'program');

/** One deployment from nothing to nothing; the tests are its stations and run in order. */
describe('a deployment of the example', () => {
  let lab: Lab;
  let prepared: Prepared;
  let host: Subject;
  let checks: Check[] = [];
  const seenProcesses = new Set<string>();

  const synth = async (attributes: Record<string, unknown>) => {
    process.env.E2E_ROLE_ATTRIBUTES = JSON.stringify(attributes);
    prepared = await prepare(lab, { app: program }, reportSteps);
  };
  const plan = () => terraformPlan(lab, prepared.stack, prepared.environment);
  const onHost = (command: string) => execIn(lab, host.machine, ['sh', '-c', command], { timeout: 60_000 });

  /** What the cdktf command says, without its colours. */
  const cdktf = async (args: string[], environment: Record<string, string> = {}) => {
    const [file, ...rest] = await inLab(lab, [resolve('node_modules/.bin/cdktf'), ...args]);
    const env = { ...prepared.environment, ...environment };
    const { stdout, stderr } = await run(file, rest, { cwd: program, env, timeout: 300_000 });
    return stripVTControlCharacters(stdout + stderr);
  };

  beforeAll(async () => {
    lab = testLab('deploy');
    await startLab(lab, reportSteps);
    await synth({ access_sender: { 'first.test': 'REJECT' } });
  }, 400_000);

  afterAll(async () => {
    await down(lab, reportSteps);
  }, 120_000);

  test('is planned by the very first cdktf diff, lock step included, with nothing configured', async () => {
    const fresh = join(lab.stateDir, 'first-run');
    const text = await cdktf(['diff'], { CDKTF_OUTDIR: fresh, CDKTF_OUTPUT: fresh });
    expect(text).toContain('Installing mailserver.local/mail/mailserver');
    expect(text).toMatch(/Plan:.* \d+ to add, 0 to change, 0 to destroy/);
  }, 120_000);

  test('shows the DNS chain and whole files in its first plan', async () => {
    const { text } = await plan();
    expect(text).toMatch(/mail\.example\.com/);
    expect(text).toContain('"/etc/postfix/main.d/10_role.cf"');
    expect(text).toMatch(/\+ "amavisd-new"\s+= "installed"/);
    expect(text).toMatch(/\+ "1\. A {4}mail\.example\.com" = \(known after apply\)/);
    expect(text).toMatch(/\+ "2\. PTR {2}of that address" {2}= "mail\.example\.com\."/);
    expect(text).toMatch(/\+ "4\. MX {3}example\.com" {6}= "10 mail\.example\.com\."/);
  }, 120_000);

  test('is applied without an error', async () => {
    const watch = setInterval(() => {
      for (const line of execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n')) seenProcesses.add(line);
    }, 500);
    try {
      const result = await deploy(lab, prepared, reportEvents);
      expect(result).toMatchObject({ destroyed: 0 });
    } finally {
      clearInterval(watch);
    }
    host = await deployedHost(lab, prepared);
  }, 400_000);

  test('leaves nothing to change', async () => {
    const { changes, text } = await plan();
    expect(text).toContain('No changes.');
    expect(changes).toBe(false);
  }, 120_000);

  describe('as seen from outside', () => {
    beforeAll(async () => {
      checks = await proveDeployment(lab, prepared);
    }, 300_000);

    test('passes every check of the table', () => {
      expect(checks.filter(({ ok }) => !ok)).toEqual([]);
      expect(checks.length).toBeGreaterThanOrEqual(12);
    });
  });

  test('shows an edited line of a managed file, and puts it back', async () => {
    await onHost("sed -i 's/^smtpd_helo_required.*/smtpd_helo_required = no/' /etc/postfix/main.d/10_role.cf");
    const { text } = await plan();
    expect(text).toMatch(/~ "\/etc\/postfix\/main\.d\/10_role\.cf"/);
    expect(text).toMatch(/- smtpd_helo_required = no/);
    expect(text).toMatch(/\+ smtpd_helo_required = yes/);
    expect(text).toContain('0 to add, 1 to change, 0 to destroy');
    await deploy(lab, prepared, reportEvents);
    expect((await onHost('postconf -h smtpd_helo_required')).stdout.trim()).toBe('yes');
    expect((await plan()).changes).toBe(false);
  }, 300_000);

  test('shows a changed map entry, and reloads nothing but Postfix', async () => {
    await synth({ access_sender: { 'first.test': 'REJECT', 'spammer.test': 'REJECT not welcome here' } });
    const { text } = await plan();
    expect(text).toMatch(/\+ spammer\.test\s+REJECT not welcome here/);
    expect(text).toContain('0 to add, 1 to change, 0 to destroy');
    const units = ['amavis', 'postgrey', 'policyd-weight', 'clamav-daemon', 'postfix'];
    const started = async () =>
      (await onHost(`systemctl show -P ActiveEnterTimestampMonotonic -P MainPID ${units.join(' ')}`)).stdout;
    const before = await started();
    await deploy(lab, prepared, reportEvents);
    expect(await started()).toBe(before);
    expect((await onHost('journalctl -u postfix -n 50 -o cat')).stdout).toMatch(/reload|refreshing/i);
    const query =
      'postmap -q spammer.test "$(postconf -xh smtpd_recipient_restrictions | grep -o "[^ ]*/access-sender" | head -n 1)"';
    expect((await onHost(query)).stdout.trim()).toBe('REJECT not welcome here');
    expect((await plan()).changes).toBe(false);
  }, 300_000);

  test('is the same through cdktf diff and cdktf deploy', async () => {
    expect(await cdktf(['diff'])).toContain('No changes.');
    expect(await cdktf(['deploy', '--auto-approve'])).toMatch(/No changes\.|0 added, 0 changed, 0 destroyed/);
  }, 400_000);

  test('keeps keys and passwords out of state, plans, logs and process lists', async () => {
    const key = readFileSync(prepared.environment.MAILSERVER_SSH_PRIVATE_KEY_FILE as string, 'utf8');
    const secret = key.split('\n').filter((line) => line && !line.startsWith('-----'))[1] as string;
    expect(secret.length).toBeGreaterThan(30);
    const files = filesBelow(outputDir(lab)).concat(filesBelow(lab.stateDir, (name) => name.endsWith('.log')));
    expect(files.length).toBeGreaterThan(3);
    for (const file of files)
      expect({ file, leaks: readFileSync(file, 'utf8').includes(secret) }).toEqual({ file, leaks: false });
    expect([...seenProcesses].filter((line) => line.includes(secret) || line.includes('PRIVATE KEY'))).toEqual([]);
    expect(seenProcesses.size).toBeGreaterThan(10);
  });

  test('is destroyed in order, and leaves nothing in the cloud', async () => {
    await destroy(lab, prepared, reportEvents);
    const { snapshot, errors } = await control(lab, 'settle');
    expect(errors).toEqual({});
    expect(snapshot.instances.filter(({ state }) => state !== 'terminated')).toEqual([]);
    expect(snapshot.elasticIps).toEqual([]);
    expect(snapshot.zones).toEqual([]);
  }, 300_000);
});

function filesBelow(folder: string, wanted: (name: string) => boolean = () => true): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !/terraform-provider-|node_modules|machines\/|\/root\//.test(name) && wanted(name))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
}
