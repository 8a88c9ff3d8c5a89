import { readFileSync } from 'node:fs';
import { normalizeName } from '../../dns';
import { MailServerInputError } from '../synth/errors';

/** The id of a zone of Route 53, as {@link Route53DnsProps.zones} takes it. */
export interface HostedZoneId {
  readonly zoneId: string;
}

interface Listed {
  readonly Id: string;
  readonly Name: string;
  readonly Config?: { readonly PrivateZone?: boolean };
}

/**
 * The public zones of an account by name, for {@link Route53DnsProps.zones}, from a file that one command makes:
 *
 *     aws route53 list-hosted-zones --output json > zones.json
 *
 * The ids of zones never change, so the file belongs to the program. A plan that looks up hundreds of zones by name takes hours, since
 * Route 53 answers five requests a second and lists zones a hundred at a time (docs/aws.md).
 *
 * @param file path, relative to the folder that the program runs in
 * @throws when the file is not a whole list of zones, or when two public zones have one name, of which the world asks only one
 */
export function hostedZones(file: string): Readonly<Record<string, HostedZoneId>> {
  const found = new Map<string, string>();
  for (const zone of publicZones(file)) {
    const name = normalizeName(unescaped(zone.Name));
    const zoneId = zone.Id.slice(zone.Id.lastIndexOf('/') + 1);
    const other = found.get(name);
    if (other !== undefined) {
      const fix = 'the world asks the one that is delegated; delete the other, or take its entry out of the file';
      throw new MailServerInputError('hostedZones', `${file} has two public zones '${name}', ${other} and ${zoneId}: ${fix}`);
    }
    found.set(name, zoneId);
  }
  return Object.fromEntries([...found].map(([name, zoneId]) => [name, { zoneId }]));
}

const COMMAND = 'aws route53 list-hosted-zones --output json';

function publicZones(file: string): readonly Listed[] {
  const wrong = (problem: string) =>
    new MailServerInputError('hostedZones', `${file} ${problem}: make it with "${COMMAND} > ${file}"`);
  const { HostedZones: zones, IsTruncated: isCut, NextToken: next } = parsed(file, wrong);
  if (!Array.isArray(zones) || !zones.every(isListed)) throw wrong('is not a list of zones');
  if (isCut === true || next !== undefined) throw wrong('is only the beginning of the list');
  return zones.filter(({ Config }) => Config?.PrivateZone !== true);
}

function parsed(file: string, wrong: (problem: string) => Error): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw wrong(`cannot be read (${(error as NodeJS.ErrnoException).code ?? error})`);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    throw wrong('is not JSON');
  }
  throw wrong('is not a list of zones');
}

function isListed(zone: unknown): zone is Listed {
  const { Id, Name } = (zone ?? {}) as Record<string, unknown>;
  return typeof Id === 'string' && typeof Name === 'string';
}

/** Route 53 writes all but letters, digits, hyphen, underscore and dot as three octal digits. */
function unescaped(name: string): string {
  return name.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
