import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostedZones, Route53Dns } from '../../../lib';
import { all, synthesise } from '../../support/synth';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailserver-zones-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = () => join(folder, 'zones.json');
const listed = (...zones: readonly (readonly [name: string, id: string, isPrivate?: boolean])[]) => ({
  HostedZones: zones.map(([name, id, isPrivate = false]) => ({
    Id: `/hostedzone/${id}`,
    Name: name,
    CallerReference: name,
    Config: { PrivateZone: isPrivate },
    ResourceRecordSetCount: 2,
  })),
});
const read = (content: unknown) => {
  writeFileSync(file(), typeof content === 'string' ? content : JSON.stringify(content));
  return hostedZones(file());
};

test('public zones are found by their names, whatever is private', () => {
  const zones = listed(
    ['example.com.', 'Z1'],
    ['Example.NET.', 'Z2'],
    ['example.com.', 'Z3', true],
    ['2\\0571.2.0.192.in-addr.arpa.', 'Z4'],
  );
  expect(read(zones)).toEqual({
    'example.com': { zoneId: 'Z1' },
    'example.net': { zoneId: 'Z2' },
    '2/1.2.0.192.in-addr.arpa': { zoneId: 'Z4' },
  });
});

test('thousands of zones are looked up by nobody in a plan', () => {
  const names = Array.from({ length: 2000 }, (_, index) => `domain${index}.example`);
  const zones = read(listed(...names.map((name, index) => [`${name}.`, `Z${index}`] as const)));
  const { data, resource } = synthesise((stack) => {
    const dns = new Route53Dns(stack, 'dns', { zones });
    dns.addRecord(stack, 'mx', { name: 'domain1999.example', type: 'MX', values: ['10 mail.example.com.'] });
  });
  expect(data).not.toHaveProperty('aws_route53_zone');
  expect(all(resource, 'aws_route53_record')).toEqual([expect.objectContaining({ zone_id: 'Z1999' })]);
});

const remedy = () => `: make it with "aws route53 list-hosted-zones --output json > ${file()}" (at hostedZones)`;

test.each<[string, unknown, string]>([
  ['no JSON', 'Z1', 'is not JSON'],
  ['a text', '"Z1"', 'is not a list of zones'],
  ['another answer of AWS', { HostedZone: {} }, 'is not a list of zones'],
  ['zones without names', { HostedZones: [{ Id: 'Z1' }] }, 'is not a list of zones'],
  ['null among the zones', { HostedZones: [null] }, 'is not a list of zones'],
  ['the first hundred', { ...listed(['example.com.', 'Z1']), IsTruncated: true }, 'is only the beginning of the list'],
  ['what --max-items gives', { ...listed(['example.com.', 'Z1']), NextToken: 'e30=' }, 'is only the beginning of the list'],
])('a file with %s is refused, and how it is made is said', (_title, content, problem) => {
  expect(() => read(content)).toThrow(`${file()} ${problem}${remedy()}`);
});

test('a file that is missing is refused, and how it is made is said', () => {
  expect(() => hostedZones(file())).toThrow(`${file()} cannot be read (ENOENT)${remedy()}`);
});

test('two public zones of one name are refused, since only one of them is asked', () => {
  expect(() => read(listed(['example.com.', 'Z1'], ['example.com.', 'Z2']))).toThrow(
    `${file()} has two public zones 'example.com', Z1 and Z2: the world asks the one that is delegated; delete the other, or take its entry out of the file (at hostedZones)`,
  );
});
