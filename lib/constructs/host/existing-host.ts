import { Annotations, type ITerraformDependable, Token } from 'cdktf';
import { Construct } from 'constructs';
import { absoluteName, reverseName, ZoneFinder } from '../../dns';
import { bindableIpv4, publicIpv4, publicIpv6 } from '../../net/ip-address';
import { group } from '../../settings/group';
import { volumeId } from '../../settings/host-path';
import { optional } from '../../settings/property';
import { flag, notEmpty, oneLine, text } from '../../settings/vocabulary';
import type { IMailDns } from '../dns/mail-dns';
import { MailserverAddress } from '../resources';
import { checkSettings } from '../synth/check-settings';
import { literalRequired } from '../synth/errors';
import { given } from '../synth/given';
import { type Literals, requireLiterals } from '../synth/literals';
import { besideServer } from '../synth/other-stacks';
import { ownTokens } from '../synth/own-tokens';
import { mailDns } from '../synth/parts';
import { checkedConnection } from './connection';
import { connectionToHost } from './connection-of-host';
import type { ConnectionProps, HostConnectionProps } from './connection-props';
import type { IMailHost, ReverseName } from './mail-host';
import { writtenReverseName } from './written-reverse-name';

export interface ExistingHostProps {
  /** The address that the world sees. Its A record is written, its reverse record has to name the mail host. */
  readonly publicIpv4: string;

  /**
   * How Terraform logs in.
   *
   * @default - at the public address as `admin`, keys of the SSH agent
   */
  readonly connection?: HostConnectionProps & {
    /**
     * Address or name that SSH connects to, where it is not the public address.
     *
     * @default - the public address
     */
    readonly host?: string;
  };

  /**
   * The machine's own address, where it stands behind NAT or has several.
   *
   * @default - the system chooses
   */
  readonly bindIpv4?: string;

  /**
   * The IPv6 address that the world sees. Only for an address whose reverse name can be set: large receivers refuse mail over IPv6
   * from any other. It gets an AAAA record, and mail is sent from it, too.
   *
   * @default - no AAAA record, mail is sent over IPv4 only
   */
  readonly publicIpv6?: string;

  /**
   * Names this very machine: change it when the machine is installed anew, and its new host key is trusted once.
   *
   * @default - the address that SSH connects to
   */
  readonly instanceId?: string;

  /**
   * Size of the machine, where the graph resizes it, e.g. the instance type: with a new one, what follows from cores and memory
   * is known after apply.
   *
   * @default - the machine is not resized by the graph
   */
  readonly machineType?: string;

  /**
   * The volume to keep the queue and the databases on, as `/dev/disk/by-id` names it.
   *
   * @default - the root disk
   */
  readonly stateVolumeId?: string;

  /**
   * Holds the reverse zone of the address, where that is delegated to you, and then the reverse record is written too.
   *
   * @default - the owner of the address sets its reverse name, and synthesis says what to ask for
   */
  readonly reverseDns?: IMailDns;

  /**
   * The reverse name has been set by the owner of the address; silences the note about it.
   *
   * @default false
   */
  readonly reverseNameIsSet?: boolean;
}

/** What {@link ExistingHostProps} may hold. */
export const existingHostSettings = group({
  publicIpv4: text(publicIpv4),
  connection: optional(connectionToHost),
  bindIpv4: optional(text(bindableIpv4)),
  publicIpv6: optional(text(publicIpv6)),
  instanceId: optional(text(oneLine, notEmpty)),
  machineType: optional(text(oneLine, notEmpty)),
  stateVolumeId: optional(text(volumeId)),
  reverseDns: optional(mailDns),
  reverseNameIsSet: optional(flag()),
});

/** What the program itself decides by. */
const literals: Literals = {
  connection: 'write its properties, whose values may be known later',
  'connection.bastion': 'write its properties, whose values may be known later',
  reverseDns: 'hand over what its constructor made',
  reverseNameIsSet: 'the note about the reverse name comes and goes with it, so write true or false',
};

/** A Debian 13 machine that is there already: rented, on premises, or made elsewhere in the stack. */
export class ExistingHost extends Construct implements IMailHost {
  readonly publicIpv4: string;
  readonly bindIpv4?: string;
  readonly publicIpv6?: string;
  readonly ipv6Absence?: string;
  readonly instanceId: string;
  readonly machineType?: string;
  readonly connection: ConnectionProps;
  readonly stateVolumeId?: string;
  readonly reachableAfter: readonly ITerraformDependable[] = [];
  private readonly props: ExistingHostProps;

  constructor(scope: Construct, id: string, asGiven: ExistingHostProps) {
    super(scope, id);
    requireLiterals(this, asGiven, literals);
    checkSettings(this, existingHostSettings, given(asGiven));
    const props = ownTokens(existingHostSettings, asGiven as never) as ExistingHostProps;
    this.props = props;
    this.publicIpv4 = props.publicIpv4;
    this.publicIpv6 = props.publicIpv6;
    this.ipv6Absence = props.publicIpv6 === undefined ? 'no publicIpv6 is given, so mail is sent over IPv4 only' : undefined;
    this.bindIpv4 = props.bindIpv4;
    this.stateVolumeId = props.stateVolumeId;
    this.connection = checkedConnection(this, { ...props.connection, host: props.connection?.host ?? props.publicIpv4 });
    this.instanceId = props.instanceId ?? this.connection.host;
    this.machineType = props.machineType;
  }

  lookUpAddresses(): void {
    new MailserverAddress(this, 'Known', { address: this.publicIpv4 });
    if (this.publicIpv6 !== undefined) new MailserverAddress(this, 'Known6', { address: this.publicIpv6 });
  }

  setReverseName(heloName: string, after: readonly ITerraformDependable[], server?: Construct): ReverseName {
    return this.nameAddress('Ptr', 'publicIpv4', this.publicIpv4, heloName, after, server);
  }

  setIpv6ReverseName(heloName: string, after: readonly ITerraformDependable[], server?: Construct): ReverseName {
    return this.nameAddress('Ptr6', 'publicIpv6', this.publicIpv6 ?? '', heloName, after, server);
  }

  private nameAddress(
    id: string,
    property: string,
    address: string,
    heloName: string,
    after: readonly ITerraformDependable[],
    server?: Construct,
  ): ReverseName {
    const { reverseDns } = this.props;
    if (reverseDns && this.isReverseZoneOurs(reverseDns, property, address)) {
      return writtenReverseName(besideServer(this, server), id, { dns: reverseDns, address, heloName }, after);
    }
    const expected = absoluteName(heloName);
    const owner = Token.isUnresolved(address) ? 'of that address' : reverseName(address);
    const duty = `whoever owns the address ${address} has to set its reverse name: ${owner} PTR ${expected}`;
    if (!this.props.reverseNameIsSet) {
      Annotations.of(this).addWarning(
        `${duty}. It must be exactly this name, or large receivers refuse the mail. Set reverseNameIsSet: true once it is, and this note is gone`,
      );
    }
    return { managed: false, owner, expected, dependables: [], remedy: duty };
  }

  /** Of two addresses the zone of one may be somebody else's; of a single one it is a mistake that the record itself tells. */
  private isReverseZoneOurs({ zoneNames }: IMailDns, property: string, address: string): boolean {
    if (Token.isUnresolved(address)) {
      throw literalRequired(this, property, 'the name of its reverse record is made of it, so write the address itself');
    }
    return this.publicIpv6 === undefined || new ZoneFinder(zoneNames).zoneOf(reverseName(address)) !== undefined;
  }
}
