import { DataAwsRoute53Zone } from '@cdktf/provider-aws/lib/data-aws-route53-zone';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { Route53Zone } from '@cdktf/provider-aws/lib/route53-zone';
import { Fn, Op, type TerraformProvider, Token } from 'cdktf';
import { Construct } from 'constructs';
import { normalizeName, zoneOf } from '../dns';
import { literalRequired, noZoneForRecord, zoneNameInvalid } from '../errors';
import type { DnsRecordProps, IDnsRecord, IMailDns } from '../mail-dns';
import { lifecycle } from '../private/lifecycle';
import { readableOutput } from '../private/outputs';
import { nameProblem } from '../role/settings/domain-name';

/** A hosted zone of the stack: an `aws_route53_zone` resource or data source is one. */
export interface IHostedZone {
  readonly zoneId: string;
  /** When present, a record that does not belong in the zone is refused at plan, with both names. */
  readonly name?: string;
}

/** A zone is made, found in the account by its name, or handed over. */
export type ZoneSource = 'create' | 'lookup' | IHostedZone;

export interface Route53DnsProps {
  /**
   * Public zones by name. `create` makes the zone, and its name servers have to be entered at the registrar; `lookup` finds the
   * one that is there already.
   */
  readonly zones: Readonly<Record<string, ZoneSource>>;

  /**
   * Time to live of the records in seconds. Short enough that a mistake is soon over, long enough for caches.
   *
   * @default 300
   */
  readonly ttlSeconds?: number;

  /**
   * The AWS provider of the account that holds the zones, where it is not the stack's only one.
   *
   * @default - the stack's only AWS provider
   */
  readonly provider?: TerraformProvider;
}

/** Writes records to Route 53, each into the zone with the longest name that it lies in. */
export class Route53Dns extends Construct implements IMailDns {
  readonly zoneNames: readonly string[];
  /** The zones by name, made, looked up or handed over. */
  readonly zones: ReadonlyMap<string, IHostedZone>;
  /** Every record that was written, in order. */
  readonly records: readonly Route53Record[];

  private readonly written: Route53Record[] = [];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: Route53DnsProps,
  ) {
    super(scope, id);
    this.zones = new Map(Object.entries(props.zones).map(([name, source]) => [checkedName(this, name), this.zone(name, source)]));
    this.zoneNames = [...this.zones.keys()];
    this.records = this.written;

    const created = Object.entries(props.zones).filter(([, source]) => source === 'create');
    if (created.length > 0) {
      readableOutput(this, 'name_servers', {
        description: 'Name servers to enter at the registrar of each zone that was created',
        value: Object.fromEntries(created.map(([name]) => [normalizeName(name), this.createdZone(name).nameServers])),
      });
    }
  }

  addRecord(scope: Construct, id: string, record: DnsRecordProps): IDnsRecord {
    if (Token.isUnresolved(record.name)) {
      throw literalRequired(
        scope,
        `name of the ${record.type} record`,
        'its zone is chosen by its name, so write the name itself',
      );
    }
    const zoneName = zoneOf(record.name, this.zoneNames);
    const zone = zoneName === undefined ? undefined : this.zones.get(zoneName);
    if (zoneName === undefined || zone === undefined) throw noZoneForRecord(scope, record.type, record.name, this.zoneNames);

    const resource = new Route53Record(scope, id, {
      provider: this.props.provider,
      zoneId: zone.zoneId,
      name: normalizeName(record.name),
      type: record.type,
      ttl: record.ttlSeconds ?? this.props.ttlSeconds ?? 300,
      records: record.values.map((value) => (record.type === 'TXT' ? characterStrings(value) : value)),
      dependsOn: record.dependsOn,
      lifecycle: lifecycle({
        createBeforeDestroy: record.createBeforeDestroy || undefined,
        precondition: this.isHandedOver(zone) ? belongs(record.name, zone) : undefined,
      }),
    });
    this.written.push(resource);
    return { fqn: resource.fqn, valuesText: Fn.join(', ', Token.asList(resource.records)) };
  }

  private zone(name: string, source: ZoneSource): IHostedZone {
    const { provider } = this.props;
    const id = normalizeName(name);
    if (source === 'create') return new Route53Zone(this, id, { provider, name: id });
    if (source === 'lookup') return new DataAwsRoute53Zone(this, id, { provider, name: id, privateZone: false });
    return source;
  }

  private isHandedOver(zone: IHostedZone): boolean {
    return Object.values(this.props.zones).includes(zone);
  }

  private createdZone(name: string): Route53Zone {
    return this.node.findChild(normalizeName(name)) as Route53Zone;
  }
}

function checkedName(scope: Construct, name: string): string {
  if (Token.isUnresolved(name)) throw literalRequired(scope, 'the name of a zone', 'write the name itself');
  const problem = nameProblem('zone', normalizeName(name));
  if (problem) throw zoneNameInvalid(scope, problem);
  return normalizeName(name);
}

/** The name of a zone that was handed over may be known to the plan only, so the plan compares it. */
function belongs(name: string, zone: IHostedZone): { condition: string; errorMessage: string }[] | undefined {
  if (zone.name === undefined) return undefined;
  const zoneName = Fn.trimsuffix(zone.name, '.');
  return [
    {
      condition: Op.or(
        Op.eq(zoneName, normalizeName(name)),
        Fn.endswith(normalizeName(name), Fn.format('.%s', [zoneName])),
      ).toString(),
      errorMessage: `record '${normalizeName(name)}' does not belong in the zone '${zoneName}': hand over the zone of its own domain`,
    },
  ];
}

/** Text of any length as the strings of at most 255 bytes that a TXT record is made of (RFC 7208 3.3). */
function characterStrings(text: string): string {
  if (Token.isUnresolved(text)) return text;
  const chunks: string[] = [];
  for (const character of text) {
    const last = chunks[chunks.length - 1];
    if (last !== undefined && Buffer.byteLength(last + character) <= 255) chunks[chunks.length - 1] = last + character;
    else chunks.push(character);
  }
  return chunks.map((chunk) => chunk.replace(/["\\]/g, '\\$&')).join('""');
}
