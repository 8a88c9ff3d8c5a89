import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { harmless } from '../../../lib/text/harmless';
import { hostPython } from '../../support/python';

const MODULE = join(__dirname, '../../../lib/role/remote/postfix-rules/harmless.py');

describe('what the host itself says of the words of others', () => {
  test('has the same letters in the clear as what the stack says, of all that both know', () => {
    const program = `import sys, json; sys.dont_write_bytecode = True; sys.path.insert(0, ${JSON.stringify(join(MODULE, '..'))})
from harmless import visible
import unicodedata
known = [code for code in range(0x110000) if unicodedata.category(chr(code)) not in ("Cn", "Cs")]
print(json.dumps([known, [code for code in known if visible(chr(code)) != chr(code)]]))`;
    const output = execFileSync(hostPython, ['-c', program], { encoding: 'utf8', maxBuffer: 1 << 28 });
    const [known, hidden] = JSON.parse(output) as [number[], number[]];
    const ours = known.filter((code) => /\P{Cn}/u.test(String.fromCodePoint(code)));
    const mine = ours.filter((code) => harmless(String.fromCodePoint(code)) !== String.fromCodePoint(code));
    const theirs = new Set(hidden);
    expect(ours.length).toBeGreaterThan(100_000);
    expect(mine.filter((code) => !theirs.has(code))).toEqual([]);
    expect(hidden.filter((code) => !mine.includes(code))).toEqual([]);
  });

  test('keeps lines and tabs of a file, shows bytes that are no text, and has an end', () => {
    const folder = mkdtempSync(join(tmpdir(), 'harmless-'));
    try {
      const file = join(folder, 'said');
      writeFileSync(
        file,
        Buffer.concat([Buffer.from('a\x1b[2J\tb\u202e\r\n'), Buffer.from([0xff, 0x0a]), Buffer.from('x\n'.repeat(2000))]),
      );
      const { stdout } = spawnSync(hostPython, [MODULE, file], { encoding: 'utf8' });
      const lines = stdout.split('\n');
      expect(lines.slice(0, 2)).toEqual(['a\\u{1b}[2J\tb\\u{202e}\\u{d}', '\\u{ff}']);
      expect(lines.slice(-2)).toEqual(['… and more lines', '']);
      expect(lines).toHaveLength(1002);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
