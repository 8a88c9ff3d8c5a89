import * as z from 'zod/mini';
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
  const range = (value: number) => {
    const advice = fix?.(value);
    return `'${value}' is out of range: expected ${min} to ${max}${unit === '' ? '' : ` ${unit}`}${advice === undefined ? '' : `; ${advice}`}`;
  };
  return z
    .number({
      error: ({ input }) => {
        const hint = typeof input === 'string' && /\d/.test(input) ? ', without quotes and without a unit' : '';
        return `expected a whole number${counted}${hint}, got ${described(input)}`;
      },
    })
    .check(({ value, issues }) => {
      const isWhole = Number.isInteger(value);
      if (isWhole && value >= min && value <= max) return;
      const message = isWhole ? range(value) : `'${value}' is not a whole number${counted}`;
      // It is a number all the same, so a union of types knows which one was meant.
      issues.push({ code: 'custom', message, input: value, continue: true });
    });
}
