/** The longest string of a TXT record, in bytes (RFC 1035 3.3). */
const longest = 255;

/** Text of any length as the strings that a TXT record is made of; receivers put them together again without a space (RFC 7208 3.3). */
export function characterStrings(text: string): readonly Buffer[] {
  const bytes = Buffer.from(text);
  const count = Math.max(1, Math.ceil(bytes.length / longest));
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * longest, (index + 1) * longest));
}

/** As a zone file has it: quoted strings, other bytes than printable ASCII by their decimal number (RFC 1035 5.1). */
export function zoneFileText(text: string): string {
  return characterStrings(text)
    .map((string) => `"${escaped(string, 10)}"`)
    .join(' ');
}

/**
 * As `aws_route53_record` has it: the outermost quotes are the provider's, and other bytes than printable ASCII are written as their
 * octal number, as Route 53 itself answers them, or every plan would differ.
 */
export function route53Text(text: string): string {
  return characterStrings(text)
    .map((string) => escaped(string, 8))
    .join('""');
}

function escaped(string: Buffer, radix: 8 | 10): string {
  return Array.from(string, (byte) => {
    const character = String.fromCharCode(byte);
    if (byte < 0x20 || byte > 0x7e) return `\\${byte.toString(radix).padStart(3, '0')}`;
    return character === '"' || character === '\\' ? `\\${character}` : character;
  }).join('');
}
