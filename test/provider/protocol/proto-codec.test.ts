import { decodeMessage, encodeMessage } from '../../../lib/provider/protocol/proto-codec';
import { type Message, parseProto } from '../../../lib/provider/protocol/proto-schema';
import { decodeWith, encodeWith, protoRoot, protoText } from '../support/grpc-services';

const text = `
syntax = "proto3";  // a comment; with { braces }
package test.v1;

service Things { rpc Ask(Question) returns (stream Outer.Answer); }
enum Colour { RED = 0; BLUE = 1; }
message Question {}
message Outer {
  message Answer {
    oneof selector { string by_name = 1; int64 by_index = 2; }
    map<string, Item> items = 3;
    repeated string words = 4;
    optional bool sure = 5;
    Colour colour = 6;
    bytes raw = 7;
    uint32 count = 8;
    Answer inner = 16;
  }
  message Item { int32 size = 1; }
}`;

const [method] = parseProto(text).get('Things') ?? [];
const answer = method?.response as Message;

describe('the protocol text', () => {
  it('gives the paths of methods and the shape of messages, circles included', () => {
    expect(method).toMatchObject({ name: 'Ask', path: '/test.v1.Things/Ask', request: { name: 'Question', fields: [] } });
    expect(answer.fields.map(({ name, number, kind, explicit }) => [name, number, kind, explicit])).toEqual([
      ['by_name', 1, 'single', true],
      ['by_index', 2, 'single', true],
      ['items', 3, 'map', false],
      ['words', 4, 'repeated', false],
      ['sure', 5, 'single', true],
      ['colour', 6, 'single', false],
      ['raw', 7, 'single', false],
      ['count', 8, 'single', false],
      ['inner', 16, 'single', false],
    ]);
    expect(answer.fields.at(-1)?.type).toBe(answer);
  });

  it.each([
    ['message A { Missing field = 1; } service S { rpc R(A) returns (A); }', 'does not define Missing'],
    ['message A { string field = 1 }', 'where ";" was expected'],
    ['message A {', 'ends in the middle'],
    ['extend A {}', '"extend", which is not understood'],
  ])('%s is refused', (wrong, message) => {
    expect(() => parseProto(wrong)).toThrow(message);
  });

  it.each(['tfplugin6.proto', 'go-plugin.proto', 'health.proto'])('%s means the same to another parser', (file) => {
    const root = protoRoot(file);
    for (const [service, methods] of parseProto(protoText(file))) {
      const theirs = root.lookupService(service).methodsArray;
      expect(methods.map(({ name, request, response }) => [name, request.name, response.name])).toEqual(
        theirs.map((one) => [one.name, local(one.resolvedRequestType?.fullName), local(one.resolvedResponseType?.fullName)]),
      );
      for (const { request, response } of methods) for (const message of [request, response]) compare(message, root);
    }
  });
});

const local = (fullName = '') => fullName.replace(/^\.(tfplugin6|plugin|grpc\.health\.v1)\./, '');

function compare(message: Message, root: ReturnType<typeof protoRoot>, seen = new Set<Message>()): void {
  if (seen.has(message)) return;
  seen.add(message);
  const theirs = root.lookupType(message.name).fieldsArray;
  expect(message.fields.map(({ name, number, kind }) => [name, number, kind])).toEqual(
    theirs.map((field) => [field.name, field.id, field.map ? 'map' : field.repeated ? 'repeated' : 'single']),
  );
  for (const { type } of message.fields) if (typeof type === 'object') compare(type, root, seen);
}

describe('the wire format', () => {
  const full = {
    by_index: 0,
    items: { a: { size: 7 }, b: { size: 0 } },
    words: ['', 'zwölf', 'x'.repeat(300)],
    sure: false,
    colour: 1,
    raw: Buffer.from([0, 255]),
    count: 4_000_000_000,
    inner: { by_name: '', items: {}, words: [], colour: 0, raw: Buffer.alloc(0), count: 0 },
  };

  it('comes back as it was, with explicit defaults', () => {
    expect(decodeMessage(answer, encodeMessage(answer, full))).toEqual(full);
  });

  it('fills in defaults, and leaves out what is not there', () => {
    expect(decodeMessage(answer, Buffer.alloc(0))).toEqual({
      items: {},
      words: [],
      colour: 0,
      raw: Buffer.alloc(0),
      count: 0,
    });
    expect(encodeMessage(answer, { count: 0, words: [], items: {}, raw: Buffer.alloc(0), inner: undefined })).toHaveLength(0);
  });

  it.each([0, 1, 127, 128, 300, 2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER, -1, -5_000_000_000])(
    'keeps the number %d',
    (number) => {
      expect(decodeMessage(answer, encodeMessage(answer, { by_index: number }))).toMatchObject({ by_index: number });
    },
  );

  it('passes over fields of newer versions', () => {
    const newer = parseProto(
      'message N { string extra = 20; int64 more = 21; bytes b = 22; } service S { rpc R(N) returns (N); }',
    );
    const request = newer.get('S')?.[0]?.request as Message;
    const bytes = Buffer.concat([
      encodeMessage(request, { extra: 'x', more: 5, b: Buffer.from('y') }),
      encodeMessage(answer, { count: 3 }),
    ]);
    expect(decodeMessage(answer, bytes)).toMatchObject({ count: 3 });
  });

  it.each([
    ['a message that is cut off', Buffer.from([0x0a, 0x05, 0x61])],
    ['a number without end', Buffer.alloc(11, 0x80)],
    ['a wire type that does not exist', Buffer.from([0x0f])],
  ])('refuses %s', (_what, bytes) => {
    expect(() => decodeMessage(answer, bytes)).toThrow();
  });

  it('is understood by another library, and understands it', () => {
    const root = protoRoot('tfplugin6.proto');
    const methods = parseProto(protoText('tfplugin6.proto')).get('Provider');
    const response = methods?.find(({ name }) => name === 'PlanResourceChange')?.response as Message;
    const value = {
      planned_state: { msgpack: Buffer.from([1, 2, 3]) },
      requires_replace: [{ steps: [{ attribute_name: 'a' }, { element_key_int: 0 }, { element_key_string: 'k' }] }],
      planned_private: Buffer.from('{}'),
      diagnostics: [{ severity: 2, summary: 'ä', detail: '', attribute: { steps: [] } }],
    };
    const type = root.lookupType('tfplugin6.PlanResourceChange.Response');
    expect(decodeWith(type, encodeMessage(response, value))).toEqual(decodeWith(type, encodeWith(type, value)));
    expect(decodeMessage(response, encodeWith(type, value))).toEqual(decodeMessage(response, encodeMessage(response, value)));
  });
});
