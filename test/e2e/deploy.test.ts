import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  arrivedMail,
  awsCall,
  type Check,
  control,
  deploy,
  deployedHost,
  destroy,
  down,
  execIn,
  inLab,
  type Lab,
  lookUp,
  outputDir,
  type Prepared,
  prepare,
  proveDeployment,
  refusedMails,
  resolver,
  run,
  type Subject,
  startLab,
  strictReceiver,
  terraformPlan,
  verifyReport,
  waitFor,
  withRegistrar,
} from '../../lab';
import { reverseName } from '../../lab/dns/names';
import { operatorIpv4 } from '../../lab/network/addresses';
import { capacityOf } from '../../lib/role/capacity';
import type { VerifyReport } from '../../lib/verify';
import { forbidden, silent, whileObserved } from './support/chain-observer';
import { chainIn } from './support/chain-rows';
import { watchCommandLines } from './support/command-lines';
import { cdktf as cdktfIn, inOneLine } from './support/commands';
import { reportEvents, reportSteps, testLab } from './support/lab';
import { expectWithin } from './support/pace';
import { testOfAll } from './support/sampled';

const program = resolve(__dirname, 'program');
const attributes = { access_sender: { 'first.test': 'REJECT', 'spammer.test': 'REJECT not welcome here' } };

/** One deployment from nothing to nothing; the tests are its stations and run in order. */
describe('a deployment of the example', () => {
  let lab: Lab;
  let prepared: Prepared;
  let host: Subject;
  let checks: Check[] = [];
  let firstDiff = '';
  let seenProcesses: ReadonlySet<string> = new Set();

  const synth = async (attributes: Record<string, unknown>) => {
    process.env.E2E_ROLE_ATTRIBUTES = JSON.stringify(attributes);
    prepared = await prepare(lab, { app: program }, reportSteps);
  };
  const plan = () => terraformPlan(lab, prepared.stack, prepared.environment);
  const onHost = (command: string) => execIn(lab, host.machine, ['sh', '-c', command], { timeout: 300_000 });

  /** What the cdktf command says, which has to succeed. */
  const cdktf = async (args: string[], environment: Record<string, string> = {}) => {
    const ended = await cdktfIn(lab, program, { ...prepared.environment, ...environment }, ...args);
    expect(`${ended.code} ${ended.text}`).toMatch(/^0 /);
    return ended.text;
  };

  const terraform = async (args: string[]) => {
    const [file, ...rest] = await inLab(lab, ['terraform', ...args]);
    return run(file, rest, { cwd: prepared.stack.dir, env: prepared.environment, timeout: 900_000 });
  };

  /** The plan as one line, also of a plan that fails. */
  const planWords = async () => {
    const [file, ...rest] = await inLab(lab, ['terraform', 'plan', '-input=false', '-no-color', '-lock=false']);
    const accept = [0, 1, 2];
    const { stdout, stderr } = await run(file, rest, { cwd: prepared.stack.dir, env: prepared.environment, accept });
    return { text: inOneLine(stdout + stderr) };
  };

  /** Changes a record in the cloud's own way, past Terraform. */
  const changeRecord = async (action: string, name: string, type: string, values: string[]) => {
    const zones = await awsCall(lab, 'route53', '/2013-04-01/hostedzone');
    const zone = /<Id>\/?hostedzone\/([^<]+)<\/Id>/.exec(zones)?.[1];
    const records = values.map((value) => `<ResourceRecord><Value>${value}</Value></ResourceRecord>`).join('');
    const set = `<Name>${name}</Name><Type>${type}</Type><TTL>2</TTL><ResourceRecords>${records}</ResourceRecords>`;
    const change = `<Change><Action>${action}</Action><ResourceRecordSet>${set}</ResourceRecordSet></Change>`;
    const body = `<ChangeResourceRecordSetsRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeBatch><Changes>${change}</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>`;
    await awsCall(lab, 'route53', `/2013-04-01/hostedzone/${zone}/rrset`, body);
  };

  beforeAll(async () => {
    lab = testLab('deploy');
    await startLab(lab, reportSteps);
    await synth({ access_sender: { 'first.test': 'REJECT' } });
  });

  afterAll(async () => {
    for (const name of ['OWN_IPV6', 'OWN_IPV6_PREFIX', 'OWN_IPV6_POOL', 'OWN_IPV6_ZONE'])
      delete process.env[`MAILSERVER_${name}`];
    await down(lab, reportSteps);
  });

  test('is planned by the very first cdktf diff, lock step included, with nothing configured', async () => {
    const fresh = join(lab.stateDir, 'first-run');
    firstDiff = await cdktf(['diff'], { CDKTF_OUTDIR: fresh, CDKTF_OUTPUT: fresh });
    expect(firstDiff).toContain('Installing mailserver.local/mail/mailserver');
    expect(firstDiff).toMatch(/Plan:.* \d+ to add, 0 to change, 0 to destroy/);
  });

  test('R10, R28, R29: shows the DNS chain and whole files in its first plan', () => {
    const text = firstDiff;
    expect(text).toMatch(/mail\.example\.com/);
    expect(text).toContain('"/etc/postfix/main.d/10_role.cf"');
    expect(text).toMatch(/\+ "amavisd-new"\s+= "installed"/);
    expect(chainIn(text)).toEqual([
      '+ 1. A    mail.example.com',
      '+ expected = (known after apply)',
      '+ live = (known after apply)',
      '+ verdict = (known after apply)',
      '+ 1. AAAA mail.example.com',
      '+ expected = "none: Amazon gives its own IPv6 addresses no reverse name, so mail is sent over IPv4 only"',
      '+ live = (known after apply)',
      '+ verdict = (known after apply)',
      '+ 2. PTR  of that address',
      '+ expected = "mail.example.com."',
      '+ live = (known after apply)',
      '+ verdict = (known after apply)',
      '+ 3. HELO myhostname',
      '+ expected = "mail.example.com"',
      '+ live = "mail.example.com"',
      '+ verdict = "agrees"',
      '+ 4. MX   example.com',
      '+ expected = "10 mail.example.com."',
      '+ live = (known after apply)',
      '+ verdict = (known after apply)',
    ]);
    expect(text).toContain('# mailserver_dns_agreement.mail_Agreement_');
  });

  test('is applied without an error', async () => {
    const watched = watchCommandLines();
    seenProcesses = watched.seen;
    try {
      const result = await deploy(lab, prepared, reportEvents);
      expect(result).toMatchObject({ destroyed: 0 });
    } finally {
      watched.end();
    }
    host = await deployedHost(lab, prepared);
  });

  test('leaves nothing to change', async () => {
    const { changes, text } = await plan();
    expect(text).toContain('No changes.');
    expect(changes).toBe(false);
  });

  describe('as seen from outside', () => {
    beforeAll(async () => {
      checks = await proveDeployment(lab, prepared);
    });

    test('R1, R13, R20, R27, R28, R29, R30, R31, R33, R34: passes every check of the table', () => {
      expect(checks.filter(({ ok }) => !ok)).toEqual([]);
      expect(checks.length).toBeGreaterThanOrEqual(12);
    });

    test('R27, R31, R42, R43, R44, R45: is what "mailserver verify" finds with nothing typed, by the outputs of the stack', async () => {
      const command = ['dist/cli/mailserver.js', 'verify', '--json', '--target', 'mx.receiver.test', '--listen', operatorIpv4];
      const [file, ...args] = await inLab(lab, [process.execPath, ...command]);
      // The certificate is self-signed and two of the blocklists are not in the lab: a warning, exit code 1.
      const { stdout } = await run(file, args, { env: prepared.environment, timeout: 900_000, accept: [1] });
      const { subject, findings, milliseconds } = JSON.parse(stdout) as VerifyReport;
      expect(subject).toEqual({ heloName: host.heloName, addresses: [host.address], domains: [host.domain] });
      expect(findings.filter(({ state }) => state !== 'ok' && state !== 'note').map(({ check }) => check)).toEqual([
        'certificate',
        'host-blocklists',
      ]);
      const found = (check: string) => findings.filter((each) => each.check === check).map((each) => each.found);
      expect(found('ptr')).toEqual([`${host.heloName}.`]);
      expect(found('helo-heard')).toEqual([`${host.heloName}, from ${host.address}`]);
      expect(found('outbound')).toEqual([expect.stringMatching(/^open: mx\.receiver\.test in /)]);
      expect(found('host-spam')).toEqual([expect.stringContaining('GTUBE is refused')]);
      expect(found('relay')).toEqual(Array(3).fill(expect.stringMatching(/^554 /)));
      await expectWithin(60_000, milliseconds);
      // Nothing of it is left: the mail that was heard is not in the queue.
      expect((await onHost('postqueue -j | grep -c helo- || true')).stdout.trim()).toBe('0');
    });

    test('R32: has no AAAA record, for Amazon gives no PTR that could match it', async () => {
      expect(await lookUp(lab, resolver.ipv4, host.heloName, 'A')).toEqual([host.address]);
      expect(await lookUp(lab, resolver.ipv4, host.heloName, 'AAAA')).toEqual([]);
    });
  });

  test('R1: never had a configuration of Postfix but that of the role', async () => {
    expect((await onHost('debconf-show postfix | grep main_mailer_type')).stdout).toContain('No configuration');
    // The two other files that Debian's package writes when it configures Postfix.
    expect((await onHost('ls /etc/aliases /etc/aliases.db 2>/dev/null || true')).stdout).toBe('');
  });

  test('R5: has filters and smtpd processes for the cores and the memory of the instance', async () => {
    const look =
      "nproc; awk '/^MemTotal/ { print int($2 / 1024) }' /proc/meminfo; postconf -M smtp/inet | awk '{ print $7 }'; " +
      "sed -n 's/^[$]max_servers = //p' /etc/amavis/conf.d/50-user";
    const [cores, memory, processes, filters] = (await onHost(look)).stdout.trim().split('\n');
    const { workers } = capacityOf(Number(cores), Number(memory), true);
    expect({ processes, filters }).toEqual({ processes: workers, filters: `${workers};` });
  });

  test('an edited line of a managed file and a changed map entry are shown by the plan; cdktf deploy puts back and changes, and reloads nothing but Postfix', async () => {
    await onHost("sed -i 's/^smtpd_helo_required.*/smtpd_helo_required = no/' /etc/postfix/main.d/10_role.cf");
    await synth(attributes);
    const { text } = await plan();
    expect(text).toMatch(/~ "\/etc\/postfix\/main\.d\/10_role\.cf"/);
    expect(text).toMatch(/- smtpd_helo_required = no/);
    expect(text).toMatch(/\+ smtpd_helo_required = yes/);
    expect(text).toMatch(/\+ spammer\.test\s+REJECT not welcome here/);
    expect(text).toContain('0 to add, 1 to change, 0 to destroy');
    const units = ['amavis', 'postgrey', 'policyd-weight', 'clamav-daemon', 'postfix'];
    const started = async () =>
      (await onHost(`systemctl show -P ActiveEnterTimestampMonotonic -P MainPID ${units.join(' ')}`)).stdout;
    const before = await started();
    expect(await cdktf(['deploy', '--auto-approve'])).toContain('Apply complete! Resources: 0 added, 1 changed, 0 destroyed.');
    expect(await started()).toBe(before);
    expect((await onHost('journalctl -u postfix -n 50 -o cat')).stdout).toMatch(/reload|refreshing/i);
    expect((await onHost('postconf -h smtpd_helo_required')).stdout.trim()).toBe('yes');
    const query =
      'postmap -q spammer.test "$(postconf -xh smtpd_recipient_restrictions | grep -o "[^ ]*/access-sender" | head -n 1)"';
    expect((await onHost(query)).stdout.trim()).toBe('REJECT not welcome here');
    expect((await plan()).changes).toBe(false);
  });

  describe('when DNS is changed past Terraform', () => {
    const ec2 = (action: string) => awsCall(lab, 'ec2', '/', `Action=${action}&Version=2016-11-15`);
    const settled = () => control(lab, 'settle');

    test('the plan shows a reverse name and records that somebody else has set, and warns of what the world sees; cdktf deploy puts them back', async () => {
      const warning =
        /Warning: Check block assertion failed .*the world does not see the mail host mail\.example\.com as it should: .*MX of example\.com: \S+ \(198\.51\.100\.\d+\) says 10 elsewhere\.example\.net\., expected 10 mail/;
      const { snapshot } = await settled();
      const allocation = /<allocationId>([^<]+)/.exec(await ec2('DescribeAddresses'))?.[1];
      const [eip] = snapshot.elasticIps;
      expect(snapshot.zones.map(({ name }) => name)).toContain('example.com.');
      // AWS wants the name to lead back to the address, so the intruder has made a record first.
      await changeRecord('CREATE', 'web.example.com', 'A', [host.address]);
      await ec2(`ModifyAddressAttribute&AllocationId=${allocation}&DomainName=web.example.com`);
      await changeRecord('UPSERT', 'example.com', 'MX', ['10 elsewhere.example.net.']);
      await changeRecord('UPSERT', 'mail.example.com', 'AAAA', ['2001:db8::25']);
      await waitFor(
        'AWS to have set the reverse name',
        async () => (await settled()).snapshot.elasticIps.find(({ ptr }) => ptr !== eip?.ptr),
        { deadline: 60_000, interval: 500 },
      );
      const { text } = await plan();
      expect(text).toMatch(/~ name\s+= "web\.example\.com" -> "mail\.example\.com"/);
      expect(inOneLine(text)).toMatch(/~ records = \[ - "10 elsewhere\.example\.net\.", \+ "10 mail\.example\.com\.",/);
      expect(inOneLine(text)).toMatch(warning);
      expect(inOneLine(text)).toMatch(/AAAA of mail\.example\.com: .* says 2001:db8::25, expected no such record/);
      expect(chainIn(text)).toEqual(
        expect.arrayContaining(['~ live = "none" -> "2001:db8::25"', '~ verdict = "agrees" -> "not wanted"']),
      );
      expect(text).toContain('0 to add, 2 to change, 0 to destroy');
      await changeRecord('DELETE', 'web.example.com', 'A', [host.address]);
      await changeRecord('DELETE', 'mail.example.com', 'AAAA', ['2001:db8::25']);
      await settled();
      // Its plan was made when the records were still wrong; the next one finds them right.
      expect(inOneLine(await cdktf(['deploy', '--auto-approve']))).toMatch(warning);
      await deploy(lab, prepared, reportEvents);
      expect((await plan()).changes).toBe(false);
    });

    test('a record that is in the way is named before anything is done', async () => {
      await changeRecord('CREATE', 'mx.example.com', 'A', ['198.51.100.70']);
      await settled();
      process.env.MAILSERVER_HELO_NAME = 'mx.example.com';
      await synth(attributes);
      const words = (await planWords()).text;
      expect(words).toContain('there is an A record of mx.example.com already');
      expect(words).toContain('DNS answers with 198.51.100.70');
      await changeRecord('DELETE', 'mx.example.com', 'A', ['198.51.100.70']);
      await settled();
      delete process.env.MAILSERVER_HELO_NAME;
      await synth(attributes);
    });
  });

  testOfAll('moves to another address: mail is late for a moment, and never lost', async () => {
    const before = host.address;
    const moments = await whileObserved(lab, 'example.com', async () => {
      const eip = /aws_eip\.host_Address_[0-9A-F]+/.exec((await terraform(['state', 'list'])).stdout)?.[0] as string;
      await terraform(['apply', '-auto-approve', '-input=false', '-no-color', '-parallelism=40', `-replace=${eip}`]);
      await control(lab, 'settle');
    });
    host = await deployedHost(lab, prepared);
    expect(host.address).not.toBe(before);
    expect(forbidden(moments)).toEqual([]);
    const gap = silent(moments).map(({ seconds }) => seconds);
    await expectWithin(30_000, 1000 * ((gap.at(-1) ?? 0) - (gap[0] ?? 0)));
    expect(moments.at(-1)).toMatchObject({ address: host.address, announced: 'mail.example.com' });
    expect((await plan()).changes).toBe(false);
  });

  test('R32, R33: has its instance replaced by one with an IPv6 address of your own prefix: MX, A, PTR and queue stay, mail that cannot leave waits', async () => {
    const before = host;
    process.env.MAILSERVER_OWN_IPV6 = '2001:db8:25:1::25';
    process.env.MAILSERVER_OWN_IPV6_PREFIX = '2001:db8:25::/56';
    process.env.MAILSERVER_OWN_IPV6_POOL = 'ipv6pool-ec2-0123456789abcdef0';
    process.env.MAILSERVER_OWN_IPV6_ZONE = '1.0.0.0.5.2.0.0.8.b.d.0.1.0.0.2.ip6.arpa';
    await synth({ ...attributes, outbound_targets: ['mx.strict.test'] });
    await control(lab, 'disturb', { outboundPort25Blocked: true, instancePackages: 'of the role' });
    const to = `late@${strictReceiver.domain}`;
    await execIn(lab, host.machine, ['sendmail', '-f', `app@${host.domain}`, to], { input: 'Subject: late\n\nWell?\n' });
    let text = '';
    const moments = await whileObserved(lab, 'example.com', async () => {
      const apply = ['apply', '-auto-approve', '-input=false', '-no-color', '-parallelism=40'];
      text = (await withRegistrar(lab, reportSteps, () => terraform(apply))).stdout;
      await control(lab, 'settle');
    });
    host = await deployedHost(lab, prepared);
    expect(host.machine).not.toBe(before.machine);
    expect(text).toMatch(/-\/\+ resource "aws_instance"/);
    expect(text).toContain('Apply complete! Resources: 16 added, 4 changed, 5 destroyed.');
    expect(inOneLine(text)).toMatch(
      /Warning: outgoing port 25 is blocked .* waits in the queue, .*mx\.strict\.test: no answer within 6 s.*"Request to remove email sending limitations.* Elastic IP 198\.51\.100\.\d+; the field for the reverse DNS record left empty.*mail\.example\.com/,
    );
    expect(forbidden(moments)).toEqual([]);
    const known = moments.map(({ target, address }) => `${target} ${address}`);
    expect(new Set(known)).toEqual(new Set([`mail.example.com ${before.address}`]));
    expect(new Set(moments.map(({ announced }) => announced))).toEqual(new Set(['mail.example.com', '']));
    expect(moments.at(-1)).toMatchObject({ announced: 'mail.example.com' });
    const lifetimes = await onHost('postconf -h maximal_queue_lifetime bounce_queue_lifetime');
    expect(lifetimes.stdout.trim().split('\n')).toEqual(['5d', '5d']);
    await control(lab, 'disturb');
    await onHost('postqueue -f');
    await arrivedMail(lab, (mail) => mail.to === to);
    const six = `bob@${strictReceiver.ipv6Only.domain}`;
    await execIn(lab, host.machine, ['sendmail', '-f', `app@${host.domain}`, six], { input: 'Subject: over IPv6\n\nWell?\n' });
    expect(await arrivedMail(lab, (mail) => mail.to === six)).toMatchObject({
      helo: 'mail.example.com',
      clientName: 'mail.example.com',
      clientAddress: '2001:db8:25:1::25',
      spf: 'Pass',
    });
    expect((await plan()).changes).toBe(false);
  });

  test('R32, R33: is refused over IPv6 when the address of the own prefix loses its PTR, and verification says which', async () => {
    const ipv6 = '2001:db8:25:1::25';
    const to = `carol@${strictReceiver.ipv6Only.domain}`;
    const name = reverseName(ipv6);
    await control(lab, 'disturb', { dns: { records: [{ name, type: 'PTR', values: [] }] } });
    try {
      await execIn(lab, host.machine, ['sendmail', '-f', `app@${host.domain}`, to], { input: 'Subject: no PTR\n\nWell?\n' });
      const refused = async () => (await refusedMails(lab)).find((mail) => mail.to === to);
      expect(await waitFor('the refusal', refused, { deadline: 60_000 })).toMatchObject({
        clientAddress: ipv6,
        code: 550,
        text: expect.stringMatching(/cannot find your reverse hostname/),
      });
      const { findings } = await verifyReport(lab, host, ['--no-ssh', '--no-smtp']);
      expect(findings).toContainEqual(
        expect.objectContaining({
          check: 'ptr',
          subject: ipv6,
          state: 'critical',
          fix: expect.objectContaining({ records: expect.arrayContaining([`${name} 300 IN PTR mail.example.com.`]) }),
        }),
      );
    } finally {
      await control(lab, 'disturb');
    }
  });

  test('keeps keys and passwords out of state, plans, logs and process lists', async () => {
    const key = readFileSync(prepared.environment.MAILSERVER_SSH_PRIVATE_KEY_FILE as string, 'utf8');
    const secret = key.split('\n').filter((line) => line && !line.startsWith('-----'))[1] as string;
    expect(secret.length).toBeGreaterThan(30);
    const files = [outputDir(lab), join(lab.stateDir, 'state')]
      .flatMap((folder) => filesBelow(folder))
      .concat(filesBelow(lab.stateDir, (name) => name.endsWith('.log')));
    expect(files.length).toBeGreaterThan(3);
    for (const file of files)
      expect({ file, leaks: readFileSync(file, 'utf8').includes(secret) }).toEqual({ file, leaks: false });
    expect([...seenProcesses].filter((line) => line.includes(secret) || line.includes('PRIVATE KEY-----'))).toEqual([]);
    expect(seenProcesses.size).toBeGreaterThan(10);
  });

  test('is destroyed in order, and leaves nothing in the cloud', async () => {
    const { stdout } = await terraform(['plan', '-destroy', '-input=false', '-no-color', '-lock=false']);
    expect(stdout).toMatch(/# mailserver_role\.mail_Role_\S+ will be destroyed/);
    expect(stdout).toMatch(/- on_destroy\s+= "stop" -> null/);
    expect(stdout).toMatch(/Plan: 0 to add, 0 to change, \d+ to destroy\./);
    expect(chainIn(stdout)).toEqual(
      expect.arrayContaining([
        '- 1. A    mail.example.com',
        '- 2. PTR  of that address',
        '- 3. HELO myhostname',
        '- 4. MX   example.com',
        '- verdict = "agrees"',
      ]),
    );
    const moments = await whileObserved(lab, 'example.com', () => destroy(lab, prepared, reportEvents), {
      host: host.address,
    });
    expect(forbidden(moments)).toEqual([]);
    expect(silent(moments)).toEqual([]);
    // It goes on to answer when no MX leads there any more, and is silent before its name is gone.
    const met = moments.map(({ target, announced }) => `${target && 'MX'} ${announced}`);
    expect(met.filter((each, index) => each !== met[index - 1])).toEqual(['MX mail.example.com', ' mail.example.com', ' ']);
    const { snapshot, errors } = await control(lab, 'settle');
    expect(errors).toEqual({});
    expect(snapshot.instances.filter(({ state }) => state !== 'terminated')).toEqual([]);
    expect(snapshot.elasticIps).toEqual([]);
    expect(snapshot.zones).toEqual([]);
  });
});

function filesBelow(folder: string, wanted: (name: string) => boolean = () => true): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !/terraform-provider-|node_modules|machines\/|\/root\//.test(name) && wanted(name))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
}
