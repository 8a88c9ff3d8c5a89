import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TerraformVariable } from 'cdktf';
import { ensureImages, type ImageName } from '../../lab/images';
import { bootMachine, execIn, labKey, tearDown, waitForSsh } from '../../lab/machines';
import { ensureInternet, internet } from '../../lab/network';
import { type Lab, waitFor } from '../../lab/system';
import type { MailserverRoleConfig } from '../../lib/constructs/resources';
import { TerraformRun, unwrapped } from '../provider/support/terraform-run';
import { watchCommandLines } from './support/command-lines';
import { machinesLab } from './support/lab';
import { expectWithin } from './support/pace';

const address = '198.51.100.25';
const oldAddress = '198.51.100.12';
const machine = 'mx1';

let lab: Lab;
let config: MailserverRoleConfig;
let terraform: TerraformRun;
let key: { readonly path: string; readonly publicKey: string };

const onHost = async (script: string) => (await execIn(lab, machine, ['bash', '-ec', script])).stdout.trim();
const stack = (name: string) => new TerraformRun(lab, join(lab.stateDir, `stack-${name}`));
const freshProgress = () => rmSync(terraform.progress, { force: true });
const progress = () => (existsSync(terraform.progress) ? readFileSync(terraform.progress, 'utf8') : '');
/** Everything of the role on the host that an apply may change, as one text. */
const fingerprint = () => onHost('cd / && find etc/postfix etc/mail etc/amavis etc/default -type f | sort | xargs sha256sum');

/** Processes of this provider, wherever they come from. */
function providerProcesses(): string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => {
      try {
        return (
          readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(lab.stateDir) &&
          /provider-mailserver/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
        );
      } catch {
        return false;
      }
    });
}

const boot = (name: string, image: ImageName, ipv4: string) =>
  bootMachine(lab, {
    name,
    image,
    hostName: `${name}.example.com`,
    network: internet,
    addresses: [`${ipv4}/24`],
    gateways: [],
    nameServers: ['198.51.100.1'],
    publicKeys: [key.publicKey],
    volumes: [],
    cloudInit: { instanceId: name, userData: '' },
  });

beforeAll(async () => {
  lab = await machinesLab('p');
  await ensureImages(lab.cacheDir, ['debian-13-mail', 'debian-12'], () => undefined);
  await ensureInternet(lab);
  key = await labKey(lab);
  await boot(machine, 'debian-13-mail', address);
  await boot('mx0', 'debian-12', oldAddress);
  await waitForSsh(lab, address);
  await waitForSsh(lab, oldAddress);
  // Until then PAM lets nobody but root in.
  for (const name of [machine, 'mx0']) await execIn(lab, name, ['sh', '-c', 'systemctl is-system-running --wait || true']);
  // Something is left to install.
  await onHost('apt-get purge -qq -y postgrey policyd-weight');
  config = {
    heloName: 'mx1.example.com',
    connection: { host: address, privateKeyPath: key.path, timeoutSeconds: 60 },
    instanceId: 'one',
    virtualAliases: { 'info@example.com': ['someone@example.net'] },
  };
  terraform = stack('main');
});

afterAll(async () => {
  await tearDown(lab);
  await rm(lab.stateDir, { recursive: true });
});

describe('before anything is changed', () => {
  const refusal = async (name: string, settings: Partial<MailserverRoleConfig>, ...args: string[]) => {
    const wrong = stack(`wrong-${name}`);
    wrong.synth({ ...config, ...settings });
    await wrong.init();
    const { code, text } = await wrong.plan(...args);
    return { code, text: unwrapped(text) };
  };

  test('a host of Debian 12 is refused by the plan', async () => {
    const { code, text } = await refusal('system', { connection: { ...config.connection, host: oldAddress } });
    expect(text).toContain('Error: the mail host runs an unsupported system');
    expect(text).toMatch(/198\.51\.100\.12:22 runs Debian GNU\/Linux 12 \(bookworm\)/);
    expect(code).toBe(1);
  });

  test('a host with another key than the pinned one is refused by the plan, with both fingerprints', async () => {
    const hostKey = `SHA256:${'A'.repeat(43)}`;
    const { code, text } = await refusal('key', { connection: { ...config.connection, hostKey } });
    expect(code).toBe(1);
    expect(text).toContain(hostKey);
    expect(text.match(/SHA256:/g)?.length).toBeGreaterThanOrEqual(2);
  });

  test('a private key that is none is refused by the plan, at its attribute', async () => {
    const privateKeyPath = join(lab.stateDir, 'no-key');
    writeFileSync(privateKeyPath, 'this is not a key');
    const { code, text } = await refusal('private', { connection: { ...config.connection, privateKeyPath } });
    expect(code).toBe(1);
    expect(text).toContain('the private key cannot be used');
    expect(text).toContain('no-key');
  });

  test('a host that does not answer is a warning of the plan and an error of the apply', async () => {
    const wrong = stack('silent');
    wrong.synth({ ...config, connection: { ...config.connection, port: 2222, timeoutSeconds: 2 } });
    await wrong.init();
    const plan = await wrong.plan();
    expect(plan.code).toBe(2);
    expect(unwrapped(plan.text)).toContain('Warning: the mail host cannot be reached');
    const apply = await wrong.apply();
    expect(apply.code).toBe(1);
    expect(unwrapped(apply.text)).toContain('Error: the mail host cannot be reached');
    expect(unwrapped(apply.text)).toContain(`${address}:2222`);
    expect(JSON.parse(readFileSync(wrong.stateFile, 'utf8')).resources).toEqual([]);
  });

  test('a stack finds its provider without configuration, and locks it', async () => {
    terraform.synth(config);
    const { code, text } = await terraform.init();
    expect(text).toContain('Reusing previous version of mailserver.local/mail/mailserver from the dependency lock file');
    expect(code).toBe(0);
  });
});

describe('an apply', () => {
  test('that is killed together with its provider leaves the host as it was', async () => {
    const running = terraform.start('apply', '-no-color', '-auto-approve');
    await waitFor('the packages', async () => progress().includes('packages: install'), { deadline: 60_000 });
    running.child.kill('SIGKILL');
    await running.done;
    await waitFor('the end of the provider', async () => providerProcesses().length === 0, { deadline: 10_000 });
    await waitFor('the end of apt', async () => (await onHost('pgrep -c "apt-get|dpkg" || true')) === '0', { deadline: 120_000 });
    expect(await onHost('ls /etc/postfix/main.d /usr/lib/mailserver 2>&1 || true')).not.toContain('10_role.cf');
  });

  test('brings the host into the role', async () => {
    rmSync(join(terraform.stateFile, '..', '.terraform.tfstate.lock.info'), { force: true });
    freshProgress();
    const { code, text } = await terraform.apply();
    expect(text).toContain('Apply complete! Resources: 1 added');
    expect(code).toBe(0);
    expect(await onHost('cat /etc/postfix/myhostname; systemctl is-active postfix amavis postgrey')).toBe(
      'mx1.example.com\nactive\nactive\nactive',
    );
    expect(progress()).toContain(`${address}:22 [`);
  });

  test('leaves nothing to change, and changes nothing then', async () => {
    const { code, text } = await terraform.plan();
    expect(text).toContain('No changes.');
    expect(code).toBe(0);
    const before = await fingerprint();
    expect((await terraform.apply()).text).toContain('Resources: 0 added, 0 changed, 0 destroyed');
    expect(await fingerprint()).toBe(before);
  });

  test('puts back what somebody changed on the host, after the plan has shown the line', async () => {
    const before = await fingerprint();
    await onHost('echo "# by hand" >> /etc/postfix/main.d/10_role.cf; systemctl stop postgrey');
    const plan = await terraform.plan();
    expect(plan.code).toBe(2);
    expect(plan.text).toMatch(/^\s+- # by hand$/m);
    expect(plan.text).toMatch(/~ "postgrey\.service"\s+= "stopped, enabled" -> "running"/);
    expect(plan.text).toContain('0 to add, 1 to change, 0 to destroy');
    const apply = await terraform.apply();
    expect(apply.text).toContain('0 added, 1 changed, 0 destroyed');
    expect(await fingerprint()).toBe(before);
    expect(await onHost('systemctl is-active postgrey')).toBe('active');
  });

  test('of a changed map shows that line and reloads nothing but Postfix', async () => {
    const since = await onHost('systemctl show -p ExecMainStartTimestampMonotonic postfix amavis postgrey');
    terraform.synth({ ...config, virtualAliases: { 'info@example.com': ['someone@example.net', 'other@example.net'] } });
    const plan = await terraform.plan();
    expect(plan.text).toMatch(/^\s+- info@example\.com someone@example\.net$/m);
    expect(plan.text).toMatch(/^\s+\+ info@example\.com someone@example\.net, other@example\.net$/m);
    expect((await terraform.apply()).text).toContain('1 changed');
    expect(await onHost('postmap -q info@example.com cdb:/var/lib/mailserver/postfix/current/maps/virtual-aliases')).toContain(
      'other@',
    );
    expect(await onHost('systemctl show -p ExecMainStartTimestampMonotonic postfix amavis postgrey')).toBe(since);
  });

  test('that takes a map over from the service users shows what they lose', async () => {
    await onHost('echo theirs.test >>/etc/mail/relay-domains; /etc/init.d/postfix reload');
    expect((await terraform.plan()).text).toContain('No changes.');
    terraform.synth({ ...config, relayDomains: ['ours.test'] });
    const plan = await terraform.plan();
    expect(plan.text).toMatch(/~ "\/etc\/mail\/relay-domains"\s+= <<-EOT/);
    expect(plan.text).toMatch(/^\s+- theirs\.test$/m);
    expect(plan.text).toMatch(/^\s+\+ ours\.test$/m);
  });

  test('R8: of a map from a file shows the lines that change, sends these, and keeps none in the state', async () => {
    const { virtualAliases: _, ...others } = config;
    const file = join(lab.stateDir, 'aliases');
    const entries = Array.from({ length: 20_000 }, (__, index) => `user${index}@aliases.example target${index}@example.net`);
    const write = () => writeFileSync(file, entries.map((line) => `${line}\n`).join(''));
    const compiled = (key: string) => onHost(`postmap -q ${key} cdb:/var/lib/mailserver/postfix/current/maps/virtual-aliases`);
    const sent = () => Number(/virtual-aliases, (\d+) bytes were sent/.exec(progress())?.[1]);
    write();
    freshProgress();
    terraform.synth({ ...others, mapFiles: { virtualAliases: file } });
    expect((await terraform.apply()).text).toContain('1 changed');
    expect(await compiled('user19999@aliases.example')).toBe('target19999@example.net');
    expect(sent()).toBeGreaterThan(50_000);
    expect((await terraform.plan()).text).toContain('No changes.');

    entries[7] = 'user7@aliases.example moved@example.net';
    write();
    terraform.synth({ ...others, mapFiles: { virtualAliases: file } });
    const plan = await terraform.plan();
    expect(plan.text).toMatch(
      /~ "\/etc\/mail\/virtual-aliases" += "20000 lines, SHA-256 \w{64}" -> "20000 lines, SHA-256 \w{64}"/,
    );
    expect(plan.text).toMatch(/- user7@aliases\.example target7@example\.net\n.*\+ user7@aliases\.example moved@example\.net\n/);
    expect(plan.text).not.toContain('user8@');
    freshProgress();
    expect((await terraform.apply()).text).toContain('1 changed');
    expect(await compiled('user7@aliases.example')).toBe('moved@example.net');
    expect(sent()).toBeLessThan(5000);
    expect(readFileSync(terraform.stateFile, 'utf8')).not.toContain('@aliases.example');

    await onHost('sed -i "s/^user9@.*/user9@aliases.example hacker@example.org/" /etc/mail/virtual-aliases');
    expect((await terraform.plan()).text).toMatch(
      /- user9@aliases\.example hacker@example\.org\n.*\+ user9@aliases\.example target9@/,
    );
    expect((await terraform.apply()).text).toContain('1 changed');
    expect(await compiled('user9@aliases.example')).toBe('target9@example.net');
  });

  test('R18: sets passwords that no plan, state, log or command line has', async () => {
    const secrets = { alice: 'the-first-of-alice', bob: 'the-only-one-of-bob', later: 'the-second-of-alice' };
    const withUsers = (users: Readonly<Record<string, { variable: string; version: number }>>) =>
      terraform.synth((stack) => ({
        ...config,
        submissionUsers: Object.fromEntries(
          Object.entries(users).map(([name, { variable, version }]) => {
            const password = new TerraformVariable(stack, variable, { type: 'string', sensitive: true });
            password.addOverride('ephemeral', true);
            return [name, { password: password.stringValue, passwordVersion: version }];
          }),
        ),
      }));
    const login = (user: string, password: string) =>
      onHost(`python3 - <<'EOF'
import smtplib, ssl
session = smtplib.SMTP('127.0.0.1', 587)
context = ssl.create_default_context()
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
session.starttls(context=context)
try:
    print(session.login('${user}', '${password}')[0])
except smtplib.SMTPAuthenticationError as error:
    print(error.smtp_code)
EOF`);
    /** Everything that Terraform and the host wrote down, and every command line while it was at work. */
    const leaks = async (work: Promise<unknown>): Promise<string[]> => {
      const { seen, end } = watchCommandLines();
      await work.finally(end);
      expect(seen.size).toBeGreaterThan(10);
      const files = readdirSync(terraform.folder).filter((name) => /tfstate|plan|\.tf\.json$/.test(name));
      const unpack = 'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(*(z.read(n) for n in z.namelist()))';
      const size = { maxBuffer: 256 * 1024 * 1024 };
      const plan = spawnSync('python3', ['-c', unpack, join(terraform.folder, 'plan')], { encoding: 'latin1', ...size });
      expect(plan.status).toBe(0);
      const texts: Record<string, string> = { plan: plan.stdout, log: readFileSync(terraform.log, 'utf8'), progress: progress() };
      for (const name of files) texts[name] = readFileSync(join(terraform.folder, name), 'latin1');
      texts.processes = [...seen].join('\n');
      texts.journal = await onHost(
        'journalctl -o cat; cat /var/lib/mailserver/transaction/log /var/log/*.log 2>/dev/null || true',
      );
      texts.host = await onHost(
        `grep -rlE '${Object.values(secrets).join('|')}' /var/lib/mailserver /etc /run /root /tmp 2>/dev/null | grep -v /sasldb2$ || true`,
      );
      expect(texts.host).toBe('');
      return Object.entries(texts).flatMap(([where, text]) =>
        Object.values(secrets).some((secret) => text.includes(secret)) ? [where] : [],
      );
    };
    const planAndApply = async () => {
      const plan = await terraform.plan('-out=plan');
      expect(plan.code).toBe(2);
      const { code, text } = await terraform.run('apply', '-no-color', '-input=false', 'plan');
      expect(`${code} ${text}`).toMatch(/^0 /);
      return plan.text + text;
    };

    await onHost('echo made-by-hand | saslpasswd2 -p -c carol');
    terraform.variables = { one: secrets.alice, two: secrets.bob };
    withUsers({ alice: { variable: 'one', version: 1 }, bob: { variable: 'two', version: 1 } });
    const work = planAndApply();
    expect(await leaks(work)).toEqual([]);
    expect(await work).toMatch(/\+ password += \(sensitive, write-only attribute\)/);
    expect([await login('alice', secrets.alice), await login('bob', secrets.bob), await login('carol', 'made-by-hand')]).toEqual([
      '235',
      '235',
      '235',
    ]);

    // Without a new version nobody can see that the value changed.
    terraform.variables = { one: secrets.later };
    withUsers({ alice: { variable: 'one', version: 2 } });
    const again = planAndApply();
    expect(await leaks(again)).toEqual([]);
    expect(await again).toMatch(/~ password_version += 1 -> 2/);
    expect([await login('alice', secrets.alice), await login('alice', secrets.later)]).toEqual(['535', '235']);
    expect(await onHost('sasldblistusers2')).toBe('alice@mailserver: userPassword\ncarol@mailserver: userPassword');
    expect((await terraform.plan()).text).toContain('No changes.');
    await onHost('echo changed-by-hand | saslpasswd2 -p alice');
    expect((await terraform.plan()).text).toContain('"stale: the password of alice was changed on the host" -> "current"');
    terraform.synth(config);
    expect((await terraform.apply()).code).toBe(0);
    expect(await onHost('sasldblistusers2')).toBe('carol@mailserver: userPassword');
  });

  test('that is interrupted by Ctrl-C leaves the host as it was, and the next one goes on', async () => {
    const before = await fingerprint();
    terraform.synth({ ...config, greylistDelaySeconds: 90 });
    freshProgress();
    const running = terraform.start('apply', '-no-color', '-auto-approve');
    await waitFor('the validation', async () => progress().includes('validate:'), { deadline: 60_000 });
    process.kill(-(running.child.pid ?? 0), 'SIGINT');
    const { code, text } = await running.done;
    expect(code).not.toBe(0);
    expect(text).toContain('Interrupt received');
    await waitFor('the old state', async () => (await fingerprint()) === before, { deadline: 60_000 });
    expect(providerProcesses()).toEqual([]);
    expect((await terraform.apply()).text).toContain('1 changed');
    expect(await onHost('cat /etc/default/postgrey')).toContain('--delay=90');
  });
});

describe('an apply that is repeated while the host waits for the confirmation of one that was killed', () => {
  test('waits for its end, and claims no state that the host takes back', async () => {
    terraform.synth({ ...config, greylistDelaySeconds: 91 });
    freshProgress();
    const running = terraform.start('apply', '-no-color', '-auto-approve');
    await waitFor('the last probe', async () => progress().includes('submission on port 465'), { deadline: 90_000 });
    process.kill(-(running.child.pid ?? 0), 'SIGKILL');
    await running.done;
    await waitFor('the end of the provider', async () => providerProcesses().length === 0, { deadline: 10_000 });
    rmSync(join(terraform.stateFile, '..', '.terraform.tfstate.lock.info'), { force: true });
    freshProgress();
    const { code, text } = await terraform.apply();
    expect(text).toContain('1 changed');
    expect(code).toBe(0);
    expect(progress()).toContain('waiting for the end of another apply');
    const transaction = '/var/lib/mailserver/transaction';
    expect(await onHost(`cat ${transaction}/result; ls ${transaction}/armed 2>&1 || true`)).toMatch(
      /^::result done \n.*No such file/,
    );
    expect(await onHost('cat /etc/default/postgrey')).toContain('--delay=91');
    expect((await terraform.plan()).text).toContain('No changes.');
  });
});

describe('secrets', () => {
  test('the private key is in no state, plan or log', async () => {
    await terraform.run('plan', '-no-color', '-out=saved.plan');
    const shown = await terraform.run('show', '-json', 'saved.plan');
    const body = readFileSync(key.path, 'utf8').split('\n').slice(1, -2);
    expect(body.length).toBeGreaterThan(2);
    const log = readFileSync(terraform.log, 'utf8');
    expect(log).toMatch(/\[INFO\] .*validate: Postfix/);
    for (const line of body) {
      expect(shown.text).not.toContain(line);
      expect(log).not.toContain(line);
      expect(readFileSync(terraform.stateFile, 'utf8')).not.toContain(line);
      expect(readFileSync(join(terraform.stateFile, '..', 'saved.plan')).toString('latin1')).not.toContain(line);
    }
  });
});

describe('the identity of the host', () => {
  test('is guarded: another host key stops the plan, a new instance id accepts it', async () => {
    await onHost(
      'rm /etc/ssh/ssh_host_*; ssh-keygen -q -t ed25519 -N "" -f /etc/ssh/ssh_host_ed25519_key; systemctl restart ssh',
    );
    const plan = await terraform.plan();
    expect(plan.code).toBe(1);
    expect(unwrapped(plan.text)).toContain('give it a new instance_id');
    terraform.synth({ ...config, greylistDelaySeconds: 90, instanceId: 'two' });
    const apply = await terraform.apply();
    expect(apply.text).toContain('1 changed');
    expect((await terraform.plan()).code).toBe(0);
  });
});

describe('a host that is there already', () => {
  test('is imported by its address, and the plan shows how it differs', async () => {
    const other = stack('imported');
    other.synth({ ...config, greylistDelaySeconds: 91, instanceId: 'known-to-the-cloud' });
    await other.init();
    const { code, text } = await other.run(
      'import',
      '-no-color',
      'mailserver_role.role',
      `admin@${address}?private_key_path=${key.path}`,
    );
    expect(text).toContain('Import successful!');
    expect(code).toBe(0);
    const plan = await other.plan();
    expect(plan.text).toContain('0 to add, 1 to change, 0 to destroy');
    expect(plan.text).not.toContain('(known after apply)');
    expect(plan.text).toMatch(/^\s+- POSTGREY_OPTS=.*--delay=90/m);
    expect(plan.text).toMatch(/^\s+\+ POSTGREY_OPTS=.*--delay=91/m);
  });
});

test('a role that is replaced with a bad change goes on to run as it was, and the next apply takes it over', async () => {
  terraform.synth({ ...config, onDestroy: 'stop' });
  expect((await terraform.apply()).code).toBe(0);
  const look = 'systemctl is-active postfix; systemctl show -p MainPID --value postfix; cat /etc/postfix/main.cf | sha256sum';
  const before = await onHost(look);
  terraform.synth({ ...config, onDestroy: 'stop', mainCf: { smtpd_client_restrictions: 'reject' } });
  const { code, text } = await terraform.apply('-replace=mailserver_role.role');
  expect(code).toBe(1);
  expect(unwrapped(text)).toContain('Destruction complete');
  expect(unwrapped(text)).toContain('the change was refused, the mail host keeps its old state');
  expect(before).toMatch(/^active/);
  expect(await onHost(look)).toBe(before);
  terraform.synth(config);
  expect((await terraform.apply()).code).toBe(0);
});

describe('a destroy', () => {
  test('leaves the host running and says so', async () => {
    const { code, text } = await terraform.destroy();
    expect(code).toBe(0);
    expect(unwrapped(text)).toContain('the host was left as it is');
    expect(await onHost('systemctl is-active postfix')).toBe('active');
  });

  test('removes the role when asked to', async () => {
    terraform.synth({ ...config, greylistDelaySeconds: 90, instanceId: 'two', onDestroy: 'remove' });
    expect((await terraform.apply()).code).toBe(0);
    expect((await terraform.destroy()).code).toBe(0);
    expect(await onHost('systemctl is-active postfix || true; ls /etc/postfix/main.d')).not.toMatch(/^active|10_role/m);
  });

  test('of a host that is gone does not hang', async () => {
    terraform.synth({ ...config, instanceId: 'two' });
    expect((await terraform.apply()).code).toBe(0);
    expect(await onHost('systemctl stop ssh; ss -Hltn sport = 22')).toBe('');
    expect(unwrapped((await terraform.plan()).text)).toContain('Warning: the mail host cannot be reached');
    const begin = Date.now();
    const { code, text } = await terraform.destroy();
    expect(text).toContain('Resources: 0 added, 0 changed, 1 destroyed');
    expect(code).toBe(0);
    await expectWithin(40_000, Date.now() - begin);
  });
});
