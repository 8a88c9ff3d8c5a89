import { decode, ExtensionCodec, encode } from '@msgpack/msgpack';
import * as z from 'zod';
import { conformObject, decodeObject, decodeValue, encodeObject } from '../../../lib/provider/framework/codec';
import { toProperties, withoutWriteOnly } from '../../../lib/provider/framework/settings-values';
import { isWhollyKnown, sameValue, UNKNOWN } from '../../../lib/provider/framework/values';
import { attributesOf } from '../../../lib/provider/framework/zod-attributes';

const attributes = attributesOf(
  z.strictObject({
    heloName: z.string(),
    size: z.int().optional(),
    scan: z.boolean().optional(),
    hosts: z.array(z.string()).optional(),
    domains: z
      .record(
        z.string(),
        z.strictObject({ relayTo: z.string().optional(), password: z.string().optional().meta({ writeOnly: true }) }),
      )
      .optional(),
  }),
);

const value = {
  helo_name: 'mail.example.com',
  size: 26214400,
  scan: false,
  hosts: ['a', UNKNOWN],
  domains: { 'example.com': { relay_to: UNKNOWN, password: null } },
};

describe('values on the wire', () => {
  it('come back as they were, unknown ones included', () => {
    expect(decodeObject(encodeObject(value, attributes))).toEqual(value);
  });

  it('hold every attribute of the schema, at every depth', () => {
    const sparse = { helo_name: 'x', domains: { 'example.com': {} } };
    expect(decodeObject(encodeObject(sparse, attributes))).toEqual({
      helo_name: 'x',
      size: null,
      scan: null,
      hosts: null,
      domains: { 'example.com': { relay_to: null, password: null } },
    });
  });

  it('spell an unknown value as extension 0', () => {
    const { msgpack } = encodeObject({ ...value, helo_name: UNKNOWN }, attributes);
    const raw = decode(msgpack ?? new Uint8Array()) as { helo_name: { type: number } };
    expect(raw.helo_name.type).toBe(0);
  });

  it('read an unknown value with refinements (extension 12) as unknown', () => {
    const codec = new ExtensionCodec();
    class Refined {}
    codec.register({ type: 12, encode: (thing) => (thing instanceof Refined ? encode({ 1: false }) : null), decode: () => null });
    expect(decodeValue({ msgpack: encode({ a: new Refined() }, { extensionCodec: codec }) })).toEqual({ a: UNKNOWN });
  });

  it('read JSON where Terraform hands over a state file', () => {
    expect(decodeObject({ json: Buffer.from('{"helo_name":"x"}') })).toEqual({ helo_name: 'x' });
  });

  it('are null where there is nothing', () => {
    expect(decodeObject({ msgpack: encode(null) })).toBeNull();
    expect(decodeObject(undefined)).toBeNull();
    expect(decodeObject(encodeObject(null, attributes))).toBeNull();
  });

  it('lose attributes that the schema does not know', () => {
    expect(conformObject({ helo_name: 'x', gone: 'y' }, attributes)).not.toHaveProperty('gone');
  });
});

describe('values as properties', () => {
  it('are camelCase, with absent instead of null', () => {
    expect(toProperties(conformObject(value, attributes), attributes)).toEqual({
      heloName: 'mail.example.com',
      size: 26214400,
      scan: false,
      hosts: ['a', UNKNOWN],
      domains: { 'example.com': { relayTo: UNKNOWN } },
    });
  });

  it('keep null inside collections, for the schema to refuse', () => {
    expect(toProperties({ helo_name: 'x', hosts: [null] }, attributes)).toEqual({ heloName: 'x', hosts: [null] });
  });

  it('lose write-only values at every depth', () => {
    const secret = { helo_name: 'x', domains: { 'example.com': { relay_to: 'y', password: 'hidden' } } };
    expect(withoutWriteOnly(secret, attributes)).toEqual({
      helo_name: 'x',
      domains: { 'example.com': { relay_to: 'y', password: null } },
    });
  });
});

describe('comparing values', () => {
  it('finds the unknown one', () => {
    expect(isWhollyKnown(value)).toBe(false);
    expect(isWhollyKnown({ a: [1, { b: null }] })).toBe(true);
  });

  it.each([
    [{ a: [1, 2] }, { a: [1, 2] }, true],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [[1], [1, 2], false],
    [UNKNOWN, UNKNOWN, true],
    [UNKNOWN, {}, false],
    [null, {}, false],
  ])('%j against %j is %s', (left, right, same) => {
    expect(sameValue(left, right)).toBe(same);
  });
});
