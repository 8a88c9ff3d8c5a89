import { readdirSync, readFileSync } from 'node:fs';

/** A process is looked at this often: what it was started as, and what it became. */
const LOOKS = 5;

/** The command lines of all processes of this machine, those in its containers too, from now on until the answer's `end` is called. */
export function watchCommandLines(): { readonly seen: ReadonlySet<string>; readonly end: () => void } {
  const seen = new Set<string>();
  const looks = new Map<string, number>();
  const timer = setInterval(() => {
    for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
      const before = looks.get(pid) ?? 0;
      if (before === LOOKS) continue;
      looks.set(pid, before + 1);
      try {
        seen.add(readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' '));
      } catch {
        // It is gone already.
      }
    }
  }, 20);
  return { seen, end: () => clearInterval(timer) };
}
