/**
 * Finds keys that come twice among a million of them, in 12 bytes a key: it keeps hashes. Two keys may have one hash, so what it finds
 * has to be looked at again.
 */
export class KeyTable {
  private readonly mask: number;
  private readonly lines: Uint32Array;
  private readonly low: Uint32Array;
  private readonly high: Uint32Array;

  /** @param most the largest number of keys */
  constructor(most: number) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(16, most * 2)));
    this.mask = slots - 1;
    this.lines = new Uint32Array(slots);
    this.low = new Uint32Array(slots);
    this.high = new Uint32Array(slots);
  }

  /** Keeps a key; the line of one with the same hash, if there was any. `line` counts from 1. */
  add(key: string, line: number): number | undefined {
    let low = 0x811c9dc5;
    let high = 0x9747b28c;
    for (let at = 0; at < key.length; at++) {
      const code = key.charCodeAt(at);
      low = Math.imul(low ^ code, 0x01000193);
      high = Math.imul(high ^ code, 0x5bd1e995);
      high ^= high >>> 15;
    }
    low >>>= 0;
    high >>>= 0;
    let slot = (low ^ (low >>> 16)) & this.mask;
    for (;;) {
      const there = this.lines[slot];
      if (there === 0) break;
      if (this.low[slot] === low && this.high[slot] === high) return there;
      slot = (slot + 1) & this.mask;
    }
    this.lines[slot] = line;
    this.low[slot] = low;
    this.high[slot] = high;
    return undefined;
  }
}
