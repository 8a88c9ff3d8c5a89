import { Annotations } from 'cdktf';
import { Construct } from 'constructs';
import { type DnsRecordSet, normalizeName, ZoneFinder } from '../../dns';
import { group } from '../../settings/group';
import { optional } from '../../settings/property';
import { someOf, text } from '../../settings/vocabulary';
import { MailserverDnsAgreement } from '../resources';
import { checkSettings } from '../synth/check-settings';
import { literalRequired, noZoneForRecord } from '../synth/errors';
import { given } from '../synth/given';
import { hasToken } from '../synth/tokens';
import type { DnsRecordProps, IDnsRecord, IMailDns } from './mail-dns';
import { claimRecord } from './record-owners';
import { ttlSeconds, waitSeconds, zoneName, zoneProblems } from './record-settings';

export interface ExternalDnsProps {
  /** Zones that are kept by hand, or by another program. */
  readonly zones: readonly string[];

  /**
   * How long an apply waits for a record that the mail host cannot do without, in seconds. Mail domains are not waited for.
   *
   * @default - 600 for the zone's own servers, then as long as resolvers may remember what was before (by the zone's SOA)
   */
  readonly timeoutSeconds?: number;

  /** Time to live that is proposed for the records, in seconds. @default 300 */
  readonly ttlSeconds?: number;
}

/** What {@link ExternalDnsProps} may hold. */
export const externalDnsSettings = group({
  zones: someOf(text(), 'no record could be listed; name the zones that are kept by hand').check((context) => {
    for (const { index, message } of zoneProblems(context.value)) {
      context.issues.push({ code: 'custom', message, input: context.value, path: [index] });
    }
  }),
  timeoutSeconds: optional(waitSeconds),
  ttlSeconds: optional(ttlSeconds),
});

/**
 * Zones outside of Terraform. Nothing is written: `mailserver zone` prints what is to be entered, the apply waits until the world sees
 * the records that others depend on, and everything is verified like records of our own.
 */
export class ExternalDns extends Construct implements IMailDns {
  readonly zoneNames: readonly string[];
  readonly ttlSeconds: number;
  /** What is to be entered by hand; values may be tokens. */
  readonly records: readonly DnsRecordSet[];

  private readonly expected: DnsRecordSet[] = [];
  private readonly finder: ZoneFinder;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ExternalDnsProps,
  ) {
    super(scope, id);
    if (hasToken(props.zones)) throw literalRequired(this, 'zones', 'records are sorted into them, so write their names');
    checkSettings(this, externalDnsSettings, given(props));
    this.zoneNames = props.zones.map(zoneName);
    this.finder = new ZoneFinder(this.zoneNames);
    this.records = this.expected;
    this.ttlSeconds = props.ttlSeconds ?? 300;
    Annotations.of(this).addInfo(
      `records of ${this.zoneNames.join(', ')} are yours to set: see them with "mailserver zone" after the apply has begun`,
    );
  }

  addRecord(scope: Construct, id: string, record: DnsRecordProps): IDnsRecord {
    const zone = this.finder.zoneOf(record.inZoneOf ?? record.name);
    if (zone === undefined) {
      throw noZoneForRecord(scope, record.type, record.name, this.zoneNames);
    }
    const { name, type, values } = record;
    claimRecord(scope, id, { name, type, zone: { publicName: normalizeName(zone) } });
    this.expected.push({ name, type, values });
    const isChain = type === 'A' || type === 'AAAA' || type === 'PTR';
    const wait = isChain ? this.agreement(scope, id, record) : undefined;
    return { dependables: wait ? [wait] : [...(record.dependsOn ?? [])], valuesText: values.join(', '), managed: false };
  }

  private agreement(scope: Construct, id: string, { name, type, values, dependsOn }: DnsRecordProps): MailserverDnsAgreement {
    return new MailserverDnsAgreement(scope, id, {
      records: { [`${type} ${normalizeName(name)}`]: hasToken(values) ? [...values] : values.map(String) },
      timeoutSeconds: this.props.timeoutSeconds,
      dependsOn,
    });
  }
}
