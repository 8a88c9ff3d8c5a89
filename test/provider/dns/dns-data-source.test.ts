import { providerConfiguration } from '../../../lib/provider/dns/configuration';
import { dnsDataSource } from '../../../lib/provider/dns/dns-data-source';
import { DnsDefaults } from '../../../lib/provider/dns/parts';
import { UNKNOWN } from '../../../lib/provider/framework/values';
import { fakeDns } from '../support/fake-dns';

const context = { signal: new AbortController().signal };
const config = {
  helo_name: 'mail.example.com',
  addresses: ['198.51.100.25'],
  records: { 'MX example.com': ['10 mail.example.com.'] },
};
const read = async (table: Parameters<typeof fakeDns>[0]) => (await dnsDataSource(fakeDns(table)).read(config, context)).state;

test('every record has a row: what is expected, what the world sees, and the verdict', async () => {
  expect(
    await read({
      'A mail.example.com': ['198.51.100.25'],
      'PTR 25.100.51.198.in-addr.arpa': ['ec2-198-51-100-25.example.net.'],
      'MX example.com': [
        { values: ['10 mail.example.com.'] },
        { values: ['10 old.example.com.'], source: 'resolver', server: '198.51.100.3' },
      ],
    }),
  ).toMatchObject({
    agreed: false,
    rows: {
      'A mail.example.com': { expected: '198.51.100.25', live: '198.51.100.25', verdict: 'agrees' },
      'AAAA mail.example.com': { expected: 'none', live: 'none', verdict: 'agrees' },
      'PTR IPv4': { expected: 'mail.example.com.', live: 'ec2-198-51-100-25.example.net.', verdict: 'differs' },
      'MX example.com': {
        expected: '10 mail.example.com.',
        live: '10 mail.example.com. (ns.world.test (198.51.100.2)); 10 old.example.com. (resolver 198.51.100.3)',
        verdict: 'servers disagree',
      },
    },
    problems: [
      'PTR of 25.100.51.198.in-addr.arpa: ns.world.test (198.51.100.2) says ec2-198-51-100-25.example.net., expected mail.example.com.',
      'MX of example.com: resolver 198.51.100.3 says 10 old.example.com., expected 10 mail.example.com.',
    ],
  });
});

test('what is missing, not wanted, an alias, or not answered is distinguished', async () => {
  const state = await read({
    'AAAA mail.example.com': ['2001:db8::25'],
    'PTR 25.100.51.198.in-addr.arpa': [{ outcome: 'timeout', problem: 'no answer in 2 s' }],
    'MX example.com': [{ outcome: 'alias', aliases: ['mx.example.net.'] }],
  });
  expect(state?.rows).toEqual({
    'A mail.example.com': { expected: '198.51.100.25', live: 'none', verdict: 'missing' },
    'AAAA mail.example.com': { expected: 'none', live: '2001:db8::25', verdict: 'not wanted' },
    'PTR IPv4': { expected: 'mail.example.com.', live: 'no answer in 2 s', verdict: 'no answer' },
    'MX example.com': { expected: '10 mail.example.com.', live: 'alias (CNAME) to mx.example.net.', verdict: 'differs' },
  });
});

test('a resolver that remembers what was before does not disagree with servers that are of one mind', async () => {
  const before = { source: 'resolver', server: '198.51.100.3', remembersSeconds: 240 } as const;
  const state = await read({
    'A mail.example.com': [{ values: ['198.51.100.99'] }, { ...before, values: ['198.51.100.25'] }],
    'AAAA mail.example.com': [{ values: ['2001:db8::25'] }, { ...before, outcome: 'nodata' }],
    'PTR 25.100.51.198.in-addr.arpa': [
      { values: ['one.example.net.'] },
      { values: ['two.example.net.'], server: '198.51.100.4' },
      { ...before, values: ['one.example.net.'] },
    ],
    'MX example.com': [{ outcome: 'nodata' }, { ...before, values: ['10 mail.example.com.'] }],
  });
  expect(state?.rows).toMatchObject({
    'A mail.example.com': { live: '198.51.100.99', verdict: 'differs' },
    'AAAA mail.example.com': { live: '2001:db8::25', verdict: 'not wanted' },
    'PTR IPv4': { verdict: 'servers disagree' },
    'MX example.com': { live: 'none', verdict: 'missing' },
  });
});

test('everything agrees', async () => {
  const state = await read({
    'A mail.example.com': ['198.51.100.25'],
    'PTR 25.100.51.198.in-addr.arpa': ['Mail.Example.com'],
    'MX example.com': ['10 mail.example.com'],
  });
  expect(state).toMatchObject({ agreed: true, problems: [] });
});

describe('who is asked', () => {
  const env = { MAILSERVER_RESOLVERS: '198.51.100.3, 198.51.100.4' };

  test('is said by the configuration of the provider, else by the environment, else by the machine', () => {
    const defaults = new DnsDefaults(env);
    expect(defaults.resolvers).toEqual(['198.51.100.3', '198.51.100.4']);
    providerConfiguration(defaults).configure({ resolvers: ['198.51.100.5'] });
    expect(defaults.resolvers).toEqual(['198.51.100.5']);
    providerConfiguration(defaults).configure({ resolvers: UNKNOWN });
    expect(defaults.resolvers).toEqual(['198.51.100.3', '198.51.100.4']);
    expect(new DnsDefaults({}).resolvers).toBeUndefined();
  });

  test('must be an address', () => {
    const problems = providerConfiguration(new DnsDefaults({})).validate({ resolvers: ['ns.example.com'] });
    expect(problems[0]?.detail).toContain("'ns.example.com' is not a DNS server");
  });
});
