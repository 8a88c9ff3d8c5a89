import { en } from 'zod/locales';
import * as z from 'zod/mini';

/** A rule that a value breaks. */
export interface SettingsProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** Whether it is about names that nobody knows, not about a value. */
  readonly unknownName: boolean;
}

const { localeError: english } = en();

/** What is wrong with a value; nothing when it keeps all rules of its schema. */
export function problemsOf(schema: z.core.$ZodType, value: unknown): readonly SettingsProblem[] {
  // Settings are checked once in a short life: compiling code for it would take longer than the check.
  const result = z.safeParse(schema, value, { jitless: true, error: english });
  if (result.success) return [];
  return result.error.issues.map(({ path, message, code }) => ({
    path,
    message: sentence(message),
    unknownName: code === 'unrecognized_keys',
  }));
}

/** The library's own messages begin with a capital letter; ours do not. */
const sentence = (message: string) => message.replace(/^(Invalid|Too|Unrecognized|Expected)/, (word) => word.toLowerCase());
