import { Token } from 'cdktf';
import type { IConstruct } from 'constructs';
import type { core } from 'zod/mini';
import type { Attribute, AttributeType } from '../../provider/framework/attributes';
import { problemsOf } from '../../settings/problems';
import { secretInProgram, settingsInvalid } from './errors';
import { hasToken } from './tokens';

/**
 * Checks everything of `value` that is known at synth against its schema; what Terraform fills in later is checked by the
 * provider at plan. All problems are reported at once.
 */
export function checkSettings(scope: IConstruct, schema: core.$ZodType, value: unknown): void {
  const problems = problemsOf(schema, value)
    .filter(({ path, unknownName }) => !isInToken(value, path) && (unknownName || !hasToken(at(value, path))))
    .map(({ path, message }) => `${path.map(String).join('.') || 'settings'}: ${got(at(value, path), message)}${message}`);
  if (problems.length > 0) throw settingsInvalid(scope, problems);
}

/** What is written only, such as a password, has to be a token and nothing else: a text would be in cdk.tf.json. */
export function checkSecrets(scope: IConstruct, attributes: readonly Attribute[], value: unknown): void {
  const [path] = literalSecrets({ kind: 'object', attributes }, value, []);
  if (path) throw secretInProgram(scope, path.join('.'));
}

function literalSecrets(type: AttributeType, value: unknown, path: readonly string[]): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null || Token.isUnresolved(value)) return [];
  const below = Object.entries(value);
  if (type.kind === 'list' || type.kind === 'map') {
    return below.flatMap(([key, member]) => literalSecrets(type.element, member, [...path, key]));
  }
  if (type.kind !== 'object') return [];
  return below.flatMap(([property, member]) => {
    const attribute = type.attributes.find((candidate) => candidate.property === property);
    const here = [...path, property];
    if (attribute?.writeOnly && member !== undefined) return isWhollyToken(member) ? [] : [here];
    return attribute ? literalSecrets(attribute.type, member, here) : [];
  });
}

const isWhollyToken = (value: unknown) =>
  Token.isUnresolved(value) && (typeof value !== 'string' || /^\$\{TfToken\[[^\]]+\]\}$/.test(value));

/** A token at the path, around it, or as a key on the way: the one element of a list token looks like any other text. */
function isInToken(value: unknown, path: readonly PropertyKey[]): boolean {
  return [...path.keys(), path.length].some((length) => {
    const key = path[length];
    return Token.isUnresolved(at(value, path.slice(0, length))) || (typeof key === 'string' && Token.isUnresolved(key));
  });
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}

/** The value as it was given, unless the message says it already, or it is long. Keys and the passwords of URLs are secrets: never repeated. */
function got(value: unknown, message: string): string {
  if (typeof value !== 'string' && typeof value !== 'number') return '';
  const text = `'${value}'`;
  if (/^'\s*'$|[\r\n\t\0]/.test(text)) return '';
  return text.length > 120 || message.includes(text) || /PRIVATE KEY|:\/\/[^/]*@/.test(text) ? '' : `${text}: `;
}
