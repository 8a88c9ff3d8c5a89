import { HostError } from '../../../lib/host/host-error';
import type { PrivateState } from '../../../lib/provider/framework/resource';
import { type TerraformObject, UNKNOWN } from '../../../lib/provider/framework/values';
import { base, conform, context, summaries, terraform } from '../support/role-terraform';

const stopped = { ...base, on_destroy: 'stop' };

/**
 * Terraform replaces a resource (`-replace`, `taint`) by a delete and a create, and gives both the notes of the plan that creates:
 * seen with Terraform 1.11 to 1.14.
 */
async function replace(run: ReturnType<typeof terraform>, settings: TerraformObject, notes: PrivateState = {}) {
  const prior = run.state();
  const config = conform(settings);
  const proposed = { ...config };
  const { planned, privateState = {} } = await run.resource.plan({ prior: null, proposed, config, privateState: notes }, context);
  const removed = await run.resource.remove({ prior, privateState }, context);
  const create = () => run.resource.apply({ prior: null, planned: conform(planned), config, privateState }, context);
  return { privateState, removed, create };
}

describe('a role that is replaced on its machine', () => {
  it.each(['stop', 'remove', 'keep'])(
    'is changed like any other, and nothing is stopped before (on_destroy = %s)',
    async (way) => {
      const run = terraform();
      await run.apply({ ...base, on_destroy: way });
      const { removed, create } = await replace(run, { ...base, on_destroy: way, helo_name: 'mx.example.com' });
      expect(removed).toEqual({ state: null, diagnostics: [] });
      expect([run.host.stops, run.host.removals]).toEqual([0, 0]);
      expect(summaries(await create())).toEqual([]);
      expect(run.host.files['/etc/name']).toContain('MX.EXAMPLE.COM');
    },
  );

  it('stays as it was when the change is refused', async () => {
    const run = terraform();
    await run.apply(stopped);
    const before = { ...run.host.files };
    const { create } = await replace(run, { ...stopped, helo_name: 'mx.example.com' });
    run.host.failure = new HostError('refused', 'nothing was changed');
    const { state, diagnostics } = await create();
    expect(state).toBeNull();
    expect(diagnostics[0]?.summary).toBe('the change was refused, the mail host keeps its old state');
    expect(run.host.files).toEqual(before);
    expect([run.host.stops, run.host.removals]).toEqual([0, 0]);
  });

  it('is stopped when it is destroyed after that', async () => {
    const run = terraform();
    await run.apply(stopped);
    const { create } = await replace(run, stopped);
    const { state, privateState = {} } = await create();
    await run.resource.remove({ prior: conform(state as TerraformObject), privateState }, context);
    expect(run.host.stops).toBe(1);
  });
});

describe('a role that goes to another machine', () => {
  it.each<[string, TerraformObject]>([
    ['another instance', { ...stopped, instance_id: 'i-2' }],
    ['an instance that is not known yet', { ...stopped, instance_id: UNKNOWN }],
    ['another address', { ...stopped, ssh: { host: '198.51.100.26' } }],
    ['an address that is not known yet', { ...stopped, ssh: { host: UNKNOWN } }],
    ['another port', { ...stopped, ssh: { host: '198.51.100.25', port: 2222 } }],
  ])('is stopped on the old one: %s', async (_, settings) => {
    const run = terraform();
    await run.apply(stopped);
    await replace(run, settings);
    expect(run.host.stops).toBe(1);
  });
});

it('no state remembers that it was planned as a create', async () => {
  const run = terraform();
  const { privateState = {} } = await run.apply(stopped);
  expect(privateState).not.toHaveProperty('creates');
  const { privateState: later } = await run.plan(stopped);
  expect(later).not.toHaveProperty('creates');
  await run.destroy();
  expect(run.host.stops).toBe(1);
});
