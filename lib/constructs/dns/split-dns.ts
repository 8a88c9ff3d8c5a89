import { Fn, type ITerraformDependable, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { ZoneFinder } from '../../dns';
import { problemsOf } from '../../settings/problems';
import { someOf } from '../../settings/vocabulary';
import { MailServerInputError, noZoneForRecord } from '../synth/errors';
import { mailDns } from '../synth/parts';
import { hasToken } from '../synth/tokens';
import type { DnsRecordProps, IDnsRecord, IMailDns } from './mail-dns';

/** What a {@link SplitDns} is made of. */
export const splitDnsParts = someOf(mailDns, 'no record could be placed; give the name services, e.g. [route53, external]');

/** Several name services as one: each record goes to the one that has its zone, e.g. Route 53 for some, {@link ExternalDns} for others. */
export class SplitDns implements IMailDns {
  readonly zoneNames: readonly string[];
  /** The longest of the parts: what has been changed is forgotten everywhere after it. */
  readonly ttlSeconds: number;
  private readonly owners: ReadonlyMap<string, IMailDns>;
  private readonly finder: ZoneFinder;

  /** @param parts of two that have the same zone, the first one gets its records */
  constructor(parts: readonly IMailDns[]) {
    const [issue] = problemsOf(splitDnsParts, parts);
    if (issue) throw new MailServerInputError('SplitDns', `${['parts', ...issue.path].join('.')}: ${issue.message}`);
    this.owners = new Map([...parts].reverse().flatMap((part) => part.zoneNames.map((zone) => [zone, part] as const)));
    this.zoneNames = [...this.owners.keys()];
    this.finder = new ZoneFinder(this.zoneNames);
    const times = parts.map(({ ttlSeconds }) => ttlSeconds ?? 0);
    this.ttlSeconds = hasToken(times) ? Token.asNumber(Fn.max(times)) : Math.max(0, ...times);
  }

  addRecord(scope: Construct, id: string, record: DnsRecordProps): IDnsRecord {
    const owner = this.ownerOf(record.inZoneOf ?? record.name);
    if (!owner) throw noZoneForRecord(scope, record.type, record.name, this.zoneNames);
    return owner.addRecord(scope, id, record);
  }

  delegationOf(name: string): readonly ITerraformDependable[] {
    return this.ownerOf(name)?.delegationOf?.(name) ?? [];
  }

  watchDelegations(names: readonly string[]): void {
    for (const part of new Set(this.owners.values())) {
      part.watchDelegations?.(names.filter((name) => this.ownerOf(name) === part));
    }
  }

  private ownerOf(name: string): IMailDns | undefined {
    const zone = this.finder.zoneOf(name);
    return zone === undefined ? undefined : this.owners.get(zone);
  }
}
