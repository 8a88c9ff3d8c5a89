import * as z from 'zod';
import { wireSchema } from '../../../lib/provider/framework/wire-schema';
import { attributesOf } from '../../../lib/provider/framework/zod-attributes';
import type { WireAttribute } from '../../../lib/provider/protocol/messages';

const schema = z.strictObject({
  heloName: z.string().describe('The name.'),
  messageSizeLimit: z.int().optional().describe('Bytes.'),
  antivirus: z.boolean().optional(),
  mode: z.enum(['a', 'b']).optional(),
  relayDomains: z.array(z.string()).optional(),
  localAliases: z.record(z.string(), z.array(z.string())).optional(),
  domains: z.record(z.string(), z.strictObject({ relayTo: z.string().optional().describe('Next hop.') })).optional(),
  stateVolume: z.strictObject({ volumeId: z.string() }).optional(),
  users: z.record(z.string(), z.strictObject({ password: z.string().meta({ sensitive: true, writeOnly: true }) })).optional(),
});

const block = wireSchema(attributesOf(schema), 3, 'A thing.').block;
const attribute = (name: string): WireAttribute => {
  const found = block.attributes.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no attribute ${name}`);
  return found;
};
const typeOf = (name: string) => JSON.parse(Buffer.from(attribute(name).type ?? []).toString());

describe('a Terraform schema made from a zod schema', () => {
  it.each([
    ['helo_name', 'string'],
    ['message_size_limit', 'number'],
    ['antivirus', 'bool'],
    ['mode', 'string'],
    ['relay_domains', ['list', 'string']],
    ['local_aliases', ['map', ['list', 'string']]],
  ])('spells %s as %j', (name, type) => {
    expect(typeOf(name)).toEqual(type);
  });

  it('makes a property required unless it is optional', () => {
    expect(attribute('helo_name')).toMatchObject({ required: true, optional: false, computed: false });
    expect(attribute('antivirus')).toMatchObject({ required: false, optional: true, computed: false });
  });

  it('takes descriptions from inside and outside of optional()', () => {
    expect(attribute('helo_name').description).toBe('The name.');
    expect(attribute('message_size_limit').description).toBe('Bytes.');
  });

  it('nests objects and maps of objects', () => {
    expect(attribute('state_volume').nested_type).toMatchObject({
      nesting: 1,
      attributes: [{ name: 'volume_id', required: true }],
    });
    expect(attribute('domains').nested_type).toMatchObject({
      nesting: 4,
      attributes: [{ name: 'relay_to', optional: true, description: 'Next hop.' }],
    });
    expect(attribute('domains').type).toBeUndefined();
  });

  it('marks secrets as sensitive and write-only', () => {
    expect(attribute('users').nested_type?.attributes[0]).toMatchObject({ name: 'password', sensitive: true, write_only: true });
    expect(attribute('helo_name')).toMatchObject({ sensitive: false, write_only: false });
  });

  it('refuses what Terraform has no type for, with its path', () => {
    const union = z.strictObject({ outer: z.strictObject({ either: z.union([z.string(), z.number()]) }) });
    expect(() => attributesOf(union)).toThrow('outer.either: a zod union has no counterpart');
  });

  it('refuses names that Terraform would keep for itself', () => {
    expect(() => attributesOf(z.strictObject({ dependsOn: z.string() }))).toThrow('"depends_on"');
  });
});
