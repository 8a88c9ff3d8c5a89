import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import type { ConnectionProps } from './connection-props';

/**
 * A machine that can become a mail host. {@link Ec2Host} makes one, {@link ExistingHost} describes one; another cloud needs
 * these members. Every string may be a token.
 */
export interface IMailHost {
  /** The address that the world sees, both when mail arrives and when it is sent. */
  readonly publicIpv4: string;

  /** The machine's own address behind 1:1 NAT, from which mail is sent; absent when the system is to choose. */
  readonly bindIpv4?: string;

  /** Its IPv6 address, only where that can have a reverse name: then it gets an AAAA record, and mail is sent from it, too. */
  readonly publicIpv6?: string;

  /** Why there is no `publicIpv6`, for people who read the plan. */
  readonly ipv6Absence?: string;

  /** Changes when the machine is another one: a new host key is then expected, otherwise it is an alarm. */
  readonly instanceId: string;

  /** A command that shows the host key by another way than SSH, to compare a key that was seen for the first time. */
  readonly hostKeyCheck?: string;

  /**
   * Changes when the machine may get other cores or memory while it stays the same one; absent when it is never resized by the
   * graph.
   */
  readonly machineType?: string;

  /**
   * The machine gets credentials of its cloud from the metadata service (169.254.169.254): the role closes that to everybody but root.
   * Absent: it is left as it is.
   */
  readonly metadataRootOnly?: boolean;

  /** Networks of its administrators: nobody there is shut out for wrong passwords. Absent: none are known. */
  readonly adminNetworks?: readonly string[];

  /** The machine is destroyed with the stack: its services are stopped before its names go. Absent: it outlives the stack. */
  readonly goesWithStack?: boolean;

  /** How Terraform reaches the machine. */
  readonly connection: ConnectionProps;

  /** The volume that outlives the machine, as the machine's `/dev/disk/by-id` knows it; absent when there is none. */
  readonly stateVolumeId?: string;

  /** What has to exist before the machine can be reached at its public address: routes, rules, the address, its volume. */
  readonly reachableAfter: readonly ITerraformDependable[];

  /**
   * Makes what costs money only after these are over. Absent: the machine is there already.
   *
   * @param dependables e.g. the delegation of the zone that the host is named in
   */
  buildAfter?(dependables: readonly ITerraformDependable[]): void;

  /** Looks its addresses up in blocklists, once for each. Absent: the host does so by itself, or nobody does. */
  lookUpAddresses?(): void;

  /**
   * Gives the public address its reverse name.
   *
   * @param heloName the exact name, without final dot
   * @param after the forward record, which has to be there first
   * @param server the mail server: what sets the name belongs into its scope where the host is in another stack, since it comes after
   * records of that stack
   */
  setReverseName(heloName: string, after: readonly ITerraformDependable[], server?: Construct): ReverseName;

  /** The same for `publicIpv6`; required with it. */
  setIpv6ReverseName?(heloName: string, after: readonly ITerraformDependable[], server?: Construct): ReverseName;
}

/** The reverse name of an address: set by the graph, or the duty of whoever owns the address. */
export interface ReverseName {
  /** Whether the graph writes the record. If not, the host has told the user what is to be done. */
  readonly managed: boolean;

  /** What the record belongs to, for people: the reverse name of the address, or words while the address is not known. */
  readonly owner: string;

  /** The name that the graph sets or expects, with its final dot. */
  readonly expected: string;

  /**
   * The name that the owner of the address answers with, read back after it was set; compared with the HELO name before the
   * host is given it. Absent when it cannot be read.
   */
  readonly actual?: string;

  /** Command or action that sets the name again when `actual` is another one; ends an error message. */
  readonly remedy: string;

  /** What the role has to wait for. */
  readonly dependables: readonly ITerraformDependable[];
}
