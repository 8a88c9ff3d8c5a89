import { isIPv4 } from 'node:net';
import { Annotations, type ITerraformDependable, Token } from 'cdktf';
import { Construct } from 'constructs';
import type { ConnectionProps, HostConnectionProps } from './connection-props';
import { absoluteName, pointerRecord, reverseName } from './dns';
import { addressInvalid, literalRequired } from './errors';
import type { IMailDns } from './mail-dns';
import type { IMailHost, ReverseName } from './mail-host';
import { checkedConnection } from './private/connection';

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
   * The machine's own address, where it stands behind NAT or has several (R33).
   *
   * @default - the system chooses
   */
  readonly bindIpv4?: string;

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

/** A Debian 13 machine that is there already: rented, on premises, or made elsewhere in the stack. */
export class ExistingHost extends Construct implements IMailHost {
  readonly publicIpv4: string;
  readonly bindIpv4?: string;
  readonly instanceId: string;
  readonly machineType?: string;
  readonly connection: ConnectionProps;
  readonly stateVolumeId?: string;
  readonly reachableAfter: readonly ITerraformDependable[] = [];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ExistingHostProps,
  ) {
    super(scope, id);
    checkIpv4(this, 'publicIpv4', props.publicIpv4);
    if (props.bindIpv4 !== undefined) checkIpv4(this, 'bindIpv4', props.bindIpv4);
    this.publicIpv4 = props.publicIpv4;
    this.bindIpv4 = props.bindIpv4;
    this.stateVolumeId = props.stateVolumeId;
    this.connection = checkedConnection(this, { ...props.connection, host: props.connection?.host ?? props.publicIpv4 });
    this.instanceId = props.instanceId ?? this.connection.host;
    this.machineType = props.machineType;
  }

  setReverseName(heloName: string, after: readonly ITerraformDependable[]): ReverseName {
    const expected = absoluteName(heloName);
    if (this.props.reverseDns) return this.writeReverseName(this.props.reverseDns, heloName, after);
    const owner = Token.isUnresolved(this.publicIpv4) ? 'of that address' : reverseName(this.publicIpv4);
    const duty = `whoever owns the address ${this.publicIpv4} has to set its reverse name: ${owner} PTR ${expected}`;
    if (!this.props.reverseNameIsSet) {
      Annotations.of(this).addWarning(
        `${duty}. It must be exactly this name, or large receivers refuse the mail. Set reverseNameIsSet: true once it is, and this note is gone`,
      );
    }
    return { managed: false, owner, expected, dependables: [], remedy: duty };
  }

  private writeReverseName(dns: IMailDns, heloName: string, after: readonly ITerraformDependable[]): ReverseName {
    if (Token.isUnresolved(this.publicIpv4)) {
      throw literalRequired(this, 'publicIpv4', 'the name of its reverse record is made of it, so write the address itself');
    }
    const record = pointerRecord(heloName, this.publicIpv4);
    const placed = dns.addRecord(this, 'Ptr', { ...record, dependsOn: [...after] });
    return {
      managed: true,
      owner: record.name,
      expected: placed.valuesText,
      dependables: placed.dependables,
      remedy: 'run terraform apply',
    };
  }
}

function checkIpv4(scope: Construct, property: string, address: string): void {
  if (Token.isUnresolved(address) || isIPv4(address)) return;
  throw addressInvalid(scope, property, address, 'it is no IPv4 address', 'write it like 198.51.100.25');
}
