import { isAscii, isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { countLines, MapFileError, type TextFile, withTextFile } from '../../text/text-file';
import type { RoleSettings } from '../settings';
import type { MapContents } from './contents';
import { type LineProblem, MapJudge, type OnEntry } from './judge';
import type { MapName } from './names';
import { entryRules } from './rules';

/** Lines of a map file, as many as the gate on the host takes. */
const mostLines = 1_500_000;
/** Keys that have the same hash are looked at again; so many of them are enough to tell. */
const mostSuspects = 10_000;

/** A map file that was read: what is known of it, or what is wrong with it. */
export interface ReadMap {
  readonly contents?: MapContents;
  /** `FILE:LINE: what is wrong` each, the first twenty. */
  readonly problems: readonly string[];
}

/**
 * Reads a map file and judges all of its entries, in blocks: a million of them take no more memory than the hashes of their keys.
 *
 * @param settings what entries are judged by; absent: they are read, and not judged
 * @param shown how messages call the file
 */
export function readMap(
  name: MapName,
  source: string,
  settings: RoleSettings | undefined,
  shown = source,
  onEntry?: OnEntry,
): ReadMap {
  try {
    return withTextFile(source, (file) => {
      const { sha256, lines } = survey(file);
      if (lines > mostLines) throw new MapFileError(`has ${lines} lines, the limit is ${mostLines}`);
      const rules = settings ?? unjudged;
      const judge = new MapJudge(name, rules, lines, onEntry);
      eachLine(file, (number, text) => judge.line(number, text));
      judge.end();
      lookAgain(file, judge, name, rules);
      if (settings && judge.problems.length > 0) return { problems: told(shown, judge.problems, judge.untold) };
      const contents = { source, sha256, bytes: file.bytes, lines, domains: [...judge.domains] };
      return { contents, problems: [] };
    });
  } catch (error) {
    if (!(error instanceof MapFileError)) throw error;
    return { problems: [`${shown}${error.line === undefined ? '' : `:${error.line}`}: ${error.message}`] };
  }
}

/** Nothing that entries could break. */
const unjudged: RoleSettings = { heloName: '' };

/** Digest and number of lines of a text; whatever could not be one is reported. */
function survey(file: TextFile): { sha256: string; lines: number } {
  const hash = createHash('sha256');
  let lines = 0;
  for (const block of file.blocks()) {
    if (lines === 0 && block.subarray(0, 3).equals(MARK)) {
      throw new MapFileError(
        'begins with a byte order mark, which Postfix would take for a part of the first entry: save it without',
        1,
      );
    }
    const zero = block.indexOf(0);
    if (zero >= 0) {
      throw new MapFileError('there is a null byte in it, as UTF-16 has: save the file as UTF-8', lineAt(block, zero, lines));
    }
    if (!isAscii(block) && !isUtf8(block))
      throw new MapFileError('there is a byte in it that is not UTF-8', badLine(block, lines));
    hash.update(block);
    lines += countLines(block);
  }
  return { sha256: hash.digest('hex'), lines };
}

const MARK = Buffer.from([0xef, 0xbb, 0xbf]);

const lineAt = (block: Buffer, offset: number, before: number) => before + countLines(block.subarray(0, offset)) + 1;

function badLine(block: Buffer, before: number): number {
  let line = before + 1;
  for (let start = 0; start < block.length; line++) {
    const end = block.indexOf(10, start);
    if (!isUtf8(block.subarray(start, end))) return line;
    start = end + 1;
  }
  return line;
}

function eachLine(file: TextFile, take: (number: number, text: string) => void): void {
  let number = 0;
  for (const block of file.blocks()) {
    const text = block.toString(isAscii(block) ? 'latin1' : 'utf8');
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      take(++number, text.slice(start, end));
      start = end + 1;
    }
  }
}

/** Keys with the same hash: most are the same, some are not. */
function lookAgain(file: TextFile, judge: MapJudge, name: MapName, settings: RoleSettings): void {
  const suspects = judge.suspects.slice(0, mostSuspects);
  if (suspects.length === 0) return;
  const wanted = new Set(suspects.flat());
  const keys = new Map<number, string>();
  const again = new MapJudge(name, settings, 1, (line, key) => {
    if (wanted.has(line)) keys.set(line, key);
  });
  again.forgetKeys();
  eachLine(file, (number, text) => again.line(number, text));
  again.end();
  const same = entryRules(name, settings).same ?? ((key: string) => key);
  for (const [earlier, line] of suspects) {
    const [one, other] = [keys.get(earlier), keys.get(line)];
    if (one !== undefined && other !== undefined && same(one) === same(other)) judge.twice(line, other, earlier);
  }
}

function told(shown: string, problems: readonly LineProblem[], untold: number): string[] {
  const sorted = [...problems].sort((one, other) => one.line - other.line);
  const lines = sorted.map(({ line, message }) => `${shown}:${line}: ${message}`);
  return untold > 0 ? [...lines, `${shown}: and ${untold} more`] : lines;
}
