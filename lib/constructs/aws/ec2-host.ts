import type { DataAwsAmi } from '@cdktf/provider-aws/lib/data-aws-ami';
import { DataAwsPartition } from '@cdktf/provider-aws/lib/data-aws-partition';
import { Instance } from '@cdktf/provider-aws/lib/instance';
import { KeyPair } from '@cdktf/provider-aws/lib/key-pair';
import { Annotations, type ITerraformDependable, type TerraformProvider, Token } from 'cdktf';
import { dependable } from 'cdktf/lib/tfExpression';
import { Construct } from 'constructs';
import { reverseName } from '../../dns';
import { canonicalAddress } from '../../net/ip-network';
import { checkedConnection } from '../host/connection';
import type { ConnectionProps } from '../host/connection-props';
import type { IMailHost, ReverseName } from '../host/mail-host';
import { writtenReverseName } from '../host/written-reverse-name';
import { checkSettings } from '../synth/check-settings';
import { literalRequired, publicKeyInvalid, settingsInvalid } from '../synth/errors';
import { given } from '../synth/given';
import { lifecycle } from '../synth/lifecycle';
import { type Literals, requireLiterals } from '../synth/literals';
import { besideServer, isSameStack } from '../synth/other-stacks';
import { ownTokens } from '../synth/own-tokens';
import { formerOwner } from '../synth/owners';
import { allOf } from '../synth/tokens';
import { newestDebianImage } from './debian-image';
import type { Ec2HostProps } from './ec2-host-props';
import { DEFAULT_INSTANCE_TYPE, ec2HostSettings } from './ec2-host-settings';
import { Ec2Network, type Ec2Placement } from './ec2-network';
import { ElasticAddress } from './elastic-address';
import { Firewall } from './firewall';
import { HeldAddress } from './held-address';
import { type Architecture, architectureOf } from './instance-architecture';
import { networkWidth } from './ipv4-cidr';
import { WIDEST_OFFICE } from './networks';
import { commercialPartition, regionOf, regionProblem } from './partition';
import { publicKeyProblem } from './ssh-public-key';
import { StateVolume } from './state-volume';

/**
 * A Debian 13 instance on EC2 that mail can be sent from: an Elastic IP whose reverse name is ours, a firewall, an encrypted
 * root disk, and a volume that outlives the instance. IPv6 only with an address of your own prefix: AWS gives its own no reverse
 * name.
 */
export class Ec2Host extends Construct implements IMailHost {
  readonly publicIpv4: string;
  readonly bindIpv4: string;
  readonly publicIpv6?: string;
  readonly ipv6Absence?: string;
  readonly instanceId: string;
  readonly hostKeyCheck: string;
  readonly machineType: string;
  readonly metadataRootOnly: boolean;
  readonly adminNetworks: readonly string[];
  readonly goesWithStack = true;
  readonly connection: ConnectionProps;
  readonly stateVolumeId?: string;
  readonly reachableAfter: readonly ITerraformDependable[];

  readonly instance: Instance;
  readonly keyPair: KeyPair;
  readonly firewall: Firewall;
  readonly address: ElasticAddress;
  readonly network: Ec2Placement;
  /** The image that was looked up; absent when `ami` was given. */
  readonly image?: DataAwsAmi;
  readonly stateVolume?: StateVolume;

  private readonly props: Ec2HostProps;

  constructor(scope: Construct, id: string, given: Ec2HostProps) {
    super(scope, id);
    checkProps(this, given);
    const props = ownTokens(ec2HostSettings, given as never) as Ec2HostProps;
    this.props = props;
    claimElasticIp(this, props.elasticIpAllocationId);
    const { provider, instanceType = DEFAULT_INSTANCE_TYPE, protect = true } = props;
    // As AWS answers it: another spelling would be another address, and replace the instance.
    const publicIpv6 = props.publicIpv6 === undefined ? undefined : canonicalAddress(props.publicIpv6);
    const name = props.name ?? this.node.path.replaceAll('/', '-');

    this.network = (props.network ?? Ec2Network.newVpc()).place(this, 'Network', {
      instanceType,
      name,
      publicIpv6,
      availabilityZone: props.availabilityZone,
      provider,
    });
    this.firewall = new Firewall(this, 'Firewall', {
      provider,
      name,
      vpcId: this.network.vpcId,
      adminCidrs: props.adminCidrs,
      openSshToWorld: props.openSshToWorld ?? false,
      ipv6: publicIpv6 !== undefined,
    });
    this.keyPair = new KeyPair(this, 'KeyPair', {
      provider,
      keyNamePrefix: 'mail-host-',
      publicKey: props.sshPublicKey.trim(),
      tags: { Name: name },
    });
    if (props.ami === undefined) {
      const architecture = props.architecture ?? architectureFrom(this, instanceType);
      this.image = newestDebianImage(this, 'Image', architecture, provider);
    }
    this.publicIpv6 = publicIpv6;
    this.instance = this.createInstance(props, instanceType, name);
    this.address = new ElasticAddress(this, 'Address', {
      provider,
      name,
      allocationId: props.elasticIpAllocationId,
      instanceId: this.instance.id,
      protect,
    });
    if (props.stateVolume ?? true) this.stateVolume = this.createStateVolume(props, name, protect, provider);

    this.publicIpv4 = this.address.publicIp;
    if (publicIpv6 === undefined) {
      this.ipv6Absence = 'Amazon gives its own IPv6 addresses no reverse name, so mail is sent over IPv4 only';
    }
    this.bindIpv4 = this.instance.privateIp;
    this.instanceId = this.instance.id;
    this.hostKeyCheck = `aws ec2 get-console-output --instance-id ${this.instance.id} --latest --output text | grep SHA256`;
    this.machineType = this.instance.instanceType;
    this.metadataRootOnly = props.instanceProfile !== undefined;
    this.adminNetworks = props.adminCidrs.filter(
      (cidr) => Token.isUnresolved(cidr) || (networkWidth(cidr) ?? 0) >= WIDEST_OFFICE,
    );
    this.stateVolumeId = this.stateVolume?.volume.id;
    this.connection = checkedConnection(this, { user: 'admin', ...props.connection, host: this.publicIpv4 });
    this.reachableAfter = [
      ...this.network.reachableAfter,
      ...this.firewall.reachableAfter,
      this.address.association,
      ...(this.stateVolume ? [this.stateVolume.attachment] : []),
    ];
    if (publicIpv6 !== undefined) this.buildAfter(props.reverseDns?.delegationOf?.(reverseName(publicIpv6)) ?? []);
    if (!props.outboundPort25Open) warnAboutPort25(this);
  }

  buildAfter(before: readonly ITerraformDependable[]): void {
    // A zone in another stack may depend on this one; the stack of the mail server comes after both.
    const dependables = before.filter((each) => !Construct.isConstruct(each) || isSameStack(this, each));
    const costs = [this.instance, this.address.eip, this.stateVolume?.volume].filter((each) => each !== undefined);
    for (const resource of costs) {
      resource.dependsOn = [...new Set([...(resource.dependsOn ?? []), ...dependables.map(dependable)])];
    }
  }

  setReverseName(heloName: string, after: readonly ITerraformDependable[], server?: Construct): ReverseName {
    return this.address.setReverseName(heloName, after, server);
  }

  /** For {@link Ec2HostProps.publicIpv6}, in the zone of {@link Ec2HostProps.reverseDns}. */
  setIpv6ReverseName(heloName: string, after: readonly ITerraformDependable[], server?: Construct): ReverseName {
    const { publicIpv6: address } = this;
    const { reverseDns: dns } = this.props;
    if (address === undefined || dns === undefined) throw new Error(`there is no publicIpv6 to name (at ${this.node.path})`);
    return writtenReverseName(besideServer(this, server), 'Ptr6', { dns, address, heloName }, after);
  }

  private createInstance(props: Ec2HostProps, instanceType: string, name: string): Instance {
    const image = props.ami ?? this.image?.id;
    // Pinned to what they were when the instance was made: a new image, or another answer of a look-up, must never replace a
    // mail host on its own. `terraform apply -replace=…` takes the newest image when that is wanted.
    // A new key pair, too: AWS lays keys down at the first boot only, so on a running host they are changed by hand.
    const pinned = ['key_name', ...(props.ami === undefined ? ['ami'] : []), ...(this.network.isLookedUp ? ['subnet_id'] : [])];
    const conditions = [...this.partitionConditions(props), ...this.addressConditions(props)];
    return new Instance(this, 'Resource', {
      provider: props.provider,
      ami: image,
      instanceType,
      keyName: this.keyPair.keyName,
      subnetId: this.network.id,
      ipv6Addresses: this.publicIpv6 === undefined ? undefined : [this.publicIpv6],
      vpcSecurityGroupIds: allOf([this.firewall.securityGroup.id], props.securityGroupIds ?? []),
      iamInstanceProfile: props.instanceProfile,
      creditSpecification: props.cpuCredits === undefined ? undefined : { cpuCredits: props.cpuCredits },
      metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
      rootBlockDevice: {
        encrypted: true,
        volumeType: 'gp3',
        volumeSize: props.rootVolumeGiB ?? 16,
        deleteOnTermination: true,
        tags: { Name: `${name}-root` },
      },
      // Nobody ends it by a slip in the console; Terraform lifts that by itself when it replaces the instance.
      disableApiTermination: (props.protect ?? true) || undefined,
      lifecycle: lifecycle({
        // Queue and passwords are on the instance where there is no volume for them.
        preventDestroy: ((props.protect ?? true) && props.stateVolume === false) || undefined,
        ignoreChanges: pinned.length > 0 ? pinned : undefined,
        precondition: conditions.length > 0 ? conditions : undefined,
      }),
      tags: { Name: name },
    });
  }

  /** A region that the environment names is known to the plan only. */
  private partitionConditions({ provider }: Ec2HostProps): Condition[] {
    const region = regionOf(this, provider);
    if (region !== undefined && !Token.isUnresolved(region)) return [];
    return [commercialPartition(new DataAwsPartition(this, 'Partition', { provider }).partition)];
  }

  private addressConditions({ elasticIpAllocationId: allocationId, provider }: Ec2HostProps): Condition[] {
    if (allocationId === undefined) return [];
    const { securityGroup } = this.firewall;
    return [new HeldAddress(this, 'HeldAddress', { allocationId, securityGroup, provider }).precondition];
  }

  private createStateVolume(props: Ec2HostProps, name: string, protect: boolean, provider?: TerraformProvider): StateVolume {
    return new StateVolume(this, 'StateVolume', {
      provider,
      instanceId: this.instance.id,
      availabilityZone: this.network.availabilityZone,
      availabilityZoneIsLookedUp: this.network.isLookedUp,
      detachedBefore: [this.address.association],
      sizeGiB: props.stateVolumeGiB ?? 20,
      protect,
      name: `${name}-state`,
    });
  }
}

interface Condition {
  readonly condition: string;
  readonly errorMessage: string;
}

const DECIDES = 'resources come and go with it, so write the value itself';
const HAND_OVER = 'hand over what its constructor made';

/** What the program itself decides by. */
const literals: Literals = {
  publicIpv6: 'the name of its reverse record is made of it, so write the address itself',
  adminCidrs: 'there is a rule for each network, so write the list; its networks may be known later',
  openSshToWorld: DECIDES,
  architecture: DECIDES,
  network: DECIDES,
  availabilityZone: DECIDES,
  instanceProfile: DECIDES,
  stateVolume: DECIDES,
  protect: DECIDES,
  outboundPort25Open: DECIDES,
  reverseDns: HAND_OVER,
  provider: HAND_OVER,
  connection: 'write its properties, whose values may be known later',
  'connection.host': 'the address is the Elastic IP of the instance, so leave it out',
  'connection.bastion': 'write its properties, whose values may be known later',
};

function checkProps(scope: Construct, props: Ec2HostProps): void {
  requireLiterals(scope, props, literals);
  checkSettings(scope, ec2HostSettings, given(props));
  const elsewhere = regionProblem(regionOf(scope, props.provider));
  if (elsewhere !== undefined) throw settingsInvalid(scope, [elsewhere]);
  checkPublicKey(scope, props.sshPublicKey);
}

function claimElasticIp(scope: Construct, allocationId: string | undefined): void {
  if (allocationId === undefined || Token.isUnresolved(allocationId)) return;
  const owner = formerOwner(scope, `Elastic IP ${allocationId}`);
  if (!owner) return;
  const problem = `'${allocationId}' is the address of ${owner.node.path} already: give another one, or leave it out for a new one`;
  throw settingsInvalid(scope, [`elasticIpAllocationId: ${problem}`]);
}

function checkPublicKey(scope: Construct, publicKey: string): void {
  if (Token.isUnresolved(publicKey)) return;
  const problem = publicKeyProblem(publicKey);
  if (problem) throw publicKeyInvalid(scope, 'sshPublicKey', problem);
}

function architectureFrom(scope: Construct, instanceType: string): Architecture {
  const found = Token.isUnresolved(instanceType) ? undefined : architectureOf(instanceType);
  if (found && 'architecture' in found) return found.architecture;
  throw literalRequired(scope, 'instanceType', "set architecture to 'amd64' or 'arm64'");
}

function warnAboutPort25(scope: Construct): void {
  Annotations.of(scope).addWarning(
    'AWS blocks outgoing port 25 of every instance until you ask: mail arrives, but mail to other servers waits in the queue. Ask once ' +
      'per account and region for its removal (https://console.aws.amazon.com/support/contacts?#/rdns-limits), with the Elastic IP ' +
      'and a sentence on what is sent and how abuse is prevented. Leave the field for the reverse DNS record empty: what AWS Support ' +
      'enters locks the address to the account, and this stack sets the reverse name itself. Then set outboundPort25Open: true and this note is gone',
  );
}
