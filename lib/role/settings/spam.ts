import * as z from 'zod/mini';
import { group } from '../../settings/group';
import { optional } from '../../settings/property';
import type { Problem } from '../../settings/vocabulary';
import { keyed } from '../../settings/vocabulary';
import { described } from '../../settings/wrong-type';

/** Levels where they are when nothing is said: Debian's. */
const DEFAULTS = { tagLevel: 2, tag2Level: 6.31, killLevel: 6.31 } as const;

type Level = keyof typeof DEFAULTS;

/** Rules that the checks rely on. */
const SAMPLES: ReadonlySet<string> = new Set(['GTUBE']);

const ruleName: Problem = (value) => {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(value)) return `'${value}' is not the name of a rule: expected one such as URIBL_BLACK`;
  return SAMPLES.has(value) ? `'${value}' is the sample that the checks send: its score stays as it is` : undefined;
};

const LARGEST = 1000;

function points() {
  const error = ({ input }: { readonly input?: unknown }) =>
    typeof input === 'number'
      ? `'${input}' is out of range: expected points from -${LARGEST} to ${LARGEST}`
      : `expected points, a number without quotes, got ${described(input)}`;
  return z.number({ error }).check(z.minimum(-LARGEST, { error }), z.maximum(LARGEST, { error }));
}

const level = (about: string, name: Level) => optional(points(), `${about} Default: ${DEFAULTS[name]}.`);

/** What SpamAssassin's points lead to, and what single rules are worth. */
export const spamSettings = group({
  tagLevel: level('`$sa_tag_level_deflt`: points from which on a mail has X-Spam headers.', 'tagLevel'),
  tag2Level: level('`$sa_tag2_level_deflt`: points from which on these headers say that it is spam.', 'tag2Level'),
  killLevel: level(
    '`$sa_kill_level_deflt`: points from which on port 25 refuses a mail, and a submitted one is kept in quarantine.',
    'killLevel',
  ),
  scores: optional(
    keyed(points(), ruleName),
    'Points of single rules by name; 0 switches a rule off. Default: those of the rules.',
  ),
}).check((context) => {
  const { tagLevel, tag2Level, killLevel } = spamLevels(context.value);
  const wrong = (lower: Level, higher: Level) => {
    const levels = spamLevels(context.value);
    const message = `${lower} is ${levels[lower]} and ${higher} is ${levels[higher]}: ${lower} must not be the higher one`;
    context.issues.push({ code: 'custom', message, input: context.value });
  };
  if (tagLevel > tag2Level) wrong('tagLevel', 'tag2Level');
  if (tag2Level > killLevel) wrong('tag2Level', 'killLevel');
});

/** The levels in use. */
export function spamLevels(settings: Partial<Record<Level, number | undefined>> = {}): Record<Level, number> {
  const given = Object.entries(settings).filter(([name, value]) => name in DEFAULTS && value !== undefined);
  return { ...DEFAULTS, ...Object.fromEntries(given) };
}
