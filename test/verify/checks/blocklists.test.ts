import type { Listing } from '../../../lib/verify';
import { checkListings } from '../../../lib/verify/checks/blocklists';

const address = (more: Partial<Listing> = {}): Listing => ({
  list: 'zen.spamhaus.org',
  kind: 'address',
  subject: '198.51.100.25',
  codes: [],
  mustList: ['127.0.0.2'],
  mustNotList: [],
  ...more,
});

const cases: readonly (readonly [string, Listing, RegExp])[] = [
  ['not listed', address(), /^ok zen\.spamhaus\.org not listed: 198\.51\.100\.25/],
  ['listed', address({ codes: ['127.0.0.2'] }), /^critical 198\.51\.100\.25 127\.0\.0\.2 \(SBL: .*\) .*is refused by everybody/],
  ['listed for a policy', address({ codes: ['127.0.0.10'] }), /^critical .*PBL/],
  ['listed twice', address({ codes: ['127.0.0.3', '127.0.0.4'] }), /^critical .*CSS: .*; XBL: /],
  [
    'listed by a list without known codes',
    address({ list: 'dnsbl.test', codes: ['127.0.0.7'] }),
    /^critical 198\.51\.100\.25 127\.0\.0\.7 /,
  ],
  [
    'refused to a public resolver',
    address({ codes: ['127.255.255.254'], mustList: ['127.255.255.254'], mustNotList: ['127.255.255.254'] }),
    /^note zen\.spamhaus\.org refuses to answer \(127\.255\.255\.254\)/,
  ],
  ['refused for too many questions', address({ codes: ['127.255.255.255'] }), /^note zen\.spamhaus\.org refuses to answer/],
  ['misspelt by us', address({ codes: ['127.255.255.252'] }), /^note /],
  [
    'a list that lists everything',
    address({ codes: ['127.0.0.2'], mustNotList: ['127.0.0.2'] }),
    /^note zen\.spamhaus\.org lists 127\.0\.0\.1 .*it lists everything/,
  ],
  [
    'a list that lists nothing',
    address({ mustList: [] }),
    /^note zen\.spamhaus\.org does not list 127\.0\.0\.2 .*it lists nothing/,
  ],
  [
    'a list whose domain was sold',
    address({ codes: ['203.0.113.9'], mustList: ['203.0.113.9'], mustNotList: [] }),
    /^note zen\.spamhaus\.org answers 203\.0\.113\.9/,
  ],
  [
    'a wildcard of a parking page',
    address({ codes: ['203.0.113.9'], mustList: ['203.0.113.9'], mustNotList: ['203.0.113.9'] }),
    /^note zen\.spamhaus\.org lists 127\.0\.0\.1/,
  ],
  [
    'a list that does not answer',
    address({ codes: undefined, mustList: undefined, mustNotList: undefined, problem: 'no resolver answers for it' }),
    /^note zen\.spamhaus\.org no resolver answers for it/,
  ],
  [
    'a list that answers for its test points only',
    address({ codes: undefined, problem: 'no resolver answers for it' }),
    /^note zen\.spamhaus\.org no answer for 198\.51\.100\.25/,
  ],
  [
    'a domain',
    { ...address({ list: 'dbl.spamhaus.org', kind: 'domain', subject: 'example.com', codes: ['127.0.1.2'] }) },
    /^critical example\.com 127\.0\.1\.2 \(a domain of spammers, .*\) mail that names the domain/,
  ],
  [
    'a hacked domain',
    { ...address({ list: 'dbl.spamhaus.org', kind: 'domain', subject: 'example.com', codes: ['127.0.1.104'] }) },
    /^critical example\.com 127\.0\.1\.104 \(a hacked web page, used for phishing\)/,
  ],
  [
    'a question that a list of domains does not take',
    { ...address({ list: 'dbl.spamhaus.org', kind: 'domain', subject: 'example.com', codes: ['127.0.1.255'] }) },
    /^note dbl\.spamhaus\.org refuses to answer \(127\.0\.1\.255\)/,
  ],
  [
    'refused with 127.0.0.1, which is never a listing',
    {
      ...address({
        list: 'multi.uribl.com',
        kind: 'domain',
        subject: 'example.com',
        codes: ['127.0.0.1'],
        mustList: ['127.0.0.1'],
      }),
    },
    /^note multi\.uribl\.com refuses to answer \(127\.0\.0\.1\)/,
  ],
];

describe('blocklists', () => {
  test.each(cases)('%s', (_, listing, expected) => {
    const [finding, ...more] = checkListings([listing]);
    expect(more).toEqual([]);
    expect(`${finding?.state} ${finding?.subject} ${finding?.found} ${finding?.problem ?? ''}`).toMatch(expected);
  });

  test('tell each listed address, and nothing about the others of that list', () => {
    const listings = [
      address(),
      address({ subject: '198.51.100.26', codes: ['127.0.0.2'] }),
      address({ list: 'bl.spamcop.net' }),
    ];
    expect(checkListings(listings).map(({ state, subject }) => `${state} ${subject}`)).toEqual([
      'critical 198.51.100.26',
      'ok bl.spamcop.net',
    ]);
  });
});
