/** Reads the part of the Protocol Buffers language (proto3) that this provider's own `.proto` files are written in. */

export type ScalarType = 'string' | 'bytes' | 'bool' | 'int32' | 'int64' | 'uint32';

export interface Field {
  readonly name: string;
  readonly number: number;
  readonly kind: 'single' | 'repeated' | 'map';
  /** Written even when it has its default value: members of a oneof, and `optional` ones. */
  readonly explicit: boolean;
  /** A scalar; enums are numbers. For a map, the type of its values; its keys are strings. */
  readonly type: ScalarType | Message;
}

export interface Message {
  readonly name: string;
  readonly fields: readonly Field[];
}

export interface Method {
  readonly name: string;
  /** `/package.Service/Method` */
  readonly path: string;
  readonly request: Message;
  readonly response: Message;
}

const scalars: ReadonlySet<string> = new Set(['string', 'bytes', 'bool', 'int32', 'int64', 'uint32']);

interface FieldText {
  readonly name: string;
  readonly number: number;
  readonly kind: Field['kind'];
  readonly explicit: boolean;
  readonly type: string;
}

/** The methods of every service in a text, by name of the service. */
export function parseProto(text: string): ReadonlyMap<string, readonly Method[]> {
  return new ProtoParser(text).parse();
}

class ProtoParser {
  private readonly tokens: readonly string[];
  private position = 0;
  private packageName = '';
  private readonly texts = new Map<string, readonly FieldText[]>();
  private readonly enums = new Set<string>();
  private readonly messages = new Map<string, Message>();
  private readonly services = new Map<string, { name: string; request: string; response: string }[]>();

  constructor(text: string) {
    this.tokens = text.replace(/\/\/.*$/gm, '').match(/[A-Za-z_][\w.]*|\d+|"[^"]*"|[{}<>(),;=]/g) ?? [];
  }

  parse(): ReadonlyMap<string, readonly Method[]> {
    while (this.position < this.tokens.length) this.topLevel(this.next());
    return new Map(
      [...this.services].map(([service, methods]) => [
        service,
        methods.map(({ name, request, response }) => ({
          name,
          path: `/${this.packageName}.${service}/${name}`,
          request: this.message(request, ''),
          response: this.message(response, ''),
        })),
      ]),
    );
  }

  private topLevel(word: string): void {
    if (word === 'syntax') this.skip('=', this.peek(1), ';');
    else if (word === 'package') {
      this.packageName = this.next();
      this.skip(';');
    } else if (word === 'service') this.service();
    else this.definition(word, '');
  }

  private definition(word: string, scope: string): void {
    const name = scope + this.next();
    this.skip('{');
    if (word === 'enum') {
      this.enums.add(name);
      while (this.next() !== '}');
    } else if (word === 'message') this.texts.set(name, this.fields(`${name}.`, false));
    else throw new Error(`the protocol text has "${word}", which is not understood here`);
  }

  private fields(scope: string, oneof: boolean): readonly FieldText[] {
    const fields: FieldText[] = [];
    for (let word = this.next(); word !== '}'; word = this.next()) {
      if (word === 'message' || word === 'enum') this.definition(word, scope);
      else if (word === 'oneof') {
        this.next();
        this.skip('{');
        fields.push(...this.fields(scope, true));
      } else fields.push(this.field(word, oneof));
    }
    return fields;
  }

  private field(word: string, oneof: boolean): FieldText {
    let type = word;
    let kind: Field['kind'] = 'single';
    if (word === 'map') {
      this.skip('<', 'string', ',');
      type = this.next();
      this.skip('>');
      kind = 'map';
    } else if (word === 'repeated' || word === 'optional') {
      type = this.next();
      if (word === 'repeated') kind = 'repeated';
    }
    const name = this.next();
    this.skip('=');
    const number = Number(this.next());
    this.skip(';');
    return { name, number, kind, explicit: oneof || word === 'optional', type };
  }

  private service(): void {
    const service = this.next();
    const methods: { name: string; request: string; response: string }[] = [];
    this.skip('{');
    while (this.next() === 'rpc') {
      const name = this.next();
      const request = this.argument();
      this.skip('returns');
      methods.push({ name, request, response: this.argument() });
      this.skip(';');
    }
    this.services.set(service, methods);
  }

  private argument(): string {
    this.skip('(');
    const word = this.next();
    const type = word === 'stream' ? this.next() : word;
    this.skip(')');
    return type;
  }

  /** Messages refer to one another in circles, so each is known before its fields are. */
  private message(name: string, scope: string): Message {
    const full = this.resolve(name, scope);
    const known = this.messages.get(full);
    if (known) return known;
    const fields: Field[] = [];
    const message: Message = { name: full, fields };
    this.messages.set(full, message);
    for (const field of this.texts.get(full) ?? []) fields.push({ ...field, type: this.type(field.type, full) });
    return message;
  }

  private type(name: string, scope: string): ScalarType | Message {
    if (scalars.has(name)) return name as ScalarType;
    return this.enums.has(this.resolve(name, scope)) ? 'int32' : this.message(name, scope);
  }

  /** The innermost definition of that name, seen from inside `scope`. */
  private resolve(name: string, scope: string): string {
    for (let outer = scope.split('.'); ; outer = outer.slice(0, -1)) {
      const full = [...outer, name].filter(Boolean).join('.');
      if (this.texts.has(full) || this.enums.has(full)) return full;
      if (outer.length === 0) throw new Error(`the protocol text does not define ${name}`);
    }
  }

  private peek(ahead: number): string {
    return this.tokens[this.position + ahead] ?? '';
  }

  private next(): string {
    const token = this.tokens[this.position++];
    if (token === undefined) throw new Error('the protocol text ends in the middle of a definition');
    return token;
  }

  private skip(...expected: string[]): void {
    for (const token of expected) {
      const found = this.next();
      if (found !== token) throw new Error(`the protocol text has "${found}" where "${token}" was expected`);
    }
  }
}
