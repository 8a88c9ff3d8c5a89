import { Annotations, Token } from 'cdktf';
import { Construct } from 'constructs';
import { asciiName, type DnsRecordSet, normalizeName } from '../../dns';
import { SUBMISSION_PORT } from '../../role/settings/relay';
import { checkSettings } from '../synth/check-settings';
import { literalRequired, MailServerInputError } from '../synth/errors';
import { given } from '../synth/given';
import { type Literals, requireLiterals } from '../synth/literals';
import { readableOutput } from '../synth/outputs';
import { regionOf } from './partition';
import { SesIdentity } from './ses-identity';
import { sesRegionProblem, signingZoneOf, smtpHostOf } from './ses-region';
import type { SesRelayProps } from './ses-relay-props';
import { DEFAULT_LABEL, sesRelaySettings } from './ses-relay-settings';
import { SesUser } from './ses-user';

/** An entry of `relay` of a mail server. */
export interface SesSmartHost {
  readonly host: string;
  readonly port: number;
  readonly login: NonNullable<SesRelayProps['login']>;
  readonly senders: string[];
  /** Names of the records of its keys; tokens. */
  readonly dkim: string[];
  readonly pace?: NonNullable<SesRelayProps['pace']>;
}

/**
 * Amazon SES as a smart host: `relay: [...ses.relays]` of a {@link MailServer}. It gets the mail that it takes, which is that of its domains;
 * bounces and mail that is sent on for others have senders that SES refuses, and leave by another entry of `relay`, or directly.
 */
export class SesRelay extends Construct {
  /** For `relay` of the mail server; empty as long as there is no login. */
  readonly relays: readonly SesSmartHost[];
  /** By domain. */
  readonly identities: ReadonlyMap<string, SesIdentity>;
  readonly user: SesUser;
  /** Where SES takes mail. */
  readonly smtpHost: string;
  /** What is to be set by hand, outside of the graph; names and values may be tokens. */
  readonly recordsToSet: readonly DnsRecordSet[];

  constructor(scope: Construct, id: string, props: SesRelayProps) {
    super(scope, id);
    requireLiterals(this, props, literals);
    checkSettings(this, sesRelaySettings, given(props));
    const { dns, provider, login, pace } = props;
    const region = this.regionFor(props);
    const signingZone = props.signingZone ?? signingZoneOf(region);
    const domains = props.domains.map(ofDns);
    const label = (props.mailFromLabel ?? DEFAULT_LABEL).toLowerCase();
    this.identities = new Map(
      domains.map((domain) => [
        domain,
        new SesIdentity(this, domain, { dns, domain, mailFrom: `${label}.${domain}`, region, signingZone, provider }),
      ]),
    );
    const all = [...this.identities.values()];
    this.user = new SesUser(this, 'User', {
      name: props.userName ?? `ses-${region}-${domains[0]}`.slice(0, LONGEST_USER),
      identities: all.map(({ identity }) => identity.arn),
      provider,
    });
    this.smtpHost = smtpHostOf(region);
    const senders = [...domains, ...(props.subdomains ?? []).map(ofDns)];
    this.relays = login
      ? [
          {
            host: this.smtpHost,
            port: SUBMISSION_PORT,
            login,
            senders,
            dkim: all.flatMap(({ keyNames }) => keyNames),
            ...(pace && { pace }),
          },
        ]
      : [];
    this.recordsToSet = all.flatMap(({ recordsToSet }) => recordsToSet);
    this.tell(region, senders);
  }

  /** SES is a service of one region, by which its hosts are named. */
  private regionFor({ region, provider }: SesRelayProps): string {
    const known = regionOf(this, provider);
    const literal = known === undefined || Token.isUnresolved(known) ? undefined : known;
    if (region === undefined && literal === undefined) {
      throw literalRequired(
        this,
        'the region of the AWS provider',
        "the hosts of SES are named after it, so write region, e.g. 'eu-central-1'",
      );
    }
    if (region !== undefined && literal !== undefined && region !== literal) {
      throw new MailServerInputError(
        this,
        `region: '${region}' is not the region of the AWS provider, '${literal}': leave region out, or give a provider of that region`,
      );
    }
    const found = (region ?? literal) as string;
    const problem = sesRegionProblem(found);
    if (problem !== undefined) throw new MailServerInputError(this, problem);
    return found;
  }

  private tell(region: string, senders: readonly string[]): void {
    Annotations.of(this).addInfo(
      `SES gets mail from ${senders.join(', ')}; it refuses bounces (they have no sender) and the senders of others, so these leave by another entry of relay, or directly through port 25`,
    );
    Annotations.of(this).addInfo(
      `an account of SES begins in the sandbox: 200 mails a day, one a second, to verified recipients only; see "aws sesv2 get-account --region ${region}", and ask for production access there`,
    );
    if (this.recordsToSet.length > 0) {
      readableOutput(this, 'records_to_set', {
        description: 'Records of SES that are yours to set; "mailserver zone" prints them as a zone file or a table',
        value: this.recordsToSet,
      });
    }
    readableOutput(this, 'new_login', {
      description: 'A command that makes a login for SES; its output is secret',
      value: `aws iam create-access-key --output json --user-name ${this.user.user.name} | npx mailserver ses-login --region ${region}`,
    });
  }
}

/** Of the name of a user in IAM. */
const LONGEST_USER = 64;

const ofDns = (name: string) => normalizeName(asciiName(name));

const HAND_OVER = 'hand over what its constructor made';
const NAMES = 'records and identities are named after it, so write the names';

/** What the program itself decides by. */
const literals: Literals = {
  dns: HAND_OVER,
  provider: HAND_OVER,
  domains: NAMES,
  'domains.*': NAMES,
  subdomains: NAMES,
  'subdomains.*': NAMES,
  mailFromLabel: NAMES,
  region: 'the hosts of SES are named after it, so write the region',
  signingZone: 'records point to it, so write the zone',
  userName: 'it is part of a command, so write the name',
  login: 'the relay comes and goes with it, so write its properties, whose values may be known later',
  pace: 'write its properties, whose values may be known later',
};
