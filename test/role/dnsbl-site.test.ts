import { dnsblSites, repliesPattern } from '../../lib/role/dnsbl-site';

describe('blocklists', () => {
  it('are read as postscreen_dnsbl_sites has them', () => {
    const sites = dnsblSites({
      heloName: 'mail.example.com',
      dnsblSites: ['zen.spamhaus.org=127.0.0.[2..11]*3', 'bl.example.net'],
    });
    expect(sites).toEqual([
      { zone: 'zen.spamhaus.org', replies: '127.0.0.[2..11]', weight: 3 },
      { zone: 'bl.example.net', replies: undefined, weight: 1 },
    ]);
  });

  it.each([
    ['127.0.0.2', '127.0.0.2', true],
    ['127.0.0.2', '127.0.0.20', false],
    ['127.0.0.[2..11]', '127.0.0.11', true],
    ['127.0.0.[2..11]', '127.0.0.12', false],
    ['127.0.[0;2].[4..5;9]', '127.0.2.9', true],
    ['127.0.[0;2].[4..5;9]', '127.0.1.9', false],
    [undefined, '127.0.0.4', true],
    [undefined, '127.255.255.254', false],
    [undefined, '203.0.113.1', false],
  ])('with the replies %s: %s counts: %s', (replies, answer, counts) => {
    expect(new RegExp(repliesPattern(replies)).test(answer)).toBe(counts);
  });
});
