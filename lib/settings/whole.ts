import * as z from 'zod';
import { described } from './wrong-type';

/** What a whole number counts, and its limits. */
export interface WholeNumber {
  /** Plural, e.g. `seconds`; empty for a bare number. */
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  /** Ends the message of a value out of range with a likely fix, or does not. */
  readonly fix?: (value: number) => string | undefined;
}

/** A whole number within limits; the messages say the unit, because most mistakes are one of another unit. */
export function whole({ unit, min, max, fix }: WholeNumber) {
  const counted = unit === '' ? '' : ` of ${unit}`;
  const range = ({ input }: { readonly input?: unknown }) => {
    const advice = fix?.(Number(input));
    return `'${input}' is out of range: expected ${min} to ${max}${unit === '' ? '' : ` ${unit}`}${advice === undefined ? '' : `; ${advice}`}`;
  };
  return z
    .int({
      error: ({ input }) => {
        if (typeof input === 'number' && Number.isFinite(input)) {
          return Number.isInteger(input) ? range({ input }) : `'${input}' is no whole number${counted}`;
        }
        const hint = typeof input === 'string' && /\d/.test(input) ? ', without quotes and without a unit' : '';
        return `expected a whole number${counted}${hint}, got ${described(input)}`;
      },
    })
    .min(min, { error: range })
    .max(max, { error: range });
}
