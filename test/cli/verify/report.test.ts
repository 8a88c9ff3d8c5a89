import { exitCode, nagiosLine } from '../../../lib/cli/verify/nagios';
import { reportPage } from '../../../lib/cli/verify/page';
import { reportText, wrap } from '../../../lib/cli/verify/text';
import { type Finding, report } from '../../../lib/verify';

const subject = { heloName: 'mail.example.com', addresses: ['198.51.100.25'], domains: ['example.com'] };
const good: Finding = {
  check: 'a',
  group: 'names',
  subject: 'mail.example.com',
  title: 'A of mail.example.com',
  state: 'ok',
  found: '198.51.100.25',
};
const bad: Finding = {
  check: 'ptr',
  group: 'names',
  subject: '198.51.100.25',
  title: 'PTR of 198.51.100.25',
  state: 'critical',
  found: '<script>alert("x")</script>.example.net.',
  expected: 'mail.example.com.',
  problem: 'the reverse name is not exactly the HELO name | as told',
  fix: {
    text: 'set it',
    records: ['25.100.51.198.in-addr.arpa. 300 IN PTR mail.example.com.'],
    command: 'aws ec2 modify-address-attribute',
  },
};
const time = new Date('2026-11-22T22:30:00Z');
const of = (...findings: Finding[]) => report(subject, findings, 1234, time);

describe('a report', () => {
  test('is in the order of the sections, with the worst state and the counts', () => {
    const { state, counts, findings } = of({ ...good, group: 'host' }, { ...good, state: 'warning' }, bad);
    expect(state).toBe('critical');
    expect(counts).toEqual({ ok: 1, note: 0, warning: 1, critical: 1, unknown: 0 });
    expect(findings.map(({ group }) => group)).toEqual(['names', 'names', 'host']);
  });

  test.each([
    [[], 'ok', 0],
    [['ok', 'note'], 'note', 0],
    [['note', 'warning'], 'warning', 1],
    [['warning', 'unknown'], 'unknown', 3],
    [['unknown', 'critical'], 'critical', 2],
  ] as const)('of %j is %s, with exit code %s', (states, expected, code) => {
    const { state } = of(...states.map((each) => ({ ...good, state: each })));
    expect(state).toBe(expected);
    expect(exitCode(state)).toBe(code);
  });
});

describe('as text', () => {
  test('a bad line tells what is wrong, both values, and the fix whole', () => {
    const text = reportText(of(good, bad), { width: 80 });
    expect(text).toContain('✔  A of mail.example.com  198.51.100.25');
    expect(text).toMatch(/✘ {2}PTR of 198\.51\.100\.25 .*\n {5}problem {3}the reverse name is not exactly/);
    expect(text).toContain('     expected  mail.example.com.');
    expect(text).toContain(
      '               25.100.51.198.in-addr.arpa. 300 IN PTR mail.example.com.\n               aws ec2 modify-address-attribute',
    );
    expect(text).toMatch(/Mail is being refused, lost or distrusted\. 1 critical, 1 well, in 1\.2 s\n$/);
  });

  test('of many domains shows those that are not well, unless all are asked for', () => {
    const domains = Array.from({ length: 30 }, (_, index) => `d${index}.example.com`);
    const findings = domains.map((domain): Finding => ({ ...good, group: 'domains', subject: domain, title: `MX of ${domain}` }));
    const many = report({ ...subject, domains }, [...findings, { ...bad, group: 'domains' }], 1, time);
    const brief = reportText(many, { width: 100 });
    expect(brief).toContain('30 checks of 30 domains are well');
    expect(brief).toContain('PTR of 198.51.100.25');
    expect(brief).not.toContain('MX of d7.example.com');
    expect(reportText(many, { width: 100, all: true })).toContain('MX of d7.example.com');
  });

  test('is wrapped at spaces, and long words stay whole', () => {
    expect(wrap('a bb ccc dddddddddd e', 5)).toEqual(['a bb', 'ccc', 'dddddddddd', 'e']);
  });
});

describe('as a page', () => {
  const page = reportPage(of(good, bad));

  test('loads nothing from elsewhere and runs no script', () => {
    expect(page).not.toMatch(/<script|<link|<img|url\(|@import|\bsrc=/i);
  });

  test('escapes what the world says', () => {
    expect(page).toContain('&#60;script&#62;alert(&#34;x&#34;)');
  });

  test('shows what nobody sees, and the direction of reading stays', () => {
    const hostile = { ...bad, found: 'a\u202eb\x1b[2J\u200bc' };
    expect(reportPage(of(hostile))).toContain('<dd class="value">a\\u{202e}b\\u{1b}[2J\\u{200b}c</dd>');
  });

  test('has the chain, the fix and the verdict', () => {
    expect(page).toContain('<li class="critical"><b><i>✘</i>Reverse name</b>');
    expect(page).toContain('<code>25.100.51.198.in-addr.arpa. 300 IN PTR mail.example.com.</code>');
    expect(page).toContain('<title>mail.example.com: Mail is being refused, lost or distrusted.</title>');
  });
});

describe('the summary of a page', () => {
  const three = [
    { ...bad, state: 'warning', title: 'B', group: 'names' },
    { ...bad, state: 'unknown', title: 'C', group: 'domains' },
    { ...bad, state: 'critical', title: 'D', group: 'host' },
  ] as Finding[];
  const page = reportPage(of(good, ...three));

  test('names what is wrong, the worst first, each with a link to the one place that tells all of it', () => {
    const links = [...page.matchAll(/<a href="#(fault-\d)">([A-D])<\/a>/g)].map(([, place, title]) => [place, title]);
    expect(links).toEqual([
      ['fault-1', 'D'],
      ['fault-2', 'C'],
      ['fault-3', 'B'],
    ]);
    for (const [place, title] of links) {
      const rows = page.split('<div class="row ').filter((row) => row.includes(`id="${place}"`));
      expect(rows).toHaveLength(1);
      expect(rows[0]).toContain(`<b>${title}</b>`);
      expect(rows[0]).toContain('the reverse name is not exactly the HELO name | as told');
    }
    expect(page).toContain('<a href="#fault-1">1 critical</a>');
  });

  test('has a word next to each sign', () => {
    for (const word of ['critical', 'unknown', 'warning', 'well']) {
      expect(page).toMatch(new RegExp(`<span aria-hidden="true">.</span> ${word}</i>`));
    }
    expect(page.match(/<li class="\w+"><b><i>.<\/i>[^<]*<\/b><span>[^<]*<\/span><em>\w+<\/em>/g)).toHaveLength(4);
  });

  test('is not there where everything is healthy', () => expect(reportPage(of(good))).not.toMatch(/fault-|<nav/));
});

test('the worst of a section comes first, and what is well keeps its order', () => {
  const titles = ['ok', 'warning', 'note', 'critical', 'ok', 'unknown'].map((state, index) => ({
    ...bad,
    state,
    title: `${index}`,
  }));
  expect(of(...(titles as Finding[])).findings.map(({ title }) => title)).toEqual(['3', '5', '1', '0', '2', '4']);
});

describe("as a plugin's line", () => {
  test('says the worst first, on one line, with figures', () => {
    expect(nagiosLine([of({ ...bad, state: 'warning', title: 'SOA of example.com' }, bad)])).toBe(
      'MAILSERVER CRITICAL - PTR of 198.51.100.25: the reverse name is not exactly the HELO name   as told; SOA of example.com: the reverse name is not exactly the HELO name   as told | time=1.234s critical=1 warning=1 unknown=0 ok=0',
    );
  });

  test('has nothing in it that a terminal acts on', () => {
    expect(nagiosLine([of({ ...bad, problem: 'it is \x1b[2J\u202e' })])).toContain('it is \\u{1b}[2J\\u{202e} | ');
  });

  test('names ten of thousands', () => {
    const line = nagiosLine([
      of(...Array.from({ length: 2000 }, (_, index) => ({ ...bad, title: `MX of d${index}.example.com` }))),
    ]);
    expect(line).toMatch(/MX of d9\.example\.com: [^;]*; and 1990 more \| time=.* critical=2000 /);
    expect(line.length).toBeLessThan(2000);
  });

  test('says of several hosts which one a finding is of', () => {
    const other = { ...of(good), subject: { ...of(good).subject, heloName: 'mx2.example.com' } };
    expect(nagiosLine([other, of(bad)])).toMatch(
      /^MAILSERVER CRITICAL - mail\.example\.com: PTR of 198\.51\.100\.25: .* \| time=2\.468s critical=1 warning=0 unknown=0 ok=1$/,
    );
    expect(nagiosLine([of(good), other])).toMatch(/^MAILSERVER OK - mail\.example\.com, mx2\.example\.com: 2 checks are well \|/);
  });

  test('says that everything is healthy', () => {
    expect(nagiosLine([of(good)])).toBe(
      'MAILSERVER OK - mail.example.com: 1 checks are well | time=1.234s critical=0 warning=0 unknown=0 ok=1',
    );
  });
});
