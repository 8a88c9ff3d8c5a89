import { DataAwsRoute53DelegationSet } from '@cdktf/provider-aws/lib/data-aws-route53-delegation-set';
import { DataAwsRoute53Zone } from '@cdktf/provider-aws/lib/data-aws-route53-zone';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { Route53Zone } from '@cdktf/provider-aws/lib/route53-zone';
import { Fn, type ITerraformDependable, Op, TerraformProvider, TerraformStack, Token } from 'cdktf';
import { Construct } from 'constructs';
import { normalizeName, route53Text, ZoneFinder } from '../../dns';
import type { DnsRecordProps, IDnsRecord, IMailDns } from '../dns/mail-dns';
import { claimRecord } from '../dns/record-owners';
import { zoneName } from '../dns/record-settings';
import type { ZoneFacts } from '../dns/zone-facts';
import { MailserverDelegation } from '../resources';
import { literalText } from '../resources/attribute-values';
import { checkSettings } from '../synth/check-settings';
import { literalRequired, MailServerInputError, noZoneForRecord } from '../synth/errors';
import { given } from '../synth/given';
import { lifecycle } from '../synth/lifecycle';
import { type Literals, requireLiterals } from '../synth/literals';
import { comesAfter, isSameStack } from '../synth/other-stacks';
import { readableOutput } from '../synth/outputs';
import { markAsOurs, watchOwnRecords } from './own-records';
import { route53Settings } from './route53-settings';
import { accountOf, factsOfZoneId } from './zone-facts';

/** A hosted zone of the stack: an `aws_route53_zone` resource or data source is one. */
export interface IHostedZone {
  readonly zoneId: string;
  /** When present, a record that does not belong in the zone is refused at plan, with both names. */
  readonly name?: string;
  /** When present, the world has to be sent to them before anything is built on the zone. */
  readonly nameServers?: string[];
}

/** A zone is made, found in the account by its name, or handed over; in the account of the construct or in another one. */
export type ZoneSource = 'create' | 'lookup' | IHostedZone | ZoneOfAccount;

/** A zone in an account of its own. */
export interface ZoneOfAccount {
  readonly zone: 'create' | 'lookup' | IHostedZone;

  /** The AWS provider of that account, usually with an alias. Its records are written through it, too. */
  readonly provider: TerraformProvider;
}

export interface Route53DnsProps {
  /**
   * Public zones by name. `create` makes the zone, and its name servers have to be entered at the registrar; `lookup` finds the
   * one that is there already. Hundreds of them are given by their ids, see {@link hostedZones}: Route 53 answers five requests a second.
   */
  readonly zones: Readonly<Record<string, ZoneSource>>;

  /**
   * Time to live of the records in seconds. Short enough that a mistake is soon over, long enough for caches.
   *
   * @default 300
   */
  readonly ttlSeconds?: number;

  /**
   * A plan says, and an apply waits for it, when the zone above does not name the name servers of a zone that the host is named in: until
   * that is done the world sees nothing of the zone. `waitSeconds`: how long, before anything is made that costs money; 0 looks once.
   * `false` does not look.
   *
   * @default - { waitSeconds: 120 }, enough for a delegation that the same apply makes; a person at a registrar needs more
   */
  readonly delegation?: { readonly waitSeconds?: number } | false;

  /**
   * Id of a reusable delegation set: zones that are made get its name servers, which are known before they are made.
   *
   * @default - each zone that is made gets name servers of its own
   */
  readonly delegationSetId?: string;

  /**
   * Refuses every plan that would delete a zone that was made: one that is made again has other name servers. A trial that is to be
   * destroyed wants false.
   *
   * @default true
   */
  readonly protect?: boolean;

  /**
   * The AWS provider of the account that holds the zones, where it is not the stack's only one.
   *
   * @default - the stack's only AWS provider
   */
  readonly provider?: TerraformProvider;
}

/** Writes records to Route 53, each into the zone with the longest name that it is in. */
export class Route53Dns extends Construct implements IMailDns {
  readonly zoneNames: readonly string[];
  readonly ttlSeconds: number;
  /** The zones by name, made, looked up or handed over. */
  readonly zones: ReadonlyMap<string, IHostedZone>;
  /** Every record that was written, in order. */
  readonly records: readonly Route53Record[];

  private readonly delegations = new Map<string, MailserverDelegation>();
  private readonly watched = new Set<string>();
  private readonly written: Route53Record[] = [];
  private readonly facts = new Map<IHostedZone, ZoneFacts>();
  private readonly finder: ZoneFinder;
  private readonly handedOver: ReadonlySet<IHostedZone>;
  private readonly providers: ReadonlyMap<string, TerraformProvider>;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: Route53DnsProps,
  ) {
    super(scope, id);
    checkProps(this, props);
    const zones = Object.entries(props.zones).map(([name, source]) => ({
      name: zoneName(name),
      ...inAccount(source, props),
    }));
    this.zones = new Map(zones.map(({ name, zone, provider }) => [name, this.zone(name, zone, provider)]));
    this.providers = new Map(zones.flatMap(({ name, provider }) => (provider ? [[name, provider] as const] : [])));
    this.handedOver = new Set(zones.flatMap(({ zone }) => (typeof zone === 'string' ? [] : [zone])));
    this.zoneNames = [...this.zones.keys()];
    this.finder = new ZoneFinder(this.zoneNames);
    this.records = this.written;
    this.ttlSeconds = props.ttlSeconds ?? 300;
    watchOwnRecords(this, this.zoneNames);

    const created = zones.filter(({ zone }) => zone === 'create');
    if (created.length > 0) {
      readableOutput(this, 'name_servers', {
        description: 'Name servers to enter at the registrar of each zone that was created',
        value: Object.fromEntries(created.map(({ name }) => [name, (this.zones.get(name) as Route53Zone).nameServers])),
      });
    }
  }

  delegationOf(name: string): readonly ITerraformDependable[] {
    const zone = this.finder.zoneOf(name);
    const nameServers = zone === undefined ? undefined : this.nameServersOf(zone);
    if (zone === undefined || nameServers === undefined || this.props.delegation === false) return [];
    let delegation = this.delegations.get(zone);
    if (!delegation) {
      const { waitSeconds } = this.props.delegation ?? {};
      delegation = new MailserverDelegation(this, `delegation-${zone}`, { zones: { [zone]: nameServers }, waitSeconds });
      this.delegations.set(zone, delegation);
    }
    return [delegation];
  }

  watchDelegations(names: readonly string[]): void {
    if (this.props.delegation === false) return;
    const zones = [...new Set(names.map((name) => this.finder.zoneOf(name)))].flatMap((zone) => {
      const isKnown = zone === undefined || this.delegations.has(zone) || this.watched.has(zone);
      const nameServers = isKnown ? undefined : this.nameServersOf(zone);
      return zone === undefined || nameServers === undefined ? [] : [[zone, nameServers] as const];
    });
    if (zones.length === 0) return;
    for (const [zone] of zones) this.watched.add(zone);
    const id = this.node.tryFindChild('delegations') ? `delegations-${names[0]}` : 'delegations';
    new MailserverDelegation(this, id, { zones: Object.fromEntries(zones), required: false, waitSeconds: 0 });
  }

  addRecord(scope: Construct, id: string, record: DnsRecordProps): IDnsRecord {
    const placedBy = record.inZoneOf ?? record.name;
    if (Token.isUnresolved(placedBy)) {
      throw literalRequired(
        scope,
        `name of the ${record.type} record`,
        'its zone is chosen by its name, so write the name itself',
      );
    }
    const zoneName = this.finder.zoneOf(placedBy);
    const zone = zoneName === undefined ? undefined : this.zones.get(zoneName);
    if (zoneName === undefined || zone === undefined) throw noZoneForRecord(scope, record.type, placedBy, this.zoneNames);

    claimRecord(scope, id, { name: record.name, type: record.type, zone: this.factsOf(zoneName, zone) });
    const resource = new Route53Record(scope, id, {
      provider: this.providerIn(scope, zoneName),
      zoneId: zone.zoneId,
      name: Token.isUnresolved(record.name) ? record.name : normalizeName(record.name),
      type: record.type,
      ttl: record.ttlSeconds ?? this.ttlSeconds,
      records: record.values.map((value) => (record.type === 'TXT' ? textValue(value, record.longText) : value)),
      dependsOn: record.dependsOn && comesAfter(scope, record.dependsOn),
      lifecycle: lifecycle({
        createBeforeDestroy: record.createBeforeDestroy || undefined,
        precondition: this.handedOver.has(zone) ? belongs(placedBy, zone) : undefined,
      }),
    });
    markAsOurs(resource);
    this.written.push(resource);
    return {
      dependables: [resource],
      // Most are never asked for, and a token remembers where it was made, which takes longer than all the rest.
      get valuesText() {
        return Fn.join(', ', Token.asList(resource.records));
      },
      managed: true,
      resource: { address: `${resource.terraformResourceType}.${resource.friendlyUniqueId}`, id: resource.id },
    };
  }

  /** The provider of a zone; of another stack, the one with the same alias in the stack of the record. */
  private providerIn(scope: Construct, zone: string): TerraformProvider | undefined {
    const given = this.providers.get(zone);
    if (!given || isSameStack(given, scope)) return given;
    const stack = TerraformStack.of(scope);
    const here = stack.node
      .findAll()
      .find(
        (node): node is TerraformProvider =>
          TerraformProvider.isTerraformProvider(node) && node.terraformResourceType === 'aws' && node.alias === given.alias,
      );
    if (here) return here;
    const alias = given.alias === undefined ? 'without an alias' : `with the alias '${given.alias}'`;
    throw new MailServerInputError(
      scope,
      `records of the zone '${zone}' are written through ${given.node.path}, which is in another stack: add an AWS provider ${alias} to the stack ${stack.node.path}`,
    );
  }

  /** A zone that is handed over may be a private one, or have an id that only the plan knows. */
  private factsOf(name: string, zone: IHostedZone): ZoneFacts {
    const before = this.facts.get(zone);
    if (before) return before;
    const provider = this.providers.get(name);
    const found = factsOfZoneId(this, zone.zoneId, provider);
    const isNamed = !this.handedOver.has(zone) || found.id !== undefined;
    const facts = isNamed ? { ...found, publicName: name, account: accountOf(this, provider) } : found;
    this.facts.set(zone, facts);
    return facts;
  }

  /** Of a zone that is made in a set, those of the set: a plan knows them. */
  private nameServersOf(zone: string): string[] | undefined {
    const known = this.zones.get(zone);
    const { delegationSetId, provider } = this.props;
    if (delegationSetId === undefined || this.handedOver.has(known as IHostedZone) || !(known instanceof Route53Zone)) {
      return known?.nameServers;
    }
    const made = this.node.tryFindChild('delegation-set') as DataAwsRoute53DelegationSet | undefined;
    return (made ?? new DataAwsRoute53DelegationSet(this, 'delegation-set', { provider, id: delegationSetId })).nameServers;
  }

  private zone(name: string, source: ZoneOfAccount['zone'], provider?: TerraformProvider): IHostedZone {
    if (source === 'create') {
      const { delegationSetId, protect = true } = this.props;
      const rules = lifecycle({ preventDestroy: protect || undefined });
      return new Route53Zone(this, name, { provider, name, delegationSetId, lifecycle: rules });
    }
    if (source === 'lookup') return new DataAwsRoute53Zone(this, name, { provider, name, privateZone: false });
    return source;
  }
}

function inAccount(source: ZoneSource, { provider }: Route53DnsProps): Partial<ZoneOfAccount> & Pick<ZoneOfAccount, 'zone'> {
  return typeof source === 'object' && 'zone' in source ? source : { zone: source, provider };
}

const HAND_OVER = 'hand over what its constructor made';
const SOURCE = "write 'create', 'lookup' or the zone, whose id may be known later";

/** What the program itself decides by. */
const literals: Literals = {
  zones: 'records are sorted into them, so write their names',
  'zones.*': SOURCE,
  'zones.*.zone': SOURCE,
  'zones.*.provider': HAND_OVER,
  delegation: 'resources come and go with it, so write false or its properties',
  protect: 'Terraform takes no value here that it fills in, so write true or false',
  provider: HAND_OVER,
};

function checkProps(scope: Construct, props: Route53DnsProps): void {
  if (Object.keys(props.zones ?? {}).some((name) => Token.isUnresolved(name))) {
    throw literalRequired(scope, 'the name of a zone', 'write the name itself');
  }
  requireLiterals(scope, props, literals);
  checkSettings(scope, route53Settings, given(props));
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

/** SPF has macros such as `%{i}`, which Terraform would take for its own. What it fills in it has to cut into strings of 255 bytes itself. */
function textValue(text: string, isLong = false): string {
  if (isLong && Token.isUnresolved(text)) return Fn.replace(text, '/.{255}/', Fn.rawString('$0""'));
  return literalText(Token.isUnresolved(text) ? text.replace(/["\\]/g, '\\$&') : route53Text(text));
}
