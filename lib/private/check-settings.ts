import type { IConstruct } from 'constructs';
import type { ZodType } from 'zod';
import { settingsInvalid } from '../errors';
import { hasToken } from './tokens';

/**
 * Checks everything of `value` that is known at synth against its schema; what Terraform fills in later is checked by the
 * provider at plan. All problems are reported at once.
 */
export function checkSettings(scope: IConstruct, schema: ZodType, value: unknown): void {
  const result = schema.safeParse(value);
  if (result.success) return;
  const problems = result.error.issues
    .filter((issue) => issue.code === 'unrecognized_keys' || !hasToken(at(value, issue.path)))
    .map(
      (issue) =>
        `${issue.path.map(String).join('.') || 'settings'}${got(at(value, issue.path), issue.message)}: ${issue.message}`,
    );
  if (problems.length > 0) throw settingsInvalid(scope, problems);
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}

/** The value as it was given, when it is short and the message does not say it already. Keys are secrets: never repeated. */
function got(value: unknown, message: string): string {
  if (typeof value !== 'string' && typeof value !== 'number') return '';
  const text = String(value);
  return text.length > 120 || message.includes(text) || /PRIVATE KEY/.test(text) ? '' : ` "${text}"`;
}
