import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import type { DnsRecordSet } from '../../dns';

/**
 * Where the records of a mail host are written. {@link Route53Dns} is one; another name service needs these two members.
 */
export interface IMailDns {
  /** Names of the zones that records can be written to, without final dot. */
  readonly zoneNames: readonly string[];

  /** Time to live of its records in seconds, if known: a name that is given up is kept that long for those who remember it. */
  readonly ttlSeconds?: number;

  /**
   * Writes one set of records.
   *
   * @param scope the construct that the record belongs to
   * @param id its id there; part of the address in Terraform's state, so it must not change
   * @throws when the name is in none of the zones
   */
  addRecord(scope: Construct, id: string, record: DnsRecordProps): IDnsRecord;

  /**
   * What ends once the world asks the name servers of the zone that holds `name`. What costs money comes after it.
   *
   * @returns nothing where that is not looked at
   */
  delegationOf?(name: string): readonly ITerraformDependable[];

  /** Looks, too, whether the zones of these names are delegated, and warns where they are not; waits for nothing. */
  watchDelegations?(names: readonly string[]): void;
}

/** A set of records to be written. */
export interface DnsRecordProps extends DnsRecordSet {
  /**
   * A name in the zone that the record belongs to, where its own is known only after apply, as those of DKIM keys that a service makes.
   *
   * @default - the name of the record
   */
  readonly inZoneOf?: string;

  /**
   * Time to live in seconds.
   *
   * @default - the time to live of the DNS construct
   */
  readonly ttlSeconds?: number;

  /**
   * What has to exist before the record does, and is destroyed after it.
   *
   * @default []
   */
  readonly dependsOn?: ITerraformDependable[];

  /**
   * Texts that only the plan knows may be longer than the 255 bytes of a string of a TXT record.
   *
   * @default false
   */
  readonly longText?: boolean;

  /**
   * Terraform writes a changed name before it takes the old one away, so that a host that is renamed is never without a name.
   *
   * @default false
   */
  readonly createBeforeDestroy?: boolean;
}

/** A set of records as the graph knows it. */
export interface IDnsRecord {
  /** What has to exist before the record answers; empty when nothing in the graph makes it. */
  readonly dependables: readonly ITerraformDependable[];

  /** The values as one text, as Terraform knows them: a token that the plan fills in. */
  readonly valuesText: string;

  /** Whether the graph writes the record. If not, it is the user's to set, and is listed for that. */
  readonly managed: boolean;

  /** What makes the record; absent where Terraform does not. */
  readonly resource?: {
    /** With which `terraform import` takes over a record that exists, e.g. `aws_route53_record.mail_A`. */
    readonly address: string;
    /** A token, unknown to a plan that is to make the record. */
    readonly id: string;
  };
}
