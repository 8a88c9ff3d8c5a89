import { waitFor } from '../../../lab/system';
import { type Answer, AwsEmulator, element, refusal } from '../support/aws-emulator';

let aws: AwsEmulator;

beforeAll(async () => {
  aws = await AwsEmulator.start({ timeFactor: 60 });
});

afterEach(() => aws.set());

afterAll(() => aws?.stop());

const changeOf = ({ text }: Answer) => ({ id: element(text, 'Id'), status: element(text, 'Status') });

async function inSync(change: { readonly id: string }) {
  const look = async () => element((await aws.route53('GET', change.id.replace(/^\//, ''))).text, 'Status');
  await waitFor('INSYNC', async () => (await look()) === 'INSYNC', { deadline: 5000 });
}

const served = (name: string, address: string) =>
  aws.snapshots
    .at(-1)
    ?.zones.some(({ records }) => records.some((record) => record.name === `${name}.` && record.values.includes(address))) ??
  false;

describe('a change in Route 53', () => {
  test('is PENDING at first, and the world learns of it when it is INSYNC', async () => {
    const zone = await aws.zone('sync.test');
    const change = changeOf(await aws.change(zone, ['CREATE', 'a.sync.test', 'A', '198.51.100.41']));
    expect(change).toEqual({ id: expect.stringMatching(/^\/change\/C\w+$/), status: 'PENDING' });
    expect((await aws.route53('GET', `hostedzone/${zone}/rrset`)).text).toContain('a.sync.test');
    expect(served('a.sync.test', '198.51.100.41')).toBe(false);
    await inSync(change);
    expect(served('a.sync.test', '198.51.100.41')).toBe(true);
  });

  test('is PENDING for as long as the name servers of the world need', async () => {
    const zone = await aws.zone('slow.test');
    let serve = () => {};
    aws.served = new Promise((resolve) => {
      serve = resolve;
    });
    const change = changeOf(await aws.change(zone, ['CREATE', 'a.slow.test', 'A', '198.51.100.41']));
    await aws.snapshotWith('the record', () => served('a.slow.test', '198.51.100.41'));
    expect(element((await aws.route53('GET', change.id.slice(1))).text, 'Status')).toBe('PENDING');
    serve();
    aws.served = Promise.resolve();
    await inSync(change);
  });

  test('that deletes a zone takes it from the world, too', async () => {
    const made = await aws.createZone('gone.test');
    await inSync({ id: /\/change\/\w+/.exec(made.text)?.[0] ?? '' });
    const isServed = () => aws.snapshots.at(-1)?.zones.some(({ name }) => name === 'gone.test.');
    expect(isServed()).toBe(true);
    const id = element(made.text, 'Id').slice(1);
    await inSync(changeOf(await aws.route53('DELETE', id)));
    expect(isServed()).toBe(false);
  });

  test('is answered when it is INSYNC, and with nothing to poll, where the lab wants it so', async () => {
    await aws.set({ aws: { route53: { answers: 'in sync' } } });
    const zone = await aws.zone('held.test');
    const { text } = await aws.change(zone, ['CREATE', 'a.held.test', 'A', '198.51.100.41']);
    expect(text).not.toContain('ChangeInfo>');
    expect(served('a.held.test', '198.51.100.41')).toBe(true);
  });

  test('has an id of its own: another one is unknown', async () => {
    expect(refusal(await aws.route53('GET', 'change/C0123'))).toEqual([404, 'NoSuchChange']);
  });
});
