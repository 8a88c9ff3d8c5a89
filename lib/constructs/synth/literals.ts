import { Token } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import { literalRequired } from './errors';

/** Places in properties that must be known when the stack is synthesised, with what to write. `*` is any entry of a list or map, `#` any key. */
export type Literals = Readonly<Record<string, string>>;

/**
 * Refuses what only the plan knows where the program itself decides by it: a record that is named after it, a resource that comes and goes.
 *
 * @throws MailServerInputError with the path of the property
 */
export function requireLiterals(scope: IConstruct, properties: object, literals: Literals): void {
  for (const [place, fix] of Object.entries(literals)) {
    for (const path of unknownAt(properties, place.split('.'), [])) throw literalRequired(scope, path, fix);
  }
}

function* unknownAt(value: unknown, [step, ...rest]: readonly string[], path: readonly string[]): Generator<string> {
  if (step === undefined) {
    if (Token.isUnresolved(value)) yield path.join('.');
    return;
  }
  // What is unknown as a whole is judged by a place of its own.
  if (typeof value !== 'object' || value === null || Token.isUnresolved(value) || Construct.isConstruct(value)) return;
  if (step === '#') {
    if (Object.keys(value).some((key) => Token.isUnresolved(key))) yield `a key of ${path.join('.')}`;
    return;
  }
  if (step !== '*') {
    yield* unknownAt(Reflect.get(value, step), rest, [...path, step]);
    return;
  }
  for (const [key, entry] of Object.entries(value)) {
    if (Token.isUnresolved(key)) yield `a key of ${path.join('.')}`;
    else yield* unknownAt(entry, rest, [...path, key]);
  }
}
