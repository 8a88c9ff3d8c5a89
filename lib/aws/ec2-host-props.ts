import type { TerraformProvider } from 'cdktf';
import type { HostConnectionProps } from '../connection-props';
import type { IMailDns } from '../mail-dns';
import type { Ec2Network } from './ec2-network';
import type { Architecture } from './instance-architecture';

export interface Ec2HostProps {
  /**
   * Public SSH key of the administrator and of Terraform: the content of the `.pub` file. Ed25519 or RSA, as EC2 imports. It is for
   * the next instance: AWS lays keys down at the first boot, on a running host they are changed in `~/.ssh/authorized_keys`.
   */
  readonly sshPublicKey: string;

  /** IPv4 networks that may reach port 22, in CIDR notation. The machine that runs Terraform must be in one of them. */
  readonly adminCidrs: readonly string[];

  /**
   * Accepts `0.0.0.0/0` in `adminCidrs`.
   *
   * @default false
   */
  readonly openSshToWorld?: boolean;

  /**
   * How Terraform logs in; the address and the user of Debian's images are known already.
   *
   * @default - user `admin`, keys of the SSH agent
   */
  readonly connection?: HostConnectionProps;

  /**
   * EC2 instance type. ClamAV alone keeps more than 1 GiB in memory, so antivirus wants 4 GiB.
   *
   * @default t3.medium
   */
  readonly instanceType?: string;

  /**
   * Processor architecture of the instance type, for types whose name does not tell.
   *
   * @default - from the instance type: arm64 for Graviton, amd64 otherwise
   */
  readonly architecture?: Architecture;

  /**
   * Id of a Debian 13 image of your own. Another id replaces the instance; the newest official image never does.
   *
   * @default - the newest official Debian 13 image when the instance is made
   */
  readonly ami?: string;

  /**
   * The network of the instance. A default VPC is quicker by 30 s, but accounts may lack one, and it is shared with everything
   * else in the account; a mail host lives for years, so its network is its own unless said otherwise.
   *
   * @default Ec2Network.newVpc()
   */
  readonly network?: Ec2Network;

  /**
   * Allocation id (`eipalloc-…`) of an Elastic IP that exists already, e.g. one with a good reputation.
   *
   * @default - a new Elastic IP
   */
  readonly elasticIpAllocationId?: string;

  /**
   * An IPv6 address of a prefix of your own (bring your own IP), in the subnet of the host; AWS gives its own addresses no reverse
   * name, and large receivers refuse mail from such. It gets an AAAA record and a PTR, and mail is sent from it, too. An instance has
   * its IPv6 addresses from the start: another one replaces it.
   *
   * @default - no AAAA record, mail is sent over IPv4 only
   */
  readonly publicIpv6?: string;

  /**
   * Holds the reverse zone of `publicIpv6`, which is delegated to you: `Route53Dns` with the `ip6.arpa` zone, or `ExternalDns`.
   *
   * @default - none; required with `publicIpv6`
   */
  readonly reverseDns?: IMailDns;

  /**
   * Keeps the queue, the greylist and the databases on a volume of their own, so that the instance can be replaced.
   *
   * @default true
   */
  readonly stateVolume?: boolean;

  /**
   * Size of the state volume in GiB. It can grow in place, never shrink.
   *
   * @default 20
   */
  readonly stateVolumeGiB?: number;

  /**
   * Size of the root disk in GiB.
   *
   * @default 16
   */
  readonly rootVolumeGiB?: number;

  /**
   * Refuses every plan that would release the Elastic IP or delete the state volume, and leaves a snapshot of the volume should
   * it be deleted after all. A trial that is to be destroyed wants false.
   *
   * @default true
   */
  readonly protect?: boolean;

  /**
   * AWS has lifted its block of outgoing port 25 for this account; silences the note about it.
   *
   * @default false
   */
  readonly outboundPort25Open?: boolean;

  /**
   * `Name` tag of everything the host is made of.
   *
   * @default - the construct's path with hyphens
   */
  readonly name?: string;

  /**
   * The AWS provider, where the stack has several.
   *
   * @default - the stack's only AWS provider
   */
  readonly provider?: TerraformProvider;
}
