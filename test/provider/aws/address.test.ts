import { addressResource } from '../../../lib/provider/aws/address-resource';
import { type TerraformObject, UNKNOWN } from '../../../lib/provider/framework/values';
import { FakeAws, type FakeAwsOptions } from '../support/fake-aws';

const context = { signal: new AbortController().signal };
const config: TerraformObject = {
  address: '198.51.100.25',
  allocation_id: 'eipalloc-1',
  remedy: 'terraform apply -replace=aws_eip.it',
  aws: null,
};
const state = { ...config, id: '198.51.100.25' };

describe('a new address', () => {
  const planned = async (options: FakeAwsOptions, prior: TerraformObject | null = null, proposed = config) =>
    (await addressResource(new FakeAws(options)).plan({ prior, proposed, config: proposed, privateState: {} }, context))
      .diagnostics;
  const listed = [
    { list: 'zen.spamhaus.org', codes: '127.0.0.3 (CSS: low reputation)', removal: 'https://check.spamhaus.org/' },
    { list: 'psbl.surriel.com', codes: '127.0.0.2', removal: 'https://psbl.org/remove' },
  ];

  test('with a clean past says nothing', async () => {
    expect(await planned({})).toEqual([]);
  });

  test('is kept as it is', async () => {
    const request = { prior: null, planned: { ...config, id: null }, config, privateState: {} };
    expect(await addressResource(new FakeAws({ listed })).apply(request, context)).toEqual({ state, diagnostics: [] });
  });

  test('with a bad past is a warning: which lists, why, and how to get another one', async () => {
    expect(await planned({ listed })).toEqual([
      {
        severity: 'warning',
        summary: '198.51.100.25 is on 2 blocklists',
        detail: [
          'Whoever uses one of these lists refuses mail from it:',
          '  zen.spamhaus.org: 127.0.0.3 (CSS: low reputation); ask to be taken off: https://check.spamhaus.org/',
          '  psbl.surriel.com: 127.0.0.2; ask to be taken off: https://psbl.org/remove',
          'Or get another address, while nothing is built on this one: terraform apply -replace=aws_eip.it',
        ].join('\n'),
      },
    ]);
  });

  test('is looked up once, not when something else of it changes', async () => {
    expect(await planned({ listed }, { ...state, remedy: 'x' })).toEqual([]);
    expect(await planned({ listed }, { ...state, address: '198.51.100.99' })).toHaveLength(1);
  });

  test('is looked up when it is known: not before it is allocated', async () => {
    expect(await planned({ listed }, null, { ...config, address: UNKNOWN })).toEqual([]);
  });

  test('is another thing than the one before', async () => {
    const { plan } = addressResource(new FakeAws());
    const changed = (change: TerraformObject) =>
      plan({ prior: state, proposed: { ...state, ...change }, config: { ...config, ...change }, privateState: {} }, context);
    expect(await changed({ allocation_id: 'eipalloc-2' })).toMatchObject({ requiresReplace: ['allocation_id'] });
    expect(await changed({ remedy: 'x' })).toMatchObject({ requiresReplace: [], planned: { id: '198.51.100.25' } });
  });
});

describe('an address that goes with the stack', () => {
  const removed = async (options: FakeAwsOptions, prior: TerraformObject = state) => {
    const aws = new FakeAws(options);
    return { ...(await addressResource(aws).remove({ prior, privateState: {} }, context)), aws };
  };

  test('is released', async () => {
    const { state: left, diagnostics, aws } = await removed({});
    expect({ left, diagnostics, calls: aws.calls }).toEqual({ left: null, diagnostics: [], calls: ['release eipalloc-1'] });
  });

  test('is released as soon as AWS lets go of it, minutes after its name was taken away', async () => {
    const aws = new FakeAws({ before: { name: 'mail.example.com.' }, pending: 60, held: 300 });
    await (await aws.addresses()).resetName('eipalloc-1');
    await aws.sleep(60_000);
    expect(await addressResource(aws).remove({ prior: state, privateState: {} }, context)).toEqual({
      state: null,
      diagnostics: [],
    });
    expect(aws.seconds).toBeGreaterThanOrEqual(360);
    expect(aws.seconds).toBeLessThan(375);
    expect(aws.calls.filter((call) => call.startsWith('reset'))).toHaveLength(1);
    expect(aws.calls.at(-1)).toBe('release eipalloc-1');
  });

  test.each<[string, FakeAwsOptions]>([
    ['AWS set after an apply had given up', { before: { name: 'mail.example.com.' }, pending: 60, held: 90 }],
    ['AWS is setting still', { before: { update: { value: 'm.', status: 'PENDING' } }, pending: 120, held: 90 }],
    ['AWS could not set', { before: { update: { value: 'mail.example.com.', status: 'FAILED' } }, held: 90 }],
  ])('loses a name first that %s: it is in no state', async (_, options) => {
    const { state: left, diagnostics, aws } = await removed(options);
    expect({ left, diagnostics }).toEqual({ left: null, diagnostics: [] });
    expect(aws.calls.filter((call) => call.startsWith('reset'))).toEqual(['resetName eipalloc-1']);
    expect(aws.calls.at(-1)).toBe('release eipalloc-1');
  });

  test('that AWS does not let go of for half an hour is an error, and the next destroy goes on', async () => {
    const { state: left, diagnostics } = await removed({ before: { name: 'mail.example.com.' }, held: 99_999 });
    expect(left).toBe(state);
    expect(diagnostics[0]).toMatchObject({
      severity: 'error',
      summary: 'AWS still holds 198.51.100.25',
      detail: expect.stringMatching(/InvalidAddress\.PtrSet\), for 1[78]\d\d s by now: destroy again, it goes on from there$/),
    });
  });

  test.each<[string, FakeAwsOptions]>([
    ['is in use', { associated: true }],
    ['may not be released', { refused: { release: 'UnauthorizedOperation' } }],
    ['is gone', { refused: { release: 'InvalidAllocationID.NotFound' } }],
  ])('that %s is left to aws_eip, which meets the same', async (_, options) => {
    const { state: left, diagnostics, aws } = await removed(options);
    expect({ left, diagnostics, calls: aws.calls }).toEqual({ left: null, diagnostics: [], calls: ['release eipalloc-1'] });
  });

  test('is never released where it was there before the stack', async () => {
    const { aws } = await removed({}, { ...state, allocation_id: null });
    expect(aws.calls).toEqual([]);
  });
});
