import fc from 'fast-check';
import type { FactsRequest } from '../../../lib/host/host-facts';
import { parseFacts, splitAnswer } from '../../../lib/host/parse-facts';
import { target } from '../target';
import { anyText, INHERITED, madeOf, mutated } from '../texts';

const request: FactsRequest = {
  os: { id: 'debian', versionId: '13' },
  paths: ['/etc/mailname'],
  directories: ['/etc/mail'],
  packages: ['postfix'],
  users: ['webapp'],
  groups: ['service'],
  units: ['postfix.service'],
  derived: [{ name: 'maps', check: 'true' }],
  volume: {
    id: 'vol-1',
    mountPoint: '/srv',
    directories: ['/var/spool/postfix'],
    fileSystem: 'ext4',
  } as unknown as FactsRequest['volume'],
};

const path = fc.oneof(
  fc.constant('/etc/mailname'),
  fc.constantFrom(...INHERITED),
  anyText(12).map((text) => text.replaceAll('\n', '')),
);
const size = fc.oneof(fc.nat(30).map(String), fc.constantFrom('99999999999999999999', '-1', '1e3', '0x10', ''));
const file = fc
  .tuple(fc.constantFrom('c', 'f', 'd', 'l', 'x', '_'), size, path)
  .map(([kind, bytes, at]) => `${kind} 644 root root ${bytes} ${at}`);

/** Lines as they should be, with those of somebody else between them. */
const lines = (...good: fc.Arbitrary<string>[]) =>
  fc.array(fc.oneof(...good, anyText(12)), { maxLength: 6 }).map((all) => all.join('\n'));

const sections = fc.record({
  os: mutated(fc.constant('ID=debian\nVERSION_ID="13"\nPRETTY_NAME="Debian"')),
  machine: fc.oneof(fc.constant('x86_64\n2\n4000000'), anyText(20)),
  groups: lines(
    fc.constant('service:x:1001:webapp'),
    fc.constantFrom(...INHERITED).map((name) => `${name}:x:1:a`),
  ),
  passwd: lines(
    fc.constant('webapp:x:1001:1001::/home/webapp:/bin/sh'),
    fc.constantFrom(...INHERITED).map((name) => `${name}:x:1:1::/:/bin/sh`),
  ),
  files: lines(file),
  directories: lines(path.map((at) => `755 root root ${at}`)),
  packages: lines(
    fc.constant('postfix installed 3.10'),
    fc.constantFrom(...INHERITED).map((name) => `${name} installed 1`),
  ),
  units: fc.oneof(madeOf(fc.constantFrom('Asked=a.service\n', 'LoadState=loaded\n', '\n', 'ActiveState=active\n')), anyText(20)),
  derived: lines(fc.constantFrom('current maps\t', 'stale maps\twhy', 'stale __proto__\tx')),
  volume: lines(fc.constantFrom('mount / /srv', 'device /dev/vdb', 'type ext4', 'mount /a /var/spool/postfix')),
  manifest: lines(fc.constantFrom('file /etc/mailname', 'unit x.service', 'directory /etc/mail')),
});

const extra = fc.array(fc.tuple(fc.oneof(fc.constantFrom(...INHERITED), anyText(8)), anyText(12)), { maxLength: 2 });

/** As the host sends it, with lengths that may lie. */
const answer = fc
  .tuple(sections, extra, fc.nat(60), fc.option(fc.tuple(fc.nat(), size)))
  .map(([known, others, contents, lie]) => {
    const all = [...Object.entries(known), ...others];
    const liar = lie && lie[0] % all.length;
    const text = all
      .map(([name, body], index) => `${name} ${index === liar ? lie?.[1] : Buffer.byteLength(body)}\n${body}\n`)
      .join('');
    return `${text}contents\n${'x'.repeat(contents)}`;
  });

export const facts = target({
  name: 'facts',
  input: fc.oneof(answer, mutated(answer)).map((text) => Buffer.from(text).toString('hex')),
  check(hex) {
    const bytes = Buffer.from(hex, 'hex');
    let found: ReturnType<typeof parseFacts>;
    try {
      found = parseFacts(splitAnswer(bytes), request);
    } catch (error) {
      if (!(error instanceof Error) || error instanceof TypeError || error instanceof RangeError) throw error;
      return;
    }
    for (const map of [found.files, found.directories, found.packages, found.users, found.units, found.derived]) {
      if (Object.getPrototypeOf(map) !== Object.prototype && Object.getPrototypeOf(map) !== null)
        throw new Error('a name of the host became a prototype');
    }
    if (!Number.isSafeInteger(found.cores) || !Number.isSafeInteger(found.memoryMiB))
      throw new Error(`${found.cores} cores, ${found.memoryMiB} MiB`);
    if (JSON.stringify(found).length > 30 * bytes.length + 10_000) throw new Error('the facts are far larger than the answer');
  },
});
