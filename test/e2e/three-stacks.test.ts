import { resolve } from 'node:path';
import { control, down, inLab, type Lab, type Prepared, prepare, run, startLab, withRegistrar } from '../../lab';
import type { VerifyReport } from '../../lib/verify';
import { cdktf, type Ended } from './support/commands';
import { reportSteps, testLab } from './support/lab';
import { everyRow } from './support/sampled';

const program = resolve(__dirname, 'three-stacks-program');
let lab: Lab;
let prepared: Prepared;

beforeAll(async () => {
  lab = testLab('apart');
  await startLab(lab, reportSteps, { timeFactor: 90, instancePackages: 'of the role' });
  await control(lab, 'port25', { open: true });
  prepared = await prepare(lab, { app: program, stack: 'mail' }, () => undefined);
});
afterAll(() => down(lab, reportSteps));

const inProgram = (...args: string[]) =>
  withRegistrar(lab, reportSteps, () => cdktf(lab, program, { ...prepared.environment }, ...args));

/** `mailserver` with nothing but the folder of the program. */
async function mailserver(...args: string[]) {
  const [file, ...rest] = await inLab(lab, [process.execPath, resolve('dist/cli/mailserver.js'), ...args]);
  return run(file, rest, { cwd: program, env: prepared.environment, timeout: 900_000, accept: [0, 1, 2] });
}

/** What there is at AWS. */
async function account() {
  const { snapshot } = await control(lab, 'settle');
  return {
    instances: snapshot.instances.filter(({ state }) => state !== 'terminated').length,
    reverseNames: snapshot.elasticIps.map(({ ptr }) => ptr),
    volumes: snapshot.volumeIds.length,
    zones: snapshot.zones.map(({ name }) => name).filter((name) => name === 'example.com.'),
  };
}

/** In which order stacks said something to cdktf. */
function stacksThatSay(words: string, { prefixed }: Ended): string[] {
  let stack = '';
  return prefixed.split('\n').flatMap((line) => {
    stack = /^(host|dns|mail) {2}/.exec(line)?.[1] ?? stack;
    return line.includes(words) ? [stack] : [];
  });
}

/** The tests are stations and run in order. */
describe('a host, its DNS and its mail server in three stacks', () => {
  test('are deployed by one command, the mail server last, and leave nothing to change', async () => {
    const ended = await inProgram('deploy', '*', '--auto-approve');
    expect(`${ended.code} ${ended.text}`).toMatch(/^0 /);
    const order = stacksThatSay('Apply complete!', ended);
    expect([...order].sort()).toEqual(['dns', 'host', 'mail']);
    expect(order.at(-1)).toBe('mail');
    expect(await account()).toEqual({
      instances: 1,
      reverseNames: ['mail.example.com.'],
      volumes: 2,
      zones: ['example.com.'],
    });
    // The mail server's reads the outputs of the others.
    for (const stack of everyRow ? ['host', 'dns', 'mail'] : ['mail']) {
      const look = await inProgram('diff', stack);
      expect({ stack, ...look }).toMatchObject({ stack, code: 0, text: expect.stringContaining('No changes.') });
    }
  });

  test('are what "mailserver verify" and "mailserver zone" find, by the outputs of all three', async () => {
    const { snapshot } = await control(lab, 'settle');
    const { subject, findings } = JSON.parse((await mailserver('verify', '--json')).stdout) as VerifyReport;
    expect(subject).toMatchObject({
      heloName: 'mail.example.com',
      addresses: snapshot.elasticIps.map(({ publicIpv4 }) => publicIpv4),
      domains: ['example.com', 'guests.test'],
    });
    const found = (check: string) => findings.filter((each) => each.check === check).map(({ state }) => state);
    for (const check of ['ptr', 'host-spam', 'relay']) expect(new Set(found(check))).toEqual(new Set(['ok']));
    expect(JSON.parse((await mailserver('zone', '--json')).stdout)).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'guests.test.', type: 'MX' })]),
    );
  });

  test('are destroyed by one command, the mail server first, and leave nothing', async () => {
    const ended = await inProgram('destroy', '*', '--auto-approve');
    expect(`${ended.code} ${ended.text}`).toMatch(/^0 /);
    const order = stacksThatSay('Destroy complete!', ended);
    expect(order[0]).toBe('mail');
    expect([...order].sort()).toEqual(['dns', 'host', 'mail']);
    expect(await account()).toEqual({ instances: 0, reverseNames: [], volumes: 0, zones: [] });
  });
});
