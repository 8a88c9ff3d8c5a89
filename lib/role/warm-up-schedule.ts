import type { WarmUp } from './settings/relay';

/** Seconds between two mails to one domain on the first day: 288 mails a day at most. */
const FIRST_PAUSE = 300;

/** The pause between mails to one domain on each day, in seconds: it falls by the same factor from day to day, to one second or a little more. */
export const warmUpSchedule = ({ days }: WarmUp): readonly number[] =>
  Array.from({ length: days }, (_, day) => Math.max(1, Math.round(FIRST_PAUSE ** (1 - day / days))));
