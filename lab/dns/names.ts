import { reverseName as reverseOf } from '../../lib/dns/reverse';

/** Lower case, with the final dot; Route 53's octal escapes of printable characters undone (`\052` is `*`). */
export function absoluteName(name: string): string {
  const plain = name.toLowerCase().replace(/\\([0-7]{3})/g, (whole, octal: string) => {
    const code = Number.parseInt(octal, 8);
    const character = String.fromCharCode(code);
    if (/[a-z0-9_*/-]/.test(character)) return character;
    return code <= 255 ? `\\${String(code).padStart(3, '0')}` : whole;
  });
  return plain.endsWith('.') ? plain : `${plain}.`;
}

/** `198.51.100.25` to `25.100.51.198.in-addr.arpa.`; an IPv6 address to its 32 digits below `ip6.arpa.` */
export function reverseName(address: string): string {
  return `${reverseOf(address)}.`;
}

/** Whether `name` is `zone` or lies below it; both absolute. */
export function isWithin(name: string, zone: string): boolean {
  return zone === '.' || name === zone || name.endsWith(`.${zone}`);
}

/** The parent of an absolute name: `a.b.` to `b.`, `b.` to `.`. */
export function parentOf(name: string): string {
  return name.slice(name.indexOf('.') + 1) || '.';
}
