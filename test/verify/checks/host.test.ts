import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkHost, type HostPicture } from '../../../lib/verify';
import { hostChecks } from '../../../lib/verify/checks/host-checks';

const attempt = (more: object) => ({ target: 'mx.example.net', seconds: 0.1, ...more });
const open = attempt({ banner: '220 mx.example.net' });
const blocked = attempt({ problem: 'no answer within 6 s', target: 'mx2.example.net' });
const unresolved = attempt({ unresolved: 'Temporary failure in name resolution' });
const outbound = (...attempts: { target: string; seconds: number }[]): HostPicture => ({
  host: '198.51.100.25:22',
  outbound: { vendor: '', attempts },
});
const heard = (more: object): HostPicture => ({ host: '198.51.100.25:22', heard: { listener: '198.51.100.1', ...more } });

const check = (name: string, code: number, message: string) => ({ name, state: '', code, message });

describe('the mail host from inside', () => {
  test.each<[string, HostPicture, RegExp]>([
    ['no login', { host: '198.51.100.25:22', problem: 'refused' }, /^unknown ssh the mail host could not be looked at/],
    ['port 25 open', outbound(open), /^ok outbound $/],
    ['one server of several down', outbound(open, blocked), /^warning outbound mx2\.example\.net cannot be reached, others can/],
    ['port 25 blocked', outbound(blocked, blocked), /^critical outbound outgoing port 25 is blocked/],
    ['no names', outbound(unresolved, unresolved), /^critical outbound the host cannot resolve the names/],
    [
      'port 25 blocked, and a smart host for all mail',
      { host: 'h:22', outbound: { vendor: '', relays: ['smtp.example.net:587'], attempts: [blocked] } },
      /^ok outbound $/,
    ],
    ['nothing tried', { host: 'h:22', outboundProblem: 'python3: not found' }, /^unknown outbound it could not be tried/],
    ['the right name heard', heard({ helo: 'MAIL.example.com', address: '198.51.100.25' }), /^ok helo-heard $/],
    [
      'another name heard',
      heard({ helo: 'ip-10-0-0-25', address: '198.51.100.25' }),
      /^critical helo-heard receivers hear another name/,
    ],
    [
      'another address seen',
      heard({ helo: 'mail.example.com', address: '198.51.100.99' }),
      /^critical helo-heard mail leaves from another address/,
    ],
    ['nothing heard', heard({ problem: 'no mail came' }), /^unknown helo-heard the host sent no mail/],
    ['no checks there', { host: 'h:22', reportProblem: 'No such file' }, /^note host-checks the host has no checks/],
  ])('%s', (_, picture, expected) => {
    const [finding, ...more] = checkHost(picture, 'mail.example.com', ['198.51.100.25']);
    expect(more).toEqual([]);
    expect(`${finding?.state} ${finding?.check} ${finding?.problem ?? ''}`).toMatch(expected);
  });

  test('gives the login that failed as a command, and none that it does not know', () => {
    const command = (picture: HostPicture) => checkHost(picture, 'mail.example.com', [])[0]?.fix?.command;
    expect(command({ host: 'h:2222', login: 'ssh -p 2222 admin@h', problem: 'refused' })).toBe('ssh -p 2222 admin@h');
    expect(command({ host: 'h:22', problem: 'refused' })).toBeUndefined();
  });

  test('says what to ask AWS for, with address and reverse name', () => {
    const picture: HostPicture = { host: 'h:22', outbound: { vendor: 'Amazon EC2', attempts: [blocked] } };
    const [finding] = checkHost(picture, 'mail.example.com', ['2001:db8::25', '198.51.100.25']);
    expect(finding?.fix?.text).toMatch(
      /"Request to remove email sending limitations".*Elastic IP 198\.51\.100\.25; the field for the reverse DNS record left empty.*mail\.example\.com/,
    );
  });

  test('names relay as the way out where port 25 is blocked, and what mail leaves by where there is one', () => {
    const say = (relays: readonly string[], vendor: string) => {
      const picture: HostPicture = { ...heard({}), outbound: { vendor, relays: [...relays], attempts: [blocked] } };
      return checkHost(picture, 'mail.example.com', ['198.51.100.25']).map(({ state, found, problem, fix }) =>
        [state, found, problem, fix?.text].join(' '),
      );
    };
    for (const vendor of ['Amazon EC2', '']) expect(say([], vendor)[0]).toContain('set relay to a smart host on port 587');
    const [port, helo] = say(['smtp.example.net:587'], '');
    expect(port).toMatch(/^ok blocked, and not needed: all mail leaves by smtp\.example\.net:587 \(relay\)/);
    expect(helo).toMatch(/^note nothing the test mail took the way of all others, by smtp\.example\.net:587/);
  });

  test('tells which mail waits where port 25 is blocked and a smart host takes some of it only', () => {
    const outbound = { vendor: '', relays: [], partialRelays: ['smtp.example.net:587'], attempts: [blocked] };
    const [finding] = checkHost({ host: 'h:22', outbound }, 'mail.example.com', ['198.51.100.25']);
    expect(finding).toMatchObject({ state: 'critical', check: 'outbound' });
    expect(finding?.problem).toMatch(
      /mail to others, but for the senders and recipients whose mail leaves by smtp\.example\.net:587, waits in the queue/,
    );
    expect(finding?.fix?.text).toContain('add an entry without senders and recipients to relay');
  });

  test("passes on the host's own checks, with the command that tells more", () => {
    const report = {
      time: 1,
      checks: [
        check('spam', 0, 'GTUBE is refused'),
        check('queue', 1, '120 mails'),
        check('virus', 2, 'accepted'),
        check('rules', 3, 'no'),
      ],
    };
    const findings = checkHost({ host: 'h:22', report }, 'mail.example.com', []);
    expect(findings.map(({ state, check }) => `${state} ${check}`)).toEqual([
      'ok host-spam',
      'warning host-queue',
      'critical host-virus',
      'unknown host-rules',
    ]);
    const [, queue, virus, rules] = findings;
    expect(queue).toMatchObject({
      found: '120 mails',
      expected: 'a short queue, of young mails',
      problem: expect.stringContaining('mail does not leave the host'),
      fix: { command: 'postqueue -p | tail -n 40; postqueue -f' },
    });
    expect(virus?.problem).toBe('could not confirm that viruses are filtered');
    expect(rules).toMatchObject({
      problem: 'the host could not find it out',
      fix: { command: '/usr/lib/mailserver/check rules' },
    });
  });

  test('has words for every check of the host, and an answer for one that is new', () => {
    const page = readFileSync(join(__dirname, '../../../docs/checks.md'), 'utf8');
    const names = [...page.matchAll(/^\| `([a-z]+)` \|/gm)].map(([, name]) => name).filter((name) => name !== 'all');
    expect(names.length).toBeGreaterThan(10);
    expect(Object.keys(hostChecks).sort()).toEqual(names.sort());
    const report = { time: 1, checks: [check('new', 2, 'bad'), check('reputation', 1, 'no list answers')] };
    const [unknown, reputation] = checkHost({ host: 'h:22', report }, 'mail.example.com', []);
    expect(unknown).toMatchObject({ title: 'new', state: 'critical', fix: { command: '/usr/lib/mailserver/check new' } });
    expect(reputation?.problem).toMatch(/^no list answers/);
  });
});
