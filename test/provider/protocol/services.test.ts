import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { providerService } from '../../../lib/provider/protocol/services';

const text = readFileSync(join(__dirname, '../../../lib/provider/protocol/tfplugin6.proto'), 'utf8');
const { root } = protobuf.parse(text, { keepCase: true });
const reflected = root.resolveAll().lookup('tfplugin6.Provider') as protobuf.Service;
const plain = { longs: Number, enums: Number, bytes: Buffer, defaults: true, oneofs: false };

/** A value in every field, down to a depth: whatever the compiled code leaves out or mixes up is missed. */
function sample(type: protobuf.Type, depth = 3): Record<string, unknown> {
  // Of a choice only one field may be there.
  const chosen = type.fieldsArray.filter((field) => !field.partOf || field.partOf.fieldsArray.at(-1) === field);
  return Object.fromEntries(
    chosen.flatMap((field): [string, unknown][] => {
      const value = fieldSample(field, depth);
      if (value === undefined) return [];
      if (field.map) return [[field.name, { one: value, two: value }]];
      return [[field.name, field.repeated ? [value, value] : value]];
    }),
  );
}

function fieldSample({ resolvedType, type, name }: protobuf.Field, depth: number): unknown {
  if (resolvedType instanceof protobuf.Enum) return Object.values(resolvedType.values).at(-1);
  if (resolvedType) return depth > 0 ? sample(resolvedType as protobuf.Type, depth - 1) : undefined;
  if (type === 'string') return `text of ${name}`;
  if (type === 'bytes') return Buffer.from(name);
  return type === 'bool' ? true : 7;
}

describe.each(reflected.methodsArray.map((method) => [method.name, method] as const))('%s', (name, method) => {
  const compiled = providerService[name];
  const { resolvedRequestType: request, resolvedResponseType: response } = method as {
    resolvedRequestType: protobuf.Type;
    resolvedResponseType: protobuf.Type;
  };

  it('is called by the name and in the way of the protocol text', () => {
    expect(compiled).toMatchObject({
      path: `/tfplugin6.Provider/${name}`,
      requestStream: method.requestStream ?? false,
      responseStream: method.responseStream ?? false,
    });
  });

  it.each([
    ['requests', request, compiled?.requestSerialize, compiled?.requestDeserialize],
    ['responses', response, compiled?.responseSerialize, compiled?.responseDeserialize],
  ] as const)('has %s that are written and read as protobufjs does', (_, type, write, read) => {
    for (const value of [sample(type), {}]) {
      const bytes = Buffer.from(type.encode(type.fromObject(value)).finish());
      expect(write?.(value).equals(bytes)).toBe(true);
      expect(read?.(bytes)).toEqual(type.toObject(type.decode(bytes), plain));
    }
  });
});
