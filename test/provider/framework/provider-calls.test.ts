import * as z from 'zod';
import { computed, stringType } from '../../../lib/provider/framework/attributes';
import { decodeObject, encodeObject } from '../../../lib/provider/framework/codec';
import { ProviderCalls } from '../../../lib/provider/framework/provider-calls';
import type { Resource } from '../../../lib/provider/framework/resource';
import { UNKNOWN } from '../../../lib/provider/framework/values';
import { attributesOf } from '../../../lib/provider/framework/zod-attributes';
import type { DynamicValue } from '../../../lib/provider/protocol/messages';

const attributes = [
  ...attributesOf(
    z.strictObject({ name: z.string(), password: z.string().optional().meta({ writeOnly: true, sensitive: true }) }),
  ),
  computed('id', stringType, 'Id.'),
];

/** A vault of one secret: what arrives is remembered outside of Terraform. */
function vault(stored: { password?: unknown } = {}): Resource {
  return {
    typeName: 'test_vault',
    description: 'A vault.',
    attributes,
    version: 2,
    validate: ({ name }) =>
      name === '' ? [{ severity: 'error', summary: 'no name', detail: '', attribute: [{ attribute_name: 'name' }] }] : [],
    read: async ({ state, privateState }) => ({ state, privateState: { ...privateState, seen: true }, diagnostics: [] }),
    plan: async ({ prior, proposed }) => ({ planned: { ...proposed, id: prior?.id ?? UNKNOWN }, diagnostics: [] }),
    apply: async ({ planned, config }) => {
      stored.password = config.password;
      return { state: { ...planned, password: config.password ?? null, id: 'v-1' }, diagnostics: [] };
    },
    remove: async ({ prior }) =>
      prior.name === 'stuck'
        ? { state: prior, diagnostics: [{ severity: 'error', summary: 'stuck', detail: '' }] }
        : { state: null, diagnostics: [] },
    import: (id) => ({ state: { name: id, id }, diagnostics: [] }),
    upgrade: (state, version) => ({ ...state, name: `${String(state.label)} of version ${version}` }),
  };
}

function callsFor(resource: Resource) {
  let stopped = false;
  const calls = new ProviderCalls([resource], { signal: new AbortController().signal }, () => {
    stopped = true;
  });
  return { calls, stopped: () => stopped };
}

const wire = (value: Parameters<typeof encodeObject>[0]) => encodeObject(value, attributes);
const read = (value: unknown) => decodeObject(value as DynamicValue);
const typeName = 'test_vault';

describe('the calls of Terraform', () => {
  it('learn the schema, and that destroy plans are wanted', async () => {
    const schema = (await callsFor(vault()).calls.GetProviderSchema()) as {
      resource_schemas: Record<string, { version: number }>;
      server_capabilities: object;
    };
    expect(schema.resource_schemas.test_vault?.version).toBe(2);
    expect(schema.server_capabilities).toMatchObject({ plan_destroy: true });
  });

  it('get validation errors with their attribute', async () => {
    const { diagnostics } = await callsFor(vault()).calls.ValidateResourceConfig({
      type_name: typeName,
      config: wire({ name: '' }),
    });
    expect(diagnostics).toEqual([
      { severity: 1, summary: 'no name', detail: '', attribute: { steps: [{ attribute_name: 'name' }] } },
    ]);
  });

  it('get no secret accepted for a Terraform that would keep it in its state', async () => {
    const validate = (password: string | null, client_capabilities?: { write_only_attributes_allowed: boolean }) =>
      callsFor(vault()).calls.ValidateResourceConfig({
        type_name: typeName,
        config: wire({ name: 'a', password }),
        client_capabilities,
      });
    const { diagnostics } = await validate('secret');
    expect(diagnostics).toEqual([
      expect.objectContaining({
        severity: 1,
        summary: 'this Terraform cannot keep a secret',
        detail: expect.stringContaining('since version 1.11'),
        attribute: { steps: [{ attribute_name: 'password' }] },
      }),
    ]);
    expect(JSON.stringify(diagnostics)).not.toContain('"secret"');
    expect(await validate(null)).toEqual({ diagnostics: [] });
    expect(await validate('secret', { write_only_attributes_allowed: true })).toEqual({ diagnostics: [] });
  });

  it('plan a create with computed values unknown and write-only values left out', async () => {
    const config = wire({ name: 'a', password: 'secret' });
    const response = await callsFor(vault()).calls.PlanResourceChange({
      type_name: typeName,
      prior_state: wire(null),
      proposed_new_state: config,
      config,
    });
    expect(read(response.planned_state)).toEqual({ name: 'a', password: null, id: UNKNOWN });
  });

  it('hand write-only values to the apply and store them nowhere', async () => {
    const stored: { password?: unknown } = {};
    const response = await callsFor(vault(stored)).calls.ApplyResourceChange({
      type_name: typeName,
      prior_state: wire(null),
      planned_state: wire({ name: 'a', id: UNKNOWN }),
      config: wire({ name: 'a', password: 'secret' }),
    });
    expect(stored.password).toBe('secret');
    expect(read(response.new_state)).toEqual({ name: 'a', password: null, id: 'v-1' });
    expect(Buffer.from(response.new_state?.msgpack ?? []).toString('latin1')).not.toContain('secret');
  });

  it('keep private notes from one call to the next', async () => {
    const { calls } = callsFor(vault());
    const first = await calls.ReadResource({
      type_name: typeName,
      current_state: wire({ name: 'a' }),
      private: Buffer.from('{"n":1}'),
    });
    expect(JSON.parse(Buffer.from(first.private ?? []).toString())).toEqual({ n: 1, seen: true });
  });

  it('plan a destroy as null without asking the resource', async () => {
    const response = await callsFor(vault()).calls.PlanResourceChange({
      type_name: typeName,
      prior_state: wire({ name: 'a' }),
      proposed_new_state: wire(null),
    });
    expect(read(response.planned_state)).toBeNull();
  });

  it.each([
    ['forget a resource that was removed', 'a', null, 0],
    ['keep one that could not be removed', 'stuck', { name: 'stuck', password: null, id: null }, 1],
  ])('%s', async (_what, name, state, errors) => {
    const response = await callsFor(vault()).calls.ApplyResourceChange({
      type_name: typeName,
      prior_state: wire({ name }),
      planned_state: wire(null),
    });
    expect(read(response.new_state)).toEqual(state);
    expect(response.diagnostics).toHaveLength(errors);
  });

  it('translate a state of an older version', async () => {
    const response = (await callsFor(vault()).calls.UpgradeResourceState({
      type_name: typeName,
      version: 1,
      raw_state: { json: Buffer.from('{"label":"x","id":"v-1","gone":true}') },
    })) as { upgraded_state: unknown };
    expect(read(response.upgraded_state)).toEqual({ name: 'x of version 1', password: null, id: 'v-1' });
  });

  it('refuse a state of a newer version', async () => {
    const response = await callsFor(vault()).calls.UpgradeResourceState({
      type_name: typeName,
      version: 3,
      raw_state: { json: Buffer.from('{}') },
    });
    expect(response).toMatchObject({
      diagnostics: [{ severity: 1, detail: expect.stringContaining('Update cdktf-mailserver') }],
    });
  });

  it('import by an id', async () => {
    const response = (await callsFor(vault()).calls.ImportResourceState({ type_name: typeName, id: 'x' })) as {
      imported_resources: { state: unknown }[];
    };
    expect(read(response.imported_resources[0]?.state)).toEqual({ name: 'x', password: null, id: 'x' });
  });

  it('may ask to stop', async () => {
    const { calls, stopped } = callsFor(vault());
    await calls.StopProvider();
    expect(stopped()).toBe(true);
  });

  it('get a clear answer for what is not there', async () => {
    const { calls } = callsFor(vault());
    expect((await calls.ReadDataSource({ type_name: 'test_x' })).diagnostics[0]?.summary).toBe(
      'this provider has no data source test_x',
    );
    await expect(calls.ReadResource({ type_name: 'test_x', current_state: wire({}) })).rejects.toThrow('no resource test_x');
  });
});
