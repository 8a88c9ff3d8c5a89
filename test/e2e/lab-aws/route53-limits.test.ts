import { AwsEmulator, element, refusal } from '../support/aws-emulator';

let aws: AwsEmulator;

beforeAll(async () => {
  aws = await AwsEmulator.start({ timeFactor: 1000 });
});

afterEach(() => aws.set());

afterAll(() => aws?.stop());

describe('Route 53 at AWS', () => {
  test('answers five requests a second, and then with an error after which the SDKs try again', async () => {
    await aws.set({ timeFactor: 1 });
    const list = () => aws.route53('GET', 'hostedzone');
    const answers = await Promise.all(Array.from({ length: 8 }, list));
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused).toHaveLength(3);
    for (const answer of refused) {
      expect(refusal(answer)).toEqual([400, 'Throttling']);
      expect(element(answer.text, 'Message')).toBe('Rate exceeded');
    }
  });

  test('carries out a call that comes again with the same number after it was throttled', async () => {
    await aws.set({ timeFactor: 10, aws: { route53: { requestsPerSecond: 1 } } });
    const list = () => aws.call('route53', '/2013-04-01/hostedzone', { method: 'GET' }, { invocation: 'again' });
    await aws.route53('GET', 'hostedzonecount');
    expect(refusal(await list())).toEqual([400, 'Throttling']);
    await aws.set();
    expect((await list()).status).toBe(200);
  });

  test('takes one change of a zone at a time, and another one when it comes again', async () => {
    const [zone, other] = [await aws.zone('busy.test'), await aws.zone('idle.test')];
    await aws.set({ timeFactor: 1, aws: { route53: { requestsPerSecond: 100 } } });
    const record = (name: string) => ['CREATE', name, 'A', '198.51.100.41'] as const;
    expect((await aws.changeOnce(zone, record('a.busy.test'))).status).toBe(200);
    const refused = await aws.changeOnce(zone, record('b.busy.test'));
    expect(refusal(refused)).toEqual([400, 'PriorRequestNotComplete']);
    expect((await aws.changeOnce(other, record('b.idle.test'))).status).toBe(200);
    expect((await aws.change(zone, record('b.busy.test'))).status).toBe(200);
  });

  test.each([['example.com'], ['mail.Example.net.']])('does not make the zone %s, which is reserved', async (name) => {
    expect(refusal(await aws.createZone(name))).toEqual([400, 'InvalidDomainName']);
    await aws.set({ aws: { route53: { reservedNames: [] } } });
    expect((await aws.createZone(name)).status).toBe(201);
  });

  test('has room for as many zones as the account’s quota says', async () => {
    const { text } = await aws.route53('GET', 'hostedzonecount');
    const zones = Number(element(text, 'HostedZoneCount')) + 1;
    await aws.set({ aws: { route53: { zones } } });
    expect((await aws.createZone('last.test')).status).toBe(201);
    expect(refusal(await aws.createZone('one-more.test'))).toEqual([400, 'TooManyHostedZones']);
  });

  test('has room for as many records in a zone as its quota says, those of the zone itself among them', async () => {
    const zone = await aws.zone('full.test');
    await aws.set({ aws: { route53: { recordsPerZone: 3 } } });
    expect((await aws.change(zone, ['CREATE', 'a.full.test', 'A', '198.51.100.41'])).status).toBe(200);
    const one = await aws.change(zone, ['CREATE', 'b.full.test', 'A', '198.51.100.41']);
    expect(refusal(one)).toEqual([400, 'InvalidChangeBatch']);
    expect(one.text).toContain('limit of 3 records');
    const swap = await aws.change(
      zone,
      ['DELETE', 'a.full.test', 'A', '198.51.100.41'],
      ['CREATE', 'b.full.test', 'A', '198.51.100.41'],
    );
    expect(swap.status).toBe(200);
  });
});

describe('name servers of Route 53', () => {
  const servers = (text: string) => [...text.matchAll(/<NameServer>([^<]*)/g)].map(([, server]) => server);

  test('are four of a zone’s own, and other ones for a second zone of the name', async () => {
    const [first = '', second = ''] = (await Promise.all([1, 2].map(() => aws.createZone('twice.test')))).map(({ text }) => text);
    expect(servers(first)).toEqual(
      ['com', 'net', 'org', 'co\\.uk'].map((end) => expect.stringMatching(`^ns-\\d+\\.awsdns-\\d\\d\\.${end}$`)),
    );
    expect(servers(first).filter((server) => servers(second).includes(server))).toEqual([]);
  });

  test('run out for zones of one name', async () => {
    for (const _ of [1, 2, 3]) expect((await aws.createZone('often.test')).status).toBe(201);
    expect(refusal(await aws.createZone('often.test'))).toEqual([400, 'DelegationSetNotAvailable']);
  });

  test('are shared by the zones of a reusable delegation set, but not by two of one name', async () => {
    const body =
      '<CreateReusableDelegationSetRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><CallerReference>1</CallerReference></CreateReusableDelegationSetRequest>';
    const { text } = await aws.route53('POST', 'delegationset', body);
    const id = `<DelegationSetId>${element(text, 'Id').replace('/delegationset/', '')}</DelegationSetId>`;
    const zones = [await aws.createZone('one.test', id), await aws.createZone('two.test', id)];
    for (const zone of zones) expect(servers(zone.text)).toEqual(servers(text));
    expect(refusal(await aws.createZone('one.test', id))).toEqual([400, 'ConflictingDomainExists']);
    expect(refusal(await aws.createZone('three.test', '<DelegationSetId>N0</DelegationSetId>'))).toEqual([
      400,
      'NoSuchDelegationSet',
    ]);
  });
});
