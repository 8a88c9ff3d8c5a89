import { Fn, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { DnsRecordSet } from '../../dns';
import type { AgreementSettings } from '../../provider/dns/settings';
import { DataMailserverDns, MailserverDnsAgreement } from '../resources';
import { TerraformCheck } from '../synth/terraform-check';
import type { PlacedRecord } from './place-domain-records';

/** Mail domains whose records every plan looks at. The rest is left to `mailserver verify`, or plans would become slow. */
export const domainsLookedAt = 50;

/** Of so many also the records of DKIM: they are all alike, and a plan has to be quick. */
const signersLookedAt = 10;

/** The records that every plan looks at, of those that the graph makes and of those that somebody else makes. */
export function lookedAt(placed: readonly PlacedRecord[], elsewhere: readonly DnsRecordSet[]) {
  const most = domainsLookedAt * 3;
  const isAlias = ({ type }: DnsRecordSet) => type === 'CNAME';
  const written = [
    ...placed.filter(({ record }) => !isAlias(record)).slice(0, most),
    ...placed.filter(({ record }) => isAlias(record)).slice(0, 2 * signersLookedAt),
  ];
  const foreign = [
    ...elsewhere.filter((record) => !isAlias(record)).slice(0, Math.max(0, most - written.length)),
    ...elsewhere.filter(isAlias).slice(0, Math.max(0, 2 * signersLookedAt - written.length)),
  ];
  return { written, foreign };
}

/** Seconds to wait for authoritative servers to publish a change. */
const publishTimeout = 120;

export interface PublicDnsProps {
  readonly heloName: string;
  readonly addresses: string[];
  readonly timeoutSeconds?: number;
}

/** `MX example.com`: how the provider calls a record. */
export const recordKey = ({ type, name }: Pick<DnsRecordSet, 'type' | 'name'>) => `${type} ${name}`;

const keyed = (records: readonly DnsRecordSet[]) => Object.fromEntries(records.map((set) => [recordKey(set), [...set.values]]));

/** Records by their key, to the resource that makes them: what the plan looks for before they are made. */
function claims(records: readonly PlacedRecord[]): AgreementSettings['claims'] {
  const entries = records.flatMap(({ record, placed }) =>
    placed.resource ? [[recordKey(record), placed.resource] as const] : [],
  );
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** The name leads to the addresses, for the whole world: only then whoever owns the addresses is asked to give them the name. */
export function forwardAgreement(
  scope: Construct,
  { timeoutSeconds }: Pick<PublicDnsProps, 'timeoutSeconds'>,
  records: readonly PlacedRecord[],
): MailserverDnsAgreement | undefined {
  // What somebody else writes, its own construct has waited for.
  if (!records.some(({ placed }) => placed.managed)) return undefined;
  return new MailserverDnsAgreement(scope, 'Forward', {
    records: keyed(records.map(({ record }) => record)),
    claims: claims(records),
    timeoutSeconds,
    dependsOn: records.flatMap(({ placed }) => [...placed.dependables]),
  });
}

/** Name and addresses name each other, for the whole world: only then the host may be given the name. */
export function hostAgreement(
  scope: Construct,
  { heloName, addresses, timeoutSeconds }: PublicDnsProps,
  dependsOn: ITerraformDependable[],
): MailserverDnsAgreement {
  return new MailserverDnsAgreement(scope, 'Agreement', {
    heloName,
    addresses,
    timeoutSeconds,
    dependsOn,
  });
}

/** What the world sees of the host and its domains, looked at in every plan; a difference is a warning of the plan. */
export class PublicDns extends Construct {
  readonly live: DataMailserverDns;

  /**
   * @param written records of mail domains that the graph makes
   * @param foreign those that somebody else makes
   * @param keepFormerSeconds how long a former HELO name outlives the last record that points to it
   */
  constructor(
    scope: Construct,
    id: string,
    { heloName, addresses }: PublicDnsProps,
    records: {
      readonly written: readonly PlacedRecord[];
      readonly foreign: readonly DnsRecordSet[];
      readonly keepFormerSeconds?: number;
    },
    after: { readonly role: ITerraformDependable; readonly agreement: MailserverDnsAgreement },
  ) {
    super(scope, id);
    const { written, foreign, keepFormerSeconds } = records;
    const waits = [after.agreement.id];
    if (written.length > 0) {
      const published = new MailserverDnsAgreement(this, 'Published', {
        records: keyed(written.map(({ record }) => record)),
        claims: claims(written),
        required: false,
        ownServersOnly: true,
        keepFormerSeconds,
        timeoutSeconds: publishTimeout,
        dependsOn: [after.role, ...written.flatMap(({ placed }) => placed.dependables)],
      });
      waits.push(published.id);
    }
    this.live = new DataMailserverDns(this, 'Live', {
      heloName,
      addresses,
      records: keyed([...written.map(({ record }) => record), ...foreign]),
      after: waits,
    });
    new TerraformCheck(this, 'Check', {
      assert: [
        {
          condition: this.live.agreed.toString(),
          errorMessage: `the world does not see the mail host ${heloName} as it should:\n${Fn.join('\n', this.live.problems)}`,
        },
      ],
    });
  }
}
