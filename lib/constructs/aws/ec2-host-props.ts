import type { TerraformProvider } from 'cdktf';
import type { IMailDns } from '../dns/mail-dns';
import type { HostConnectionProps } from '../host/connection-props';
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
   * EC2 instance type. ClamAV alone keeps more than 1 GiB in memory, so antivirus wants 4 GiB. The default has that, starts in every
   * account (AWS' free plan knows six types, of which two have 4 GiB), and has no CPU credits that could run out or cost extra;
   * `t3.medium` costs half of it in accounts that may start it. Another type stops the machine for a minute and keeps everything.
   *
   * @default c7i-flex.large
   */
  readonly instanceType?: string;

  /**
   * What an instance with CPU credits (T3, T3a, T4g, T2) does when they are used up: `unlimited` goes on at full speed and costs $0.05
   * for each hour of a virtual processor above its share (at worst $58 a month for a `t3.medium`), `standard` slows down to its share, a
   * fifth of each processor of a `t3.medium`. Such an instance begins without credits, so a first deployment takes several times as long.
   *
   * @default - as AWS has it: unlimited, but standard for T2
   */
  readonly cpuCredits?: 'standard' | 'unlimited';

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
   * Zone of the host, e.g. `eu-central-1b`, where the first one has no capacity left, or lacks the instance type. For a network that is
   * the host's own or the default VPC; a given subnet has its zone. Another zone makes another instance and another volume.
   *
   * @default - the first zone that offers the instance type
   */
  readonly availabilityZone?: string;

  /**
   * Ids (`sg-…`) of further security groups that the instance is in, e.g. one that lets a monitoring server in, or that databases know
   * their clients by. What they allow is added to what the host's own group allows. AWS takes five groups for a network interface
   * unless a higher quota was granted, so four here.
   *
   * @default []
   */
  readonly securityGroupIds?: readonly string[];

  /**
   * Name of an IAM instance profile, e.g. one with `AmazonSSMManagedInstanceCore`, so that there is a second way in (Session Manager)
   * when SSH has none. Its credentials are for root alone: the role closes the metadata service to every other user of the host.
   *
   * @default - none
   */
  readonly instanceProfile?: string;

  /**
   * Allocation id (`eipalloc-…`) of an Elastic IP that exists already, e.g. one with a good reputation. One that is in use by something
   * else is refused before the instance is made.
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
   * it be deleted after all. Terminating the instance is refused outside of Terraform, and inside of it, too, where the instance has
   * no state volume. Zones have a `protect` of their own in {@link Route53DnsProps}. A trial that is to be destroyed wants false.
   *
   * @default true
   */
  readonly protect?: boolean;

  /**
   * AWS has lifted its block of outgoing port 25 for this account and region; silences the note about it.
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
