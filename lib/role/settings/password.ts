import words from '../remote/weak-words.json';

const SHORTEST = 12;
/** What the SASL library takes. */
const LONGEST = 255;
/** Characters that are left when names, common words, sequences and repetitions count as one each. */
const FEWEST = 8;

const ROWS = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'qwertzuiop', 'yxcvbnm', 'azertyuiop'];
const LOOKS_LIKE: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/** What is wrong with the password of a login, by the rule of `sudo saslpasswd2`. Never repeats the password. */
export function passwordProblem(login: string, password: string): string | undefined {
  if (/\p{Cc}/u.test(password)) return 'the password has a line break or another control character in it';
  const count = [...password].length;
  if (count < SHORTEST) {
    return `the password has ${count} characters: give it at least ${SHORTEST}, everybody on the internet may try`;
  }
  const length = Buffer.byteLength(password);
  if (length > LONGEST) return `the password has ${length} bytes, at most ${LONGEST} are possible`;
  if (Math.min(strength(login, password, lower), strength(login, password, lettersOf)) >= FEWEST) return undefined;
  return (
    'the password is easy to guess: it is little more than the name of the login, common words, a sequence or a repetition; ' +
    'take some words that have nothing to do with each other, or random characters'
  );
}

/** @param plain how the password is read: as it is, or with digits and signs for the letters that they look like */
function strength(login: string, password: string, plain: (text: string) => string): number {
  const name = plain(login.split('@')[0] ?? '');
  const known = [...words.map(plain), ...(name.length > 2 ? [name] : [])].sort((a, b) => b.length - a.length);
  const text = [...known.reduce((rest, word) => rest.replaceAll(word, '\0'), plain(password))];
  const period = text.findIndex((_, size) => size > 0 && text.slice(size).every((letter, index) => letter === text[index]));
  const once = period < 0 ? text : text.slice(0, period);
  return once.filter((letter, index) => index === 0 || !follows(once[index - 1] ?? '', letter)).length;
}

const lower = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

const lettersOf = (text: string) => lower(text).replace(/[013457@$!]/g, (letter) => LOOKS_LIKE[letter] ?? letter);

/** In the alphabet, in numbers or on a keyboard; forwards, backwards, or the same again. */
function follows(before: string, letter: string): boolean {
  const distance = Math.abs((before.codePointAt(0) ?? 0) - (letter.codePointAt(0) ?? 0));
  return distance < 2 || ROWS.some((row) => row.includes(before + letter) || row.includes(letter + before));
}
