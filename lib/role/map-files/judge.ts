import type { RoleSettings } from '../settings';
import { conditionsProblem } from '../settings/pcre-table';
import { KeyTable } from './key-table';
import type { MapName } from './names';
import { type EntryRules, entryRules } from './rules';

/** A line of a map file that breaks a rule. */
export interface LineProblem {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** An entry as it is read: the line it begins on, its key, and all behind that. */
export type OnEntry = (line: number, key: string, value: string) => void;

/**
 * What one program may take for a blank, a line end or nothing at all, and another not: control characters, blanks and marks outside
 * of ASCII.
 */
const AMBIGUOUS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\0-\x08\x0b-\x1f\x7f-\xa0\xad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff9-\ufffb]/;

/** So many problems are reported; the others are counted. */
const MOST_TOLD = 20;
/** Characters of an entry. */
const LONGEST_ENTRY = 1024 * 1024;

/** Judges a map file line by line, in little more memory than the hashes of its keys. */
export class MapJudge {
  readonly problems: LineProblem[] = [];
  /** Domains that the entries name. */
  readonly domains = new Set<string>();
  /** Lines that may hold the same key: an earlier one and a later one. */
  readonly suspects: (readonly [earlier: number, later: number])[] = [];
  entries = 0;
  untold = 0;
  private readonly rules: EntryRules;
  private keys: KeyTable | undefined;
  private readonly conditions: string[] = [];
  private pending = '';
  private pendingLine = 0;
  private isPlain = false;
  private lastDomain: string | undefined;

  constructor(
    private readonly name: MapName,
    settings: RoleSettings,
    lines: number,
    private readonly onEntry?: OnEntry,
  ) {
    this.rules = entryRules(name, settings);
    this.keys = this.rules.same && new KeyTable(lines);
  }

  /** Takes the next line, without its end. */
  line(number: number, text: string): void {
    if (this.rules.plain?.test(text)) this.begin(number, text, true);
    else if (/^[ \t]*(#|\r?$)/.test(text)) this.saysNothing(number, text);
    else this.unusual(number, text);
  }

  end(): void {
    this.finish();
    const broken = conditionsProblem(this.conditions);
    if (broken) this.problem(broken.index + 1, broken.message);
  }

  /** For a second look at a file. */
  forgetKeys(): void {
    this.keys = undefined;
  }

  /** Tells of a key that was there before. */
  twice(line: number, key: string, earlier: number): void {
    this.problem(line, `'${key}' is there already in line ${earlier}, and only one of them can count`);
  }

  private unusual(number: number, text: string): void {
    const found = AMBIGUOUS.exec(text)?.[0];
    if (found !== undefined) this.problem(number, ambiguous(found, text));
    else if (/^[ \t]/.test(text) && !this.rules.oneLine) this.continuation(number, text);
    else this.begin(number, text.replace(/[ \t]+$/, ''), false);
  }

  private saysNothing(number: number, text: string): void {
    if (text.endsWith('\r')) this.problem(number, CRLF);
    // Conditions are counted by line.
    if (this.rules.oneLine) this.finish();
  }

  private begin(line: number, text: string, isPlain: boolean): void {
    this.finish();
    this.pending = text;
    this.pendingLine = line;
    this.isPlain = isPlain;
  }

  private continuation(number: number, text: string): void {
    if (this.pending === '') this.problem(number, ORPHAN);
    else if (this.pending.length + text.length > LONGEST_ENTRY) this.problem(this.pendingLine, TOO_LONG);
    else {
      this.pending = `${this.pending} ${text.trim()}`;
      this.isPlain = false;
    }
  }

  private finish(): void {
    if (this.pending === '') return;
    const { pending, pendingLine, isPlain } = this;
    this.pending = '';
    this.entries++;
    if (isPlain) {
      const blank = pending.search(/[ \t]/);
      this.accept(pendingLine, pending.slice(0, blank), pending.slice(blank).trim());
    } else this.judge(pendingLine, pending);
  }

  private judge(line: number, text: string): void {
    if (this.name === 'canonicalPcre') {
      while (this.conditions.length < line - 1) this.conditions.push('');
      this.conditions.push(text);
    }
    const { key, value, problem } = this.rules.judge(text);
    if (problem === undefined) this.accept(line, key, value);
    else this.problem(line, problem);
  }

  private accept(line: number, key: string, value: string): void {
    const { same, domain } = this.rules;
    if (same && this.keys) {
      const earlier = this.keys.add(same(key), line);
      if (earlier !== undefined) this.suspects.push([earlier, line]);
    }
    const named = domain?.(key);
    if (named !== undefined && named !== this.lastDomain) {
      this.lastDomain = named;
      this.domains.add(named);
    }
    this.onEntry?.(line, key, value);
  }

  private problem(line: number, message: string): void {
    if (this.problems.length < MOST_TOLD) this.problems.push({ line, message });
    else this.untold++;
  }
}

const ORPHAN = 'begins with white space and so continues the entry above, and there is none: move it to the left';
const TOO_LONG = `the entry is longer than ${LONGEST_ENTRY} characters, which is the limit`;
const CRLF = 'ends with a carriage return, as files of Windows do: save it with line feeds only (LF)';

function ambiguous(found: string, text: string): string {
  if (found === '\r' && text.indexOf('\r') === text.length - 1) return CRLF;
  const code = found.charCodeAt(0);
  const what =
    code < 0xa0
      ? `a control character (0x${code.toString(16).padStart(2, '0')})`
      : `an invisible character or a blank that is not a space (U+${code.toString(16).toUpperCase().padStart(4, '0')})`;
  return `there is ${what} in it, which not every program reads in the same way`;
}
