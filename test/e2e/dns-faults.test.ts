import { resolve } from 'node:path';
import {
  arrivedMail,
  awsCall,
  control,
  type DnsFaults,
  deploy,
  deployedHost,
  down,
  execIn,
  type Lab,
  lookUp,
  type Mail,
  type Prepared,
  prepare,
  receivedMails,
  refusedMails,
  resolver,
  type Subject,
  senders,
  sendMail,
  startLab,
  strictReceiver,
  terraformPlan,
  verifyReport,
  waitFor,
} from '../../lab';
import type { Finding } from '../../lib/verify';
import { reportEvents, reportSteps, testLab } from './support/lab';
import { expectWithin } from './support/pace';
import { sampled } from './support/sampled';

let lab: Lab;

beforeAll(async () => {
  lab = testLab('dnsfaults');
  await startLab(lab, reportSteps, { instancePackages: 'of the role' });
});

afterAll(() => down(lab, reportSteps));

interface QueuedMail {
  readonly recipients: readonly { readonly address: string; readonly delay_reason?: string }[];
}

const like = (text: string) => expect.stringContaining(text);
const fixedBy = (line: string) => expect.objectContaining({ records: expect.arrayContaining([line]) });

/** DNS is wrong in these ways while `work` is done, and well again afterwards. */
async function whileDnsIs<T>(dns: DnsFaults, work: () => Promise<T>): Promise<T> {
  await control(lab, 'disturb', { dns });
  try {
    return await work();
  } finally {
    await control(lab, 'disturb');
  }
}

const clean = senders.clean;
const reverse = (ipv4: string) => `${ipv4.split('.').reverse().join('.')}.in-addr.arpa.`;
const pointer = (...values: string[]) => ({ name: reverse(clean.ipv4), type: 'PTR', values });

/** What would make a big receiver refuse a mail, and the answer that the lab's one gives. */
describe('a receiving server with the rules of the big ones', () => {
  const mail = { server: strictReceiver.ipv4, to: `bob@${strictReceiver.domain}`, tls: true } satisfies Mail;

  test('takes a mail whose client has name, address, HELO and SPF in order', async () => {
    expect(await sendMail(lab, { ...mail, subject: 'in order' })).toMatchObject({ accepted: true });
    expect(await arrivedMail(lab, ({ subject }) => subject === 'in order')).toMatchObject({
      helo: 'mail.sender.test',
      clientName: 'mail.sender.test',
      clientAddress: clean.ipv4,
      spf: 'Pass',
      protocol: 'ESMTPS',
    });
  });

  test('takes it over IPv6, too', async () => {
    const attempt = await sendMail(lab, { ...mail, server: strictReceiver.ipv6, subject: 'over IPv6' });
    expect(attempt).toMatchObject({ accepted: true });
    expect(await arrivedMail(lab, ({ subject }) => subject === 'over IPv6')).toMatchObject({
      clientName: 'mail.sender.test',
      clientAddress: clean.ipv6,
      spf: 'Pass',
    });
  });

  test.each<[why: string, mail: Partial<Mail>, dns: DnsFaults, code: number, answer: RegExp]>(
    sampled(
      [
        ['has no PTR', { from: 'noPtr' }, {}, 550, /cannot find your reverse hostname/],
        [
          'has a PTR to a name that does not exist',
          {},
          { records: [pointer('gone.sender.test.')] },
          550,
          /cannot find your hostname/,
        ],
        ['has the PTR of another host', {}, { records: [pointer(senders.second.name)] }, 550, /cannot find your hostname/],
        [
          'has a PTR that was written without its final dot',
          {},
          { records: [pointer(`mail.sender.test.${reverse(clean.ipv4)}`)] },
          550,
          /cannot find your hostname/,
        ],
        [
          'has two PTRs',
          {},
          {
            records: [pointer('mail2.sender.test.', clean.name), { name: 'mail2.sender.test.', type: 'A', values: [clean.ipv4] }],
          },
          550,
          /Helo command rejected: the name of 198\.51\.100\.60 is mail2\.sender\.test/,
        ],
        ['has no A record', {}, { records: [{ name: clean.name, type: 'A', values: [] }] }, 550, /cannot find your hostname/],
        [
          'says the name of another host at HELO',
          { helo: 'mail2.sender.test' },
          {},
          550,
          /it has not the address 198\.51\.100\.60/,
        ],
        ['says a name at HELO that does not exist', { helo: 'nobody.sender.test' }, {}, 550, /Host not found/],
        ['says localhost at HELO', { helo: 'localhost' }, {}, 504, /need fully-qualified hostname/],
        ['is not allowed by the SPF record of the sender', { mailFrom: 'alice@receiver.test' }, {}, 550, /SPF fail/],
        [
          'comes over IPv6 without a PTR',
          { from: 'noPtr', server: strictReceiver.ipv6 },
          {},
          550,
          /cannot find your reverse hostname/,
        ],
        [
          'has an AAAA record without a PTR',
          { server: strictReceiver.ipv6 },
          { records: [{ name: reverseV6(clean.ipv6), type: 'PTR', values: [] }] },
          550,
          /cannot find your reverse hostname/,
        ],
        ['does not speak TLS', { tls: false }, {}, 530, /Must issue a STARTTLS command first/],
        [
          'has reverse names whose servers fail',
          {},
          { servers: [{ zone: '100.51.198.in-addr.arpa', fault: 'servfail' }] },
          450,
          /cannot find your reverse hostname/,
        ],
      ],
      5,
    ),
  )('refuses a client that %s', async (_, changed, dns, code, answer) => {
    const attempt = await whileDnsIs(dns, () => sendMail(lab, { ...mail, ...changed }));
    expect(attempt).toMatchObject({ accepted: false, code });
    expect(attempt.text).toMatch(answer);
  });

  test.each<[why: string, dns: DnsFaults]>(
    sampled(
      [
        ['a PTR in upper case', { records: [pointer('MAIL.Sender.TEST.')] }],
        ['answers that need TCP', { servers: [{ zone: '.', fault: 'truncated' }] }],
        ['one of two name servers silent', { servers: [{ zone: '.', fault: 'silent', server: 'second' }] }],
      ],
      2,
    ),
  )('does not mind %s', async (_, dns) => {
    expect(await whileDnsIs(dns, () => sendMail(lab, mail))).toMatchObject({ accepted: true });
  });
});

/** One deployed mail host whose DNS goes wrong in every way that it does in the world. */
describe('a deployed mail host', () => {
  let prepared: Prepared;
  let host: Subject;
  let mails = 0;

  beforeAll(async () => {
    await synth({ antivirus: false });
    await deploy(lab, prepared, reportEvents);
    host = await deployedHost(lab, prepared);
  });

  const synth = async (attributes: Record<string, unknown>) => {
    process.env.E2E_ROLE_ATTRIBUTES = JSON.stringify(attributes);
    prepared = await prepare(lab, { app: resolve(__dirname, 'program') }, reportSteps);
  };
  const verify = async () => (await verifyReport(lab, host, ['--no-ssh', '--no-smtp'])).findings;

  /** Sends a mail from the host to the strict receiver; what became of it there. */
  const send = async (recipient = `bob@${strictReceiver.domain}`) => {
    mails += 1;
    const to = recipient.replace('@', `${mails}@`);
    await execIn(lab, host.machine, ['sendmail', '-f', `app@${host.domain}`, to], { input: `Subject: mail ${mails}\n\nWell?\n` });
    return waitFor(
      `mail ${mails} at the strict receiver`,
      async () => {
        const refused = (await refusedMails(lab)).find((mail) => mail.to === to);
        const received = (await receivedMails(lab)).find((mail) => mail.to === to);
        return received ? { received } : refused && { refused };
      },
      { deadline: 60_000, interval: 100 },
    );
  };

  test('is taken by the strict receiver, and verified, while DNS is well', async () => {
    const { received } = (await send()) as { received?: object };
    expect(received).toMatchObject({
      helo: host.heloName,
      clientName: host.heloName,
      clientAddress: host.address,
      spf: 'Pass',
      protocol: 'ESMTPS',
    });
    const { findings, milliseconds } = await verifyReport(lab, host, ['--no-ssh']);
    await expectWithin(3000, milliseconds);
    // That the certificate is self-signed is said, as it should be.
    expect(findings.filter(({ check, state }) => state !== 'ok' && state !== 'note' && check !== 'certificate')).toEqual([]);
    expect(findings.length).toBeGreaterThan(20);
  });

  const ec2 = (Action: string, fields: Record<string, string>) =>
    awsCall(lab, 'ec2', '/', new URLSearchParams({ Action, Version: '2016-11-15', ...fields }).toString());

  const helo = 'mail.example.com';
  const domain = 'example.com';
  const address = '198.51.100.25';
  const ptr = (...values: string[]) => ({ records: [{ name: reverse(address), type: 'PTR', values }] });
  const record = (type: string, name: string, ...values: string[]) => ({ records: [{ name, type, values }] });
  const rightPtr = `${reverse(address)} 300 IN PTR ${helo}.`;

  /** Verification says what is wrong, with both values and the way out; where mail is concerned, the receiver refuses, or still takes it. */
  test.each<
    [
      fault: string,
      dns: DnsFaults,
      findings: (Partial<Finding> & Pick<Finding, 'check'>)[],
      fate?: [code: number, text: RegExp] | 'taken',
    ]
  >(
    sampled(
      [
        [
          'no PTR',
          ptr(),
          [{ check: 'ptr', state: 'critical', expected: `${helo}.`, problem: like('no reverse name'), fix: fixedBy(rightPtr) }],
          [550, /cannot find your reverse hostname/],
        ],
        [
          'a PTR to another name',
          ptr('other.sender.test.'),
          [
            { check: 'ptr', state: 'critical', found: 'other.sender.test.', expected: `${helo}.`, fix: fixedBy(rightPtr) },
            { check: 'fcrdns', state: 'critical', expected: address },
          ],
          [550, /cannot find your hostname/],
        ],
        [
          'a PTR without its final dot',
          ptr(`${helo}.${reverse(address)}`),
          [{ check: 'ptr', state: 'critical', problem: like('lacks its final dot'), fix: fixedBy(rightPtr) }],
          [550, /cannot find your hostname/],
        ],
        [
          'two PTRs',
          {
            records: [
              ...ptr('mail2.sender.test.', `${helo}.`).records,
              { name: 'mail2.sender.test.', type: 'A', values: [address] },
            ],
          },
          [
            {
              check: 'ptr',
              state: 'critical',
              found: like('mail2.sender.test.'),
              problem: like('2 reverse names'),
              fix: fixedBy(rightPtr),
            },
          ],
          [550, /the name of 198\.51\.100\.25 is mail2\.sender\.test/],
        ],
        [
          'no A record',
          record('A', helo),
          [
            {
              check: 'a',
              state: 'critical',
              expected: address,
              problem: like('does not resolve'),
              fix: fixedBy(`${helo}. 300 IN A ${address}`),
            },
          ],
          [550, /cannot find your hostname/],
        ],
        [
          'an A record with another address',
          record('A', helo, '198.51.100.99'),
          [{ check: 'a', state: 'critical', found: '198.51.100.99', expected: address }],
          [550, /cannot find your hostname/],
        ],
        [
          'a HELO name that is an alias',
          record('CNAME', helo, clean.name),
          [{ check: 'a', state: 'critical', found: like('alias'), problem: like('RFC 2181') }],
          [550, /cannot find your hostname/],
        ],
        [
          'an AAAA record without a PTR',
          record('AAAA', helo, '2001:db8:51:100::99'),
          [{ check: 'ptr', subject: '2001:db8:51:100::99', state: 'critical', problem: like('IPv6') }],
        ],
        [
          'an MX that is an alias',
          {
            records: [
              ...record('MX', domain, '10 mx.example.com.').records,
              ...record('CNAME', 'mx.example.com', `${helo}.`).records,
            ],
          },
          [
            {
              check: 'mx-target',
              state: 'critical',
              found: like('alias (CNAME)'),
              fix: fixedBy(`${domain}. 300 IN MX 10 ${helo}.`),
            },
          ],
        ],
        [
          'an MX to an address',
          record('MX', domain, `10 ${address}.`),
          [{ check: 'mx-target', state: 'critical', found: address, fix: fixedBy(`${domain}. 300 IN MX 10 ${helo}.`) }],
          [550, /SPF fail/],
        ],
        [
          'an MX without its final dot',
          record('MX', domain, `10 ${helo}.${domain}.`),
          [
            {
              check: 'mx',
              state: 'critical',
              problem: like('lacks its final dot'),
              fix: fixedBy(`${domain}. 300 IN MX 10 ${helo}.`),
            },
          ],
          [550, /SPF fail/],
        ],
        [
          'no MX',
          record('MX', domain),
          [{ check: 'mx', state: 'critical', problem: like('has no MX'), fix: fixedBy(`${domain}. 300 IN MX 10 ${helo}.`) }],
          [550, /Sender address rejected: Domain not found/],
        ],
        [
          'an SPF record that forgets the host',
          record('TXT', domain, '"v=spf1 ip4:198.51.100.99 -all"'),
          [{ check: 'spf', state: 'critical', found: like('198.51.100.99') }],
          [550, /SPF fail/],
        ],
        [
          'two SPF records',
          record('TXT', domain, '"v=spf1 mx -all"', '"v=spf1 a -all"'),
          [{ check: 'spf', state: 'critical', found: like('v=spf1 a -all') }],
          [550, /SPF Permanent Error/i],
        ],
        [
          'name servers that fail (SERVFAIL)',
          { servers: [{ zone: domain, fault: 'servfail' }] },
          [
            { check: 'a', state: 'critical', found: like('SERVFAIL'), expected: address },
            { check: 'ns', subject: domain, state: 'critical', problem: like('no name server answers') },
          ],
          [450, /./],
        ],
        [
          'a name server that is none of the zone (lame delegation)',
          { servers: [{ zone: domain, fault: 'lame', server: 'second' }] },
          [{ check: 'ns', subject: domain, state: 'warning', found: like('REFUSED'), problem: like('2 of 4 name servers') }],
          'taken',
        ],
        [
          'a delegation to name servers that the zone does not know',
          { records: [{ name: domain, type: 'NS', values: ['ns.world.test.'], zone: '.' }] },
          [
            {
              check: 'delegation',
              subject: domain,
              state: 'warning',
              found: like('ns.world.test'),
              expected: like('.awsdns-'),
            },
          ],
        ],
        [
          'a name server that does not answer',
          { servers: [{ zone: '.', fault: 'silent', server: 'second' }] },
          [{ check: 'ns', subject: domain, state: 'warning', problem: like('2 of 4 name servers') }],
          'taken',
        ],
        [
          'answers that need TCP, which is blocked',
          { servers: [{ zone: domain, fault: 'truncated without TCP' }] },
          [{ check: 'a', expected: address, found: like('TCP') }],
        ],
        [
          'a blocklist that lists everything',
          { blocklists: { 'bl.spamcop.net': 'lists everything' } },
          [{ check: 'blocklist', subject: 'bl.spamcop.net', state: 'note', problem: like('it lists everything') }],
        ],
        [
          'a blocklist that lists nothing',
          { blocklists: { 'bl.spamcop.net': 'lists nothing' } },
          [{ check: 'blocklist', subject: 'bl.spamcop.net', state: 'note', problem: like('it lists nothing') }],
        ],
        [
          'a blocklist that refuses to answer',
          { blocklists: { 'zen.spamhaus.org': 'answers with error codes' } },
          [{ check: 'blocklist', subject: 'zen.spamhaus.org', state: 'note', found: like('127.255.255.254') }],
        ],
        [
          'its address on a blocklist',
          record('A', '25.100.51.198.zen.spamhaus.org', '127.0.0.3'),
          [{ check: 'blocklist', subject: address, state: 'critical', found: like('127.0.0.3 (CSS'), expected: 'not listed' }],
        ],
      ],
      8,
    ),
  )('is found to have %s', async (_, dns, findings, ...[fate]) => {
    await whileDnsIs(dns, async () => {
      const [found, mail] = await Promise.all([verify(), fate && send()]);
      for (const finding of findings) expect(found).toContainEqual(expect.objectContaining(finding));
      if (fate === 'taken') expect(mail).toMatchObject({ received: { clientName: helo, spf: 'Pass' } });
      else if (fate) expect(mail).toMatchObject({ refused: { code: fate[0], text: expect.stringMatching(fate[1]) } });
    });
  });

  test.each<[what: string, dns: DnsFaults]>([
    [
      'names in upper case',
      { records: [...ptr('MAIL.Example.COM.').records, ...record('MX', domain, '10 Mail.Example.Com.').records] },
    ],
    ['answers that need TCP', { servers: [{ zone: '.', fault: 'truncated' }] }],
  ])('is well with %s', async (_, dns) => {
    await whileDnsIs(dns, async () => {
      const [found, mail] = await Promise.all([verify(), send()]);
      expect(found.filter(({ state }) => state !== 'ok' && state !== 'note')).toEqual([]);
      expect(mail).toMatchObject({ received: { clientName: expect.stringMatching(/^mail\.example\.com$/i), spf: 'Pass' } });
    });
  });

  test('is found to have lost records that somebody changed in the console, by the plan and by verification, and gets them back', async () => {
    const zones = await awsCall(lab, 'route53', '/2013-04-01/hostedzone');
    const zone = /<Id>\/hostedzone\/(\w+)<\/Id><Name>example\.com\.</.exec(zones)?.[1] ?? '';
    const change = `<Change><Action>UPSERT</Action><ResourceRecordSet><Name>${domain}</Name><Type>MX</Type><TTL>5</TTL><ResourceRecords><ResourceRecord><Value>10 mail2.sender.test.</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></Change>`;
    await awsCall(
      lab,
      'route53',
      `/2013-04-01/hostedzone/${zone}/rrset`,
      `<ChangeResourceRecordSetsRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeBatch><Changes>${change}</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>`,
    );
    const addresses = await ec2('DescribeAddresses', { 'PublicIp.1': address });
    const AllocationId = /<allocationId>([^<]*)/.exec(addresses)?.[1] ?? '';
    await ec2('ResetAddressAttribute', { AllocationId, Attribute: 'domain-name' });
    // AWS takes its time for it.
    const names = async () => (await control(lab, 'settle')).snapshot.elasticIps.flatMap(({ ptr }) => ptr ?? []);
    await waitFor('the reset', async () => (await names()).length === 0, { deadline: 10_000 });
    // And so does the memory of the resolvers, the receiver's first of all.
    const generic = 'ec2-198-51-100-25.eu-central-1.compute.amazonaws.com';
    const known = () => lookUp(lab, resolver.ipv4, reverse(address), 'PTR');
    await waitFor('the generic name', async () => (await known())[0] === generic, { deadline: 30_000 });

    const [found, mail] = await Promise.all([verify(), send()]);
    expect(mail).toMatchObject({ refused: { code: 550 } });
    expect(found).toContainEqual(
      expect.objectContaining({
        check: 'mx',
        state: 'critical',
        found: '10 mail2.sender.test.',
        expected: `10 ${helo}.`,
        problem: like('goes to another mail host'),
      }),
    );
    expect(found).toContainEqual(
      expect.objectContaining({
        check: 'ptr',
        state: 'critical',
        found: `${generic}.`,
        problem: like('generic name of the provider'),
        fix: expect.objectContaining({ command: like(`--domain-name ${helo}`) }),
      }),
    );
    const { text } = await terraformPlan(lab, prepared.stack, prepared.environment);
    expect(text).toMatch(/[~+] name\s+= .*"mail\.example\.com"/);
    expect(text).toMatch(/- "10 mail2\.sender\.test\.",\n\s+\+ "10 mail\.example\.com\."/);
    expect(text).toMatch(/Plan: .*, 0 to destroy\./);
    await deploy(lab, prepared, reportEvents);
    expect((await verify()).filter(({ state }) => state === 'critical')).toEqual([]);
  });

  test('keeps mail in its queue while outgoing port 25 is blocked, as AWS does, and sends it when it is open', async () => {
    await control(lab, 'disturb', { outboundPort25Blocked: true });
    const to = `late@${strictReceiver.domain}`;
    await execIn(lab, host.machine, ['sendmail', '-f', `app@${host.domain}`, to], { input: 'Subject: late\n\nWell?\n' });
    const queued = async () => {
      const { stdout } = await execIn(lab, host.machine, ['postqueue', '-j']);
      const mails = stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as QueuedMail);
      return mails.flatMap((mail) => mail.recipients).find(({ address }) => address === to);
    };
    const key = prepared.environment.MAILSERVER_SSH_PRIVATE_KEY_FILE as string;
    const login = ['--ssh', `admin@${host.address}`, '--identity', key, '--target', 'mx.strict.test'];
    const inside = () => verifyReport(lab, host, ['--no-smtp', '--no-blocklists', ...login]);
    expect((await inside()).findings).toContainEqual(
      expect.objectContaining({
        check: 'outbound',
        state: 'critical',
        found: like('mx.strict.test'),
        problem: like('outgoing port 25 is blocked: mail to others waits in the queue'),
        fix: {
          text: expect.stringMatching(
            /Request to remove email sending limitations.* Elastic IP 198\.51\.100\.25; the field for the reverse DNS record left empty.*mail\.example\.com/,
          ),
        },
      }),
    );
    const reason = await waitFor('the reason why it waits', async () => (await queued())?.delay_reason, { deadline: 90_000 });
    expect(reason).toMatch(/connect to mx\.strict\.test\[198\.51\.100\.71\]:25: Connection timed out/);

    await control(lab, 'disturb');
    await execIn(lab, host.machine, ['postqueue', '-f']);
    await arrivedMail(lab, (mail) => mail.to === to);
    expect(await queued()).toBeUndefined();
    expect((await inside()).findings).toContainEqual(expect.objectContaining({ check: 'outbound', state: 'ok' }));
  });

  test('is found to be known by its old address where a resolver still keeps it', async () => {
    const resolverCacheSeconds = 3600;
    await whileDnsIs({ ...record('A', helo, '198.51.100.99'), resolverCacheSeconds }, async () => {
      await verify();
      await control(lab, 'disturb', { dns: { resolverCacheSeconds } });
      expect(await verify()).toContainEqual(
        expect.objectContaining({
          check: 'a',
          state: 'warning',
          found: like(`resolver ${resolver.ipv4}: 198.51.100.99`),
          expected: address,
          problem: like('resolvers still know another value'),
        }),
      );
    });
  });

  test('R10: keeps its old name, and mail, while the world does not agree on the new one, and has it with the next apply', async () => {
    const renamed = 'mx.example.com';
    const saidByTheHost = async () => {
      const answer = "cat /etc/postfix/myhostname; /usr/lib/mailserver/probe smtp 127.0.0.1 25 | cut -d ' ' -f 1";
      return (await execIn(lab, host.machine, ['sh', '-c', answer])).stdout.trim().split('\n');
    };
    const mailExchangers = async () => (await lookUp(lab, resolver.ipv4, domain, 'MX')).map((answer) => answer.split(' ')[1]);
    process.env.MAILSERVER_HELO_NAME = renamed;
    process.env.E2E_AGREEMENT_SECONDS = '6';
    try {
      await synth({ antivirus: false });
      const disagreements = [record('A', renamed, '198.51.100.99'), ptr('other.sender.test.')];
      for (const dns of disagreements) {
        await whileDnsIs(dns, async () => {
          await expect(deploy(lab, prepared, reportEvents)).rejects.toThrow(/agree/);
          expect(await saidByTheHost()).toEqual([helo, helo]);
          expect(await mailExchangers()).toEqual([helo]);
        });
      }
      delete process.env.E2E_AGREEMENT_SECONDS;
      await synth({ antivirus: false });
      await deploy(lab, prepared, reportEvents);
      expect(await saidByTheHost()).toEqual([renamed, renamed]);
      expect(await mailExchangers()).toEqual([renamed]);
    } finally {
      delete process.env.MAILSERVER_HELO_NAME;
      delete process.env.E2E_AGREEMENT_SECONDS;
    }
  });
});

function reverseV6(address: string): string {
  const [head = '', tail = ''] = address.split('::');
  const left = head.split(':');
  const right = tail.split(':').filter(Boolean);
  const groups = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  return `${groups
    .map((group) => group.padStart(4, '0'))
    .join('')
    .split('')
    .reverse()
    .join('.')}.ip6.arpa.`;
}
