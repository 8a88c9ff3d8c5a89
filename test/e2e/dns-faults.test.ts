import {
  control,
  type DnsFaults,
  down,
  type Lab,
  type Mail,
  receivedMails,
  senders,
  sendMail,
  startLab,
  strictReceiver,
} from '../../lab';
import { reportSteps, testLab } from './support/lab';

jest.setTimeout(120_000);

let lab: Lab;

beforeAll(async () => {
  lab = testLab('dnsfaults');
  await startLab(lab, reportSteps);
}, 400_000);

afterAll(() => down(lab, reportSteps), 120_000);

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
    expect((await receivedMails(lab)).find(({ subject }) => subject === 'in order')).toMatchObject({
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
    expect((await receivedMails(lab)).find(({ subject }) => subject === 'over IPv6')).toMatchObject({
      clientName: 'mail.sender.test',
      clientAddress: clean.ipv6,
      spf: 'Pass',
    });
  });

  test.each<[why: string, mail: Partial<Mail>, dns: DnsFaults, code: number, answer: RegExp]>([
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
      { records: [pointer('mail2.sender.test.', clean.name), { name: 'mail2.sender.test.', type: 'A', values: [clean.ipv4] }] },
      550,
      /Helo command rejected: the name of 198\.51\.100\.60 is mail2\.sender\.test/,
    ],
    ['has no A record', {}, { records: [{ name: clean.name, type: 'A', values: [] }] }, 550, /cannot find your hostname/],
    ['says the name of another host at HELO', { helo: 'mail2.sender.test' }, {}, 550, /it has not the address 198\.51\.100\.60/],
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
  ])('refuses a client that %s', async (_, changed, dns, code, answer) => {
    const attempt = await whileDnsIs(dns, () => sendMail(lab, { ...mail, ...changed }));
    expect(attempt).toMatchObject({ accepted: false, code });
    expect(attempt.text).toMatch(answer);
  });

  test.each<[why: string, dns: DnsFaults]>([
    ['a PTR in upper case', { records: [pointer('MAIL.Sender.TEST.')] }],
    ['answers that need TCP', { servers: [{ zone: '.', fault: 'truncated' }] }],
    ['one of two name servers silent', { servers: [{ zone: '.', fault: 'silent', server: 'second' }] }],
  ])('does not mind %s', async (_, dns) => {
    expect(await whileDnsIs(dns, () => sendMail(lab, mail))).toMatchObject({ accepted: true });
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
