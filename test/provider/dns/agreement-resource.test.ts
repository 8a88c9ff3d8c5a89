import { agreementResource } from '../../../lib/provider/dns/agreement-resource';
import { type TerraformObject, UNKNOWN } from '../../../lib/provider/framework/values';
import { fakeDns } from '../support/fake-dns';

const context = { signal: new AbortController().signal };
const config: TerraformObject = { helo_name: 'mail.example.com', addresses: ['198.51.100.25'], records: null, claims: null };
const sound = { 'A mail.example.com': ['198.51.100.25'], 'PTR 25.100.51.198.in-addr.arpa': ['mail.example.com.'] };

const applied = (table: Parameters<typeof fakeDns>[0], more: TerraformObject = {}, prior: TerraformObject | null = null) => {
  const dns = fakeDns(table);
  const planned = { ...config, ...more, id: 'mail.example.com' };
  const request = { prior, planned, config: { ...config, ...more }, privateState: {} };
  return agreementResource(dns)
    .apply(request, context)
    .then((result) => ({ ...result, dns }));
};

describe('an agreement', () => {
  test('is reached when name and address name each other, and nothing else', async () => {
    const { state, diagnostics, dns } = await applied(sound);
    expect(diagnostics).toEqual([]);
    expect(state).toMatchObject({ id: 'mail.example.com' });
    expect(dns.looks).toEqual([['A mail.example.com', 'AAAA mail.example.com', 'PTR 25.100.51.198.in-addr.arpa']]);
    expect(dns.waits).toEqual([{ deadlineSeconds: undefined, resolvers: undefined }]);
  });

  test.each([
    ['no PTR', { 'A mail.example.com': ['198.51.100.25'] }, 'says no such record, expected mail.example.com.'],
    ['another PTR', { ...sound, 'PTR 25.100.51.198.in-addr.arpa': ['ec2.example.net.'] }, 'says ec2.example.net., expected'],
    [
      'two PTRs',
      { ...sound, 'PTR 25.100.51.198.in-addr.arpa': ['mail.example.com.', 'www.example.com.'] },
      'says mail.example.com., www.example.com., expected mail.example.com.',
    ],
    ['a second address', { ...sound, 'A mail.example.com': ['198.51.100.25', '198.51.100.26'] }, 'expected 198.51.100.25'],
    [
      'an IPv6 address without a reverse name',
      { ...sound, 'AAAA mail.example.com': ['2001:db8::25'] },
      'says 2001:db8::25, expected no such record',
    ],
  ])('is not reached with %s, and the host is not given the name', async (_, table, words) => {
    const { state, diagnostics } = await applied(table);
    expect(state).toBeNull();
    expect(diagnostics).toEqual([expect.objectContaining({ severity: 'error', summary: 'DNS does not agree' })]);
    expect(diagnostics[0]?.detail).toContain(words);
    expect(diagnostics[0]?.detail).toContain('after 4 s of waiting');
  });

  test('keeps what was agreed before, so that the next apply waits again', async () => {
    const prior = { ...config, helo_name: 'old.example.com', id: 'old.example.com' };
    expect((await applied({}, {}, prior)).state).toBe(prior);
  });

  test('that is not required warns and goes on', async () => {
    const { state, diagnostics } = await applied({}, { required: false, timeout_seconds: 30 });
    expect(state).toMatchObject({ id: 'mail.example.com' });
    expect(diagnostics).toEqual([expect.objectContaining({ severity: 'warning' })]);
  });

  test('has a reverse name for each of the addresses, of both families', async () => {
    const { dns } = await applied({}, { addresses: ['198.51.100.25', '2001:db8::25'] });
    expect(dns.looks[0]).toHaveLength(4);
    expect(dns.looks[0]?.[3]).toMatch(/^PTR 5\.2\.0\.0\..*\.8\.b\.d\.0\.1\.0\.0\.2\.ip6\.arpa$/);
  });
});

describe('a record that is to be made and is there already', () => {
  const claim = (address: string, id: string | typeof UNKNOWN = UNKNOWN) => ({ address, id });
  const claims = { 'A mail.example.com': claim('aws_route53_record.a'), 'MX example.com': claim('aws_route53_record.mx') };
  const planned = (table: Parameters<typeof fakeDns>[0], more: TerraformObject, prior: TerraformObject | null = null) => {
    const dns = fakeDns(table);
    return agreementResource(dns)
      .plan({ prior, proposed: { ...config, ...more }, config: { ...config, ...more }, privateState: {} }, context)
      .then(({ diagnostics }) => ({ diagnostics, dns }));
  };

  test('is named at plan with what it holds and how it is taken over', async () => {
    const { diagnostics } = await planned(
      { 'MX example.com': ['10 mx.example.net.'] },
      { claims, records: { 'MX example.com': ['10 mail.example.com.'] }, addresses: UNKNOWN },
    );
    expect(diagnostics).toEqual([
      expect.objectContaining({ severity: 'warning', summary: 'there is an MX record of example.com already' }),
    ]);
    expect(diagnostics[0]?.detail).toContain('DNS answers with 10 mx.example.net.');
    expect(diagnostics[0]?.detail).toContain('terraform import aws_route53_record.mx ZONE-ID_example.com_MX');
  });

  test('is named, too, where somebody else is to enter it, with what it is to be, as far as that is known', async () => {
    const records = { 'A mail.example.com': [UNKNOWN], 'MX example.com': ['10 mail.example.com.'], 'TXT example.com': [] };
    const found = { 'A mail.example.com': ['198.51.100.99'], 'MX example.com': ['10 mx.example.net.'], 'TXT example.com': ['x'] };
    const { diagnostics } = await planned(found, { records, helo_name: null, addresses: null });
    expect(diagnostics.map(({ severity, summary }) => `${severity}: ${summary}`)).toEqual([
      'warning: the A record of mail.example.com says something else',
      'warning: the MX record of example.com says something else',
      'warning: the TXT record of example.com says something else',
    ]);
    const details = diagnostics.map(({ detail }) => detail);
    expect(details[0]).toContain('DNS answers with 198.51.100.99, expected what this apply will make');
    expect(details[1]).toContain('DNS answers with 10 mx.example.net., expected 10 mail.example.com.; this stack does not');
    expect(details[2]).toContain('DNS answers with x, expected no such record');
    const again = await planned(
      found,
      { records },
      { ...config, records: { ...records, 'A mail.example.com': ['198.51.100.25'] } },
    );
    expect(again.dns.looks).toEqual([['A mail.example.com']]);
  });

  test.each<[string, object[], object | undefined, string]>([
    [
      'that is to be made',
      [{ outcome: 'alias', aliases: ['web.example.net.'] }],
      claims,
      'the apply will stop at the MX record: delete',
    ],
    [
      'that leads to the right values',
      [{ values: ['10 mail.example.com.'], aliases: ['b.example.net.'] }],
      claims,
      'the apply will stop',
    ],
    [
      'that somebody is to enter',
      [{ outcome: 'alias', aliases: ['web.example.net.'] }],
      {},
      'the MX record cannot be entered next to it',
    ],
  ])('is named when it is an alias in the way of one %s', async (_, views, claimed, words) => {
    const more = { claims: claimed, records: { 'MX example.com': ['10 mail.example.com.'] } } as TerraformObject;
    const table = { 'MX example.com': views };
    const { diagnostics } = await planned(table, more);
    expect(diagnostics.map(({ summary }) => summary)).toEqual(['there is a CNAME record of example.com already']);
    expect(diagnostics[0]?.detail).toContain(words);
  });

  test('is named, too, when it holds what is wanted', async () => {
    const table = { 'MX example.com': ['10 mail.example.com.'] };
    const { diagnostics } = await planned(table, { claims, records: { 'MX example.com': ['10 Mail.Example.com.'] } });
    expect(diagnostics.map(({ summary }) => summary)).toEqual(['there is an MX record of example.com already']);
    expect(diagnostics[0]?.detail).toContain('DNS answers with 10 mail.example.com., as is wanted. If it is in the zone');
  });

  test('is ours when its resource is there, made or imported', async () => {
    const made = { 'A mail.example.com': claim('x', 'Z1_mail.example.com_A'), 'MX example.com': claim('y', 'Z1_example.com_MX') };
    const table = { 'MX example.com': ['10 mx.example.net.'], 'A mail.example.com': ['198.51.100.99'] };
    const { diagnostics, dns } = await planned(table, { claims: made, records: { 'MX example.com': ['10 mail.example.com.'] } });
    expect(diagnostics).toEqual([]);
    expect(dns.looks).toEqual([]);
  });

  test("is looked for at the zone's own servers only: a resolver would remember that it is missing", async () => {
    const views = [{ outcome: 'timeout' }, { source: 'resolver', values: ['10 x.'] }] as const;
    const { diagnostics, dns } = await planned(
      { 'MX example.com': [...views] },
      { claims: { 'MX example.com': claim('aws_route53_record.mx') }, records: { 'TXT example.com': ['x'] } },
    );
    expect(diagnostics).toEqual([]);
    expect(dns.ownLooks).toEqual([['MX example.com', 'TXT example.com']]);
    expect(dns.looks).toEqual(dns.ownLooks);
  });
});

test('its id is unknown as long as there is something to wait for', async () => {
  const resource = agreementResource(fakeDns({}));
  const plan = async (prior: TerraformObject | null, proposed: TerraformObject) =>
    (await resource.plan({ prior, proposed, config: proposed, privateState: {} }, context)).planned.id;
  const prior = { ...config, id: 'mail.example.com' };
  expect(await plan(null, config)).toBe(UNKNOWN);
  expect(await plan(prior, { ...prior })).toBe('mail.example.com');
  expect(await plan(prior, { ...prior, addresses: ['198.51.100.26'] })).toBe(UNKNOWN);
  expect(await plan(prior, { ...prior, addresses: UNKNOWN })).toBe(UNKNOWN);
});

describe('a former name', () => {
  const records = (mx: string[], txt = 'v=spf1 mx -all') => ({ 'MX example.com': mx, 'TXT example.com': [txt] });
  const table = { 'MX example.com': ['10 mail.example.com.'], 'TXT example.com': ['v=spf1 mx -all'] };
  const more = (seconds: number) => ({
    helo_name: null,
    addresses: null,
    records: records(['10 mail.example.com.']),
    keep_former_seconds: seconds,
  });
  const prior = (before: object, seconds = 3600) =>
    ({ ...config, ...more(seconds), id: 'x', records: before }) as TerraformObject;
  const took = async (...args: Parameters<typeof applied>) => {
    const begin = performance.now();
    expect((await applied(...args)).diagnostics).toEqual([]);
    return performance.now() - begin;
  };

  // An hour, if it were waited for.
  test.each<[what: string, before: object | null]>([
    ['that is new', null],
    ['that stays', records(['10 mail.example.com.'])],
    ['whose MX changes its preference', records(['20 Mail.Example.com'])],
    ['with an edited SPF record', records(['10 mail.example.com.'], 'v=spf1 a -all')],
    ['with a DMARC record that goes', { ...records(['10 mail.example.com.']), 'TXT _dmarc.example.com': ['v=DMARC1; p=none'] }],
    ['of which a domain goes', { ...records(['10 mail.example.com.']), 'MX example.org': ['10 mail.example.com.'] }],
  ])('%s is not waited for', async (_, before) => {
    expect(await took(table, more(3600), before && prior(before))).toBeLessThan(20_000);
  });

  test.each<[what: string, before: object, helo: string | null]>([
    ['that an MX led to', records(['10 old.example.com.']), null],
    ['that one of two MX led to', records(['10 mail.example.com.', '20 old.example.com.']), null],
    ['that was the HELO name', records(['10 mail.example.com.']), 'old.example.com'],
  ])('%s is kept for those who remember it', async (_, before, helo) => {
    const was = { ...prior(before, 0), helo_name: helo };
    expect(await took(table, more(1), was)).toBeGreaterThan(990);
  });

  test('is kept as long as its records told the world to remember them', async () => {
    expect(await took(table, more(0), prior(records(['10 old.example.com.']), 1))).toBeGreaterThan(990);
  });
});

test.each([
  [{ helo_name: 'mail' }, 'it has no dot'],
  [{ addresses: ['mail.example.com'] }, 'is not an address'],
  [{ records: { 'XX example.com': [] } }, "expected type and name, e.g. 'MX example.com'"],
  [{ records: { example: [] } }, 'names no record'],
  [{ resolvers: ['resolver.example.net'] }, 'is not a DNS server'],
  [{ timeout_seconds: 0 }, 'timeout_seconds'],
])('%j is refused', (wrong, words) => {
  const problems = agreementResource(fakeDns({})).validate({ ...config, ...wrong });
  expect(problems.map(({ detail }) => detail).join('\n')).toContain(words);
});
