import { type Finding, verify } from '../../lib/verify';
import { DnsWorld } from './support/dns-world';

// A busy machine answers late, and late is not never.
jest.setTimeout(60_000);

describe('a whole verification', () => {
  let world: DnsWorld;
  afterEach(() => world.stop());

  test('ends soon when every DNS server is silent, and calls nothing right or wrong that nobody told', async () => {
    const silent = { zones: {}, fault: 'silent' as const };
    world = await new DnsWorld({ '127.0.55.1': silent, '127.0.55.2': silent, '127.0.55.3': silent }).start();
    const domains = Array.from({ length: 200 }, (_, index) => `d${index}.example.com`);
    const { findings, state, milliseconds } = await verify(
      { heloName: 'mail.example.com', addresses: ['198.51.100.25'], domains },
      {
        resolvers: [`127.0.55.1:${world.port}`, `127.0.55.2:${world.port}`],
        roots: [`127.0.55.3:${world.port}`],
        timeoutMilliseconds: 500,
        smtp: false,
      },
    );
    expect(state).toBe('unknown');
    const states = (test: (finding: Finding) => boolean) => [...new Set(findings.filter(test).map((each) => each.state))];
    expect(states(({ group, check }) => group === 'domains' || (group === 'names' && check !== 'helo-name'))).toEqual([
      'unknown',
    ]);
    expect(states(({ group }) => group === 'blocklists')).toEqual(['note']);
    expect(findings.filter(({ group }) => group === 'domains')).toHaveLength(600);
    // Hundreds of questions, and only the first ones wait for their deadline.
    expect(milliseconds).toBeLessThan(15_000);
  });
});
