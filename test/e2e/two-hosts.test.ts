import { resolve } from 'node:path';
import { control, down, execIn, inLab, type Lab, type Prepared, prepare, run, startLab, withRegistrar } from '../../lab';
import type { VerifyReport } from '../../lib/verify';
import { cdktf, inOneLine } from './support/commands';
import { reportSteps, testLab } from './support/lab';

const program = resolve(__dirname, 'two-hosts-program');
let lab: Lab;
let prepared: Prepared;
/** What the program reads. */
const wanted: Record<string, string> = {};
const hosts = (of: Record<string, object>) => {
  wanted.E2E_HOSTS = JSON.stringify(of);
};

beforeAll(async () => {
  hosts({ mx1: {}, mx2: { mxPreference: 20 } });
  Object.assign(process.env, wanted);
  lab = testLab('hosts');
  await startLab(lab, reportSteps, { timeFactor: 90, instancePackages: 'of the role' });
  await control(lab, 'port25', { open: true });
  prepared = await prepare(lab, { app: program, stack: 'hosts' }, () => undefined);
});
afterAll(async () => {
  for (const name of Object.keys(wanted)) delete process.env[name];
  await down(lab, reportSteps);
});

const inProgram = (...args: string[]) =>
  withRegistrar(lab, reportSteps, () => cdktf(lab, program, { ...prepared.environment, ...wanted }, ...args));
async function succeeds(...args: string[]): Promise<string> {
  const ended = await inProgram(...args);
  expect(`${ended.code} ${ended.text}`).toMatch(/^0 /);
  return ended.text;
}
const deploy = () => succeeds('deploy', '--auto-approve');

async function verify(...args: string[]): Promise<readonly VerifyReport[]> {
  const command = [process.execPath, resolve('dist/cli/mailserver.js'), 'verify', '--json', ...args];
  const [file, ...rest] = await inLab(lab, command);
  const { stdout } = await run(file, rest, { cwd: program, env: prepared.environment, timeout: 900_000, accept: [0, 1, 2] });
  return [JSON.parse(stdout)].flat();
}
const states = (report: VerifyReport, check: string) =>
  new Set(report.findings.filter((finding) => finding.check === check).map(({ state }) => state));

/** The machine with this reverse name. */
async function onHost(helo: string, command: string): Promise<string> {
  const { snapshot } = await control(lab, 'settle');
  const own = snapshot.elasticIps.find(({ ptr }) => ptr === `${helo}.`);
  const instance = snapshot.instances.find(
    ({ vpcId, privateIpv4, state }) => vpcId === own?.vpcId && privateIpv4 === own?.privateIpv4 && state === 'running',
  );
  const { stdout } = await execIn(lab, instance?.id ?? '', ['sh', '-c', command]);
  return stdout.trim();
}
const refused = (helo: string) =>
  onHost(helo, 'postmap -q spammer.test cdb:/var/lib/mailserver/postfix/current/maps/access-sender || true');

/** The tests are stations and run in order. */
describe('two hosts of one domain', () => {
  test('are deployed one after the other, and verify finds both named', async () => {
    const text = await deploy();
    const at = (words: RegExp) => text.search(words);
    expect(at(/mail_mx1examplecom_Role_\w+: Creation complete/)).toBeGreaterThan(0);
    expect(at(/mail_mx2examplecom_Role_\w+: Creating\.\.\./)).toBeGreaterThan(
      at(/mail_mx1examplecom_Role_\w+: Creation complete/),
    );
    const reports = await verify();
    expect(reports.map(({ subject }) => subject.heloName)).toEqual(['mx1.example.com', 'mx2.example.com']);
    for (const report of reports)
      for (const check of ['mx', 'ptr', 'spf', 'relay', 'host-spam'])
        expect([check, states(report, check)]).toEqual([check, new Set(['ok'])]);
    const found = reports[0]?.findings.find(({ check }) => check === 'mx')?.found;
    expect(found).toBe('10 mx1.example.com., 20 mx2.example.com.');
    expect(await verify('--host', 'mx2.example.com')).toMatchObject([{ subject: { heloName: 'mx2.example.com' } }]);
  });

  test('neither takes a change that the first of them refuses, and both take it afterwards', async () => {
    wanted.E2E_ACCESS_SENDER = JSON.stringify({ 'spammer.test': 'REJECT not here' });
    await onHost('mx1.example.com', 'echo nonsense >/etc/postfix/main.d/60_root.cf');
    const ended = await inProgram('deploy', '--auto-approve');
    expect(ended.code).toBe(1);
    expect(inOneLine(ended.text)).toMatch(/Error: the change was refused, the mail host keeps its old state/);
    expect([await refused('mx1.example.com'), await refused('mx2.example.com')]).toEqual(['', '']);
    await onHost('mx1.example.com', 'rm /etc/postfix/main.d/60_root.cf');
    await deploy();
    expect([await refused('mx1.example.com'), await refused('mx2.example.com')]).toEqual(['REJECT not here', 'REJECT not here']);
  });

  test('one leaves: first no MX names it, then it goes, and the other is left as it is', async () => {
    hosts({ mx1: {}, mx2: { mxPreference: false } });
    const text = await deploy();
    expect(text).toMatch(/Resources: 0 added, [1-9] changed, 0 destroyed/);
    expect(text).not.toMatch(/Role_\w+: Modifying/);
    const [, second] = await verify();
    for (const check of ['mx', 'spf']) expect([check, states(second as VerifyReport, check)]).toEqual([check, new Set(['ok'])]);
    hosts({ mx1: {} });
    expect(await deploy()).not.toMatch(/mail_mx1examplecom_Role_\w+: (Modifying|Destroying)/);
    const { snapshot, errors } = await control(lab, 'settle');
    expect(errors).toEqual({});
    expect(snapshot.instances.filter(({ state }) => state !== 'terminated')).toHaveLength(1);
    expect(snapshot.elasticIps.map(({ ptr }) => ptr)).toEqual(['mx1.example.com.']);
    expect(await succeeds('diff')).toContain('No changes.');
  });

  test('the last one is destroyed, and nothing is left', async () => {
    await succeeds('destroy', '--auto-approve');
    const { snapshot } = await control(lab, 'settle');
    expect(snapshot.instances.filter(({ state }) => state !== 'terminated')).toEqual([]);
    expect(snapshot.zones.map(({ name }) => name)).not.toContain('example.com.');
  });
});
