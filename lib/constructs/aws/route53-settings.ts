import { Token } from 'cdktf';
import { Construct } from 'constructs';
import * as z from 'zod/mini';
import { group } from '../../settings/group';
import { problemsOf } from '../../settings/problems';
import { optional } from '../../settings/property';
import { nearest } from '../../settings/spelling';
import { flag, type Problem as TextProblem, text } from '../../settings/vocabulary';
import { whole } from '../../settings/whole';
import { described } from '../../settings/wrong-type';
import { ttlSeconds, zoneName, zoneProblems } from '../dns/record-settings';
import { awsProvider } from '../synth/parts';

interface Problem {
  readonly path: readonly string[];
  readonly message: string;
}

const WORDS = ['create', 'lookup'];
const EXAMPLE = "{ zoneId: 'Z0123456789ABCDEFGHIJ' }";

/** What is wrong with where a zone comes from. */
function* sourceProblems(name: string, source: unknown): Generator<Problem> {
  if (typeof source === 'object' && source !== null && !Construct.isConstruct(source) && 'zone' in source) {
    const { zone, provider, ...others } = source as Record<string, unknown>;
    yield* strangers(others, ['zone', 'provider']);
    const wrong = problemsOf(awsProvider, provider)[0]?.message;
    if (wrong !== undefined) yield { path: ['provider'], message: wrong };
    for (const { path, message } of zoneSourceProblems(name, zone)) yield { path: ['zone', ...path], message };
    return;
  }
  yield* zoneSourceProblems(name, source);
}

function* zoneSourceProblems(name: string, source: unknown): Generator<Problem> {
  if (typeof source === 'string' && WORDS.includes(source)) return;
  if (typeof source !== 'object' || source === null || !('zoneId' in source)) {
    yield {
      path: [],
      message: `expected 'create', 'lookup' or a zone such as ${EXAMPLE}, got ${described(source)}${meant(source)}`,
    };
    return;
  }
  const wrong = idProblem(source.zoneId);
  if (wrong !== undefined) yield { path: ['zoneId'], message: wrong };
  if (Construct.isConstruct(source)) return;
  const { zoneId: _, name: given, nameServers: __, ...others } = source as Record<string, unknown>;
  yield* strangers(others, ['zoneId', 'name', 'nameServers']);
  if (given === undefined || Token.isUnresolved(given)) return;
  if (typeof given !== 'string') {
    yield { path: ['name'], message: `expected a string, got ${described(given)}` };
  } else if (zoneName(given) !== zoneName(name)) {
    yield { path: ['name'], message: `'${given}' is another zone than '${name}': enter it under its own name` };
  }
}

function meant(source: unknown): string {
  if (typeof source !== 'string') return '';
  if (/^Z[A-Z0-9]{5,31}$/.test(source)) return `: write { zoneId: '${source}' }`;
  const word = nearest(source, WORDS);
  return word === undefined ? '' : `: did you mean ${word}?`;
}

function idProblem(id: unknown): string | undefined {
  if (Token.isUnresolved(id)) return undefined;
  if (typeof id !== 'string') return `expected the id of a zone, got ${described(id)}`;
  if (id.trim() === '') return `is empty: give the id of the zone, as in ${EXAMPLE}`;
  if (/\s/.test(id)) return `${JSON.stringify(id)} has white space in it: give the id alone`;
  const last = id.slice(id.lastIndexOf('/') + 1);
  if (id.includes('/')) return `'${id}' is a path: give what follows the last slash, '${last}'`;
  if (id.includes('.')) return `'${id}' is a name: give the id of the zone, or 'lookup' in place of the braces`;
  return /^[A-Z0-9-]{1,32}$/.test(id)
    ? undefined
    : `'${id}' is not the id of a zone: expected capital letters and digits, as in ${EXAMPLE}`;
}

function* strangers(others: object, known: readonly string[]): Generator<Problem> {
  for (const key of Object.keys(others)) {
    const near = nearest(key, known);
    yield { path: [], message: `there is no property '${key}'${near === undefined ? '' : `: did you mean ${near}?`}` };
  }
}

const zones = z
  .record(z.string(), z.unknown(), {
    error: ({ input }) => `expected zones by name, e.g. { 'example.com': 'lookup' }, got ${described(input)}`,
  })
  .check((context) => {
    for (const { message } of zoneProblems(Object.keys(context.value))) {
      context.issues.push({ code: 'custom', message, input: context.value });
    }
    for (const [name, source] of Object.entries(context.value)) {
      for (const { path, message } of sourceProblems(name, source)) {
        context.issues.push({ code: 'custom', message, input: source, path: [name, ...path] });
      }
    }
  });

const delegation = group({ waitSeconds: optional(whole({ unit: 'seconds', min: 0, max: 86_400 })) });

const delegationSet: TextProblem = (value) =>
  /^N[A-Z0-9]{1,31}$/.test(value)
    ? undefined
    : `'${value}' is not the id of a delegation set: expected capital letters and digits, e.g. N1PA6795SAMPLE`;

/** What {@link Route53DnsProps} may hold. */
export const route53Settings = group({
  zones,
  ttlSeconds: optional(ttlSeconds),
  delegation: optional(
    z.union([z.literal(false), delegation], {
      error: ({ input }) =>
        problemsOf(delegation, input)[0]?.message ??
        `expected false or properties in braces, e.g. { waitSeconds: 3600 }, got ${described(input)}`,
    }),
  ),
  delegationSetId: optional(text(delegationSet)),
  protect: optional(flag()),
  provider: optional(awsProvider),
});
