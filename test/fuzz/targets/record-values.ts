import fc from 'fast-check';
import { characterStrings, route53Text, zoneFileText } from '../../../lib/dns/character-strings';
import { zoneFile } from '../../../lib/dns/zone-file';
import { target } from '../target';
import { anyText, domainName, madeOf } from '../texts';

/** The strings of a TXT record as a name server reads them from a zone file (RFC 1035 5.1). */
function readStrings(text: string, radix: 8 | 10): Buffer[] {
  const strings: number[][] = [];
  const form = /"((?:[^"\\]|\\\d{3}|\\.)*)"(?: |$)/gsy;
  for (let found = form.exec(text); found; found = form.exec(text)) {
    const bytes: number[] = [];
    for (const [, number, plain = ''] of (found[1] ?? '').matchAll(/\\(\d{3})|\\?(.)/gs))
      bytes.push(number ? Number.parseInt(number, radix) : plain.charCodeAt(0));
    strings.push(bytes);
    if (form.lastIndex >= text.length) return strings.map((each) => Buffer.from(each));
  }
  throw new Error(`cannot be read back: ${text}`);
}

export const recordValues = target({
  name: 'record-values',
  input: fc.record({
    name: domainName,
    text: fc.oneof(anyText(400), madeOf(fc.constantFrom('"', '\\', ';', '\n', 'ä', '1', '(', '$ORIGIN x'))),
  }),
  check({ name, text }) {
    const bytes = Buffer.from(text);
    const strings = characterStrings(text);
    if (strings.some(({ length }) => length > 255) || !Buffer.concat([...strings]).equals(bytes))
      throw new Error('other strings');
    const file = zoneFileText(text);
    if (/[^ -~]/.test(file)) throw new Error('a byte that a zone file must not have');
    if (!Buffer.concat(readStrings(file, 10)).equals(bytes)) throw new Error('read back from the zone file it is another text');
    const aws = `"${route53Text(text).replaceAll('""', '" "')}"`;
    if (!text.includes('"') && !Buffer.concat(readStrings(aws, 8)).equals(bytes))
      throw new Error('read back from Route 53 it is another text');
    const lines = zoneFile([{ name, type: 'TXT', values: [text] }])
      .trimEnd()
      .split('\n');
    if (lines.length !== 2) throw new Error(`${lines.length} lines for one record`);
  },
});
