import { readFileSync, rmSync } from 'node:fs';
import { reverseNameResource } from '../../../lib/provider/aws/reverse-name-resource';
import type { TerraformObject } from '../../../lib/provider/framework/values';
import { FakeAws, type FakeAwsOptions } from '../support/fake-aws';

const context = { signal: new AbortController().signal };
const config: TerraformObject = {
  allocation_id: 'eipalloc-1',
  address: '198.51.100.25',
  name: 'mail.example.com',
  timeout_seconds: null,
  aws: null,
};
const state = { ...config, id: 'eipalloc-1' };
const pending = (value: string) => ({ update: { value, status: 'PENDING' } });

async function applied(options: FakeAwsOptions, more: TerraformObject = {}, prior: TerraformObject | null = null) {
  const aws = new FakeAws(options);
  const values = { ...config, ...more };
  const result = await reverseNameResource(aws).apply(
    { prior, planned: { ...values, id: null }, config: values, privateState: {} },
    context,
  );
  return { ...result, aws, detail: result.diagnostics.map(({ detail }) => detail).join('\n') };
}

describe('a reverse name', () => {
  test.each([1, 5, 15].map((minutes) => [minutes]))('that AWS takes %d minutes for is waited for', async (minutes) => {
    const { state: made, diagnostics, aws } = await applied({ pending: minutes * 60 });
    expect(diagnostics).toEqual([]);
    expect(made).toEqual({ ...config, id: 'eipalloc-1' });
    expect(aws.name()).toEqual({ name: 'mail.example.com.' });
    expect(aws.seconds).toBeGreaterThanOrEqual(minutes * 60);
    expect(aws.seconds).toBeLessThan(minutes * 60 + 15);
    expect(aws.calls).toEqual(['setName mail.example.com eipalloc-1']);
  });

  test.each<[string, FakeAwsOptions]>([
    ['is there already', { before: { name: 'Mail.example.com.' } }],
    ['is there without its final dot', { before: { name: 'mail.example.com' } }],
    ['AWS is at setting since an apply that gave up', { before: pending('mail.example.com.'), pending: 300 }],
  ])('that %s is taken over, and nothing is set', async (_, options) => {
    const { state: made, diagnostics, aws } = await applied(options);
    expect(diagnostics).toEqual([]);
    expect(made).toMatchObject({ id: 'eipalloc-1' });
    expect(aws.calls).toEqual([]);
  });

  test.each<[string, FakeAwsOptions]>([
    ['another one', { before: { name: 'old.example.com.' }, pending: 60 }],
    ['one that AWS is at setting', { before: pending('old.example.com.'), pending: 60 }],
    ['one that AWS is at setting, and then loses the next', { before: pending('old.example.com.'), pending: 60, loses: true }],
    [
      'one that has failed before',
      { before: { update: { value: 'mail.example.com.', status: 'FAILED', reason: 'no A' } }, pending: 60 },
    ],
  ])('takes the place of %s', async (_, options) => {
    const { diagnostics, aws } = await applied(options);
    expect(diagnostics).toEqual([]);
    expect(aws.name()).toEqual({ name: 'mail.example.com.' });
  });

  test.each<[string, FakeAwsOptions, TerraformObject, RegExp]>([
    [
      'AWS refuses in the end',
      { pending: 120, reason: 'The forward record does not point to 198.51.100.25' },
      {},
      /^AWS refuses mail\.example\.com as the reverse name of 198\.51\.100\.25: The forward record does not point .*dig \+trace A mail\.example\.com.*apply again in 15 minutes\. There is nothing to clean up$/,
    ],
    [
      'AWS takes too long for',
      { pending: 9999 },
      { timeout_seconds: 600 },
      /^AWS has not set mail\.example\.com .* after 59\d s \(the change is PENDING; the name is not set\)\. Apply again: it waits on/,
    ],
    ['may not be set', { refused: { setName: 'UnauthorizedOperation' } }, {}, /not allowed.*ec2:ModifyAddressAttribute/],
    ['AWS support has locked', { refused: { setName: 'InvalidAddress.Locked' } }, {}, /leave the reverse DNS of its forms empty/],
    ['the region has no call for', { refused: { setName: 'UnsupportedOperation' } }, {}, /GovCloud, China/],
  ])('that %s is one sentence with the way out, and is not in the state', async (_, options, more, words) => {
    const { state: made, detail, diagnostics } = await applied(options, more);
    expect(made).toBeNull();
    expect(diagnostics).toEqual([expect.objectContaining({ severity: 'error', summary: 'the reverse name is not set' })]);
    expect(detail).toMatch(words);
  });

  test('tells how far AWS is and how long it is waited for at most', async () => {
    const file = `/tmp/progress-of-reverse-names-${process.pid}`;
    process.env.MAILSERVER_PROGRESS = file;
    try {
      await applied({ pending: 120 });
      const lines = readFileSync(file, 'utf8').trim().split('\n');
      expect(lines[0]).toBe(
        '198.51.100.25 AWS is setting the reverse name of 198.51.100.25 to mail.example.com: PENDING for 0 s, waiting for 30 more minutes at most',
      );
      expect(lines.at(-1)).toMatch(/PENDING for 11\d s, waiting for 2[89] more minutes at most$/);
    } finally {
      delete process.env.MAILSERVER_PROGRESS;
      rmSync(file, { force: true });
    }
  });

  test('of another address is set there, and taken away from the former one without a wait', async () => {
    const prior = { ...state, allocation_id: 'eipalloc-2', address: '198.51.100.26' };
    const aws = new FakeAws({ pending: 60 });
    const addresses = await aws.addresses();
    await addresses.setName('eipalloc-2', 'mail.example.com');
    await aws.sleep(60_000);
    const request = { prior, planned: state, config, privateState: {} };
    expect(await reverseNameResource(aws).apply(request, context)).toEqual({ state, diagnostics: [] });
    expect(aws.seconds).toBeLessThan(140);
    expect(aws.name('eipalloc-2')).toMatchObject({ update: { status: 'PENDING' } });
    expect(aws.calls.slice(1)).toEqual(['setName mail.example.com eipalloc-1', 'resetName eipalloc-2']);
  });
});

describe('a plan', () => {
  const read = async (options: FakeAwsOptions) =>
    reverseNameResource(new FakeAws(options)).read({ state, privateState: {} }, context);

  test.each<[string, FakeAwsOptions, string | null]>([
    ['the same name', { before: { name: 'MAIL.example.com.' } }, 'mail.example.com'],
    ['the same name without final dot', { before: { name: 'mail.example.com' } }, 'mail.example.com'],
    ['the name that AWS is at setting', { before: pending('mail.example.com.'), pending: 60 }, 'mail.example.com'],
    ['the name of somebody else', { before: { name: 'web.example.com.' } }, 'web.example.com'],
    ['no name', {}, null],
    ['a failed request', { before: { update: { value: 'mail.example.com.', status: 'FAILED' } } }, null],
  ])('reads back %s', async (_, options, name) => {
    expect(await read(options)).toEqual({ state: { ...state, name }, diagnostics: [] });
  });

  test('fails where the name cannot be read, and makes anew what is gone', async () => {
    expect(await read({ refused: { nameOf: 'UnauthorizedOperation' } })).toMatchObject({
      state,
      diagnostics: [{ severity: 'error', detail: 'You are not allowed (UnauthorizedOperation)' }],
    });
    expect(await read({ refused: { nameOf: 'InvalidAllocationID.NotFound' } })).toEqual({ state: null, diagnostics: [] });
  });
});

describe('the end of a reverse name', () => {
  const removed = async (options: FakeAwsOptions, more: TerraformObject = {}) => {
    const aws = new FakeAws(options);
    return { ...(await reverseNameResource(aws).remove({ prior: { ...state, ...more }, privateState: {} }, context)), aws };
  };

  test('is waited for until AWS has taken it away', async () => {
    const { state: left, diagnostics, aws } = await removed({ before: { name: 'mail.example.com.' }, pending: 120 });
    expect({ left, diagnostics }).toEqual({ left: null, diagnostics: [] });
    expect(aws.name()).toEqual({});
    expect(aws.seconds).toBeGreaterThanOrEqual(120);
  });

  test.each<[string, FakeAwsOptions]>([
    ['it is gone already', {}],
    ['its address is gone', { refused: { nameOf: 'InvalidAllocationID.NotFound' } }],
  ])('needs nothing where %s', async (_, options) => {
    const { state: left, diagnostics, aws } = await removed(options);
    expect({ left, diagnostics, calls: aws.calls }).toEqual({ left: null, diagnostics: [], calls: [] });
  });

  test('takes one away, too, that AWS goes on setting first', async () => {
    const aws = new FakeAws({ before: pending('mail.example.com.'), pending: 120, loses: true });
    const { state: left, diagnostics } = await reverseNameResource(aws).remove({ prior: state, privateState: {} }, context);
    expect({ left, diagnostics, name: aws.name() }).toEqual({ left: null, diagnostics: [], name: {} });
  });

  test('takes one away, too, that AWS is only setting', async () => {
    const { aws } = await removed({ before: pending('mail.example.com.'), pending: 60 });
    expect(aws.calls).toEqual(['resetName eipalloc-1']);
    expect(aws.name()).toEqual({});
  });

  test('that AWS does not reach keeps the state, and says that the next one goes on', async () => {
    const { state: left, diagnostics } = await removed(
      { before: { name: 'mail.example.com.' }, pending: 9999 },
      { timeout_seconds: 300 },
    );
    expect(left).toMatchObject({ id: 'eipalloc-1' });
    expect(diagnostics[0]?.detail).toMatch(
      /after 29\d s \(the change is PENDING; the name is mail\.example\.com\.\): destroy again, it goes on/,
    );
  });
});

test.each([
  [{ ptr_record: 'mail.example.com.', domain_name: 'mail.example.com.' }, 'mail.example.com'],
  [{ ptr_record: null, domain_name: 'Mail.example.com' }, 'mail.example.com'],
])('the state of aws_eip_domain_name %j is taken over as %s', (values, name) => {
  const { moveFrom } = reverseNameResource(new FakeAws());
  expect(
    moveFrom?.('aws_eip_domain_name', { allocation_id: 'eipalloc-1', id: 'eipalloc-1', timeouts: null, ...values }),
  ).toMatchObject({
    id: 'eipalloc-1',
    allocation_id: 'eipalloc-1',
    name,
  });
  expect(moveFrom?.('aws_eip', { allocation_id: 'eipalloc-1', domain_name: 'x' })).toBeUndefined();
});
