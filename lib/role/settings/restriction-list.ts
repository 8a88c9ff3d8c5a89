import { nearest } from '../../settings/spelling';
import { FORMER_RESTRICTIONS, RESTRICTIONS, RESTRICTIONS_WITH_ARGUMENT } from './restriction-names';

/** Whether a parameter of main.cf holds restrictions: by its name, or because it is a class. */
export function isRestrictionList(name: string, classes: ReadonlySet<string>): boolean {
  return /^[A-Za-z0-9_]+_restrictions$/.test(name) || classes.has(name.toLowerCase());
}

/** What is wrong with a list of restrictions as main.cf has it (postconf(5), "smtpd_recipient_restrictions"); the host says the same. */
export function restrictionListProblem(value: string, classes: ReadonlySet<string>): string | undefined {
  const words = wordsOf(value);
  for (let index = 0; index < words.length; index++) {
    const word = words[index] as string;
    const name = word.toLowerCase();
    if (RESTRICTIONS_WITH_ARGUMENT.has(name)) {
      index++;
      if (words[index] === undefined) return `'${word}' lacks its argument, see postconf(5)`;
      continue;
    }
    // A table may stand for itself; what another parameter says is judged there.
    if (/[:$]/.test(word) || RESTRICTIONS.has(name) || FORMER_RESTRICTIONS.has(name) || classes.has(name)) continue;
    const near = nearest(word, [...RESTRICTIONS, ...RESTRICTIONS_WITH_ARGUMENT, ...classes]);
    return `'${word}' is not a restriction of Postfix, which would put off every mail${near === undefined ? '' : `; did you mean ${near}?`}`;
  }
  return undefined;
}

/** Words between blanks and commas; what is in braces belongs to its word. */
function wordsOf(value: string): string[] {
  const words: string[] = [];
  let word = '';
  let depth = 0;
  for (const letter of `${value} `) {
    if (depth === 0 && /[\s,]/.test(letter)) {
      if (word !== '') words.push(word);
      word = '';
      continue;
    }
    if (letter === '{') depth++;
    if (letter === '}' && depth > 0) depth--;
    word += letter;
  }
  return word.trim() === '' ? words : [...words, word.trimEnd()];
}
