import { DataAwsSubnet } from '@cdktf/provider-aws/lib/data-aws-subnet';
import type { ITerraformDependable, TerraformProvider } from 'cdktf';
import type { Construct } from 'constructs';
import * as z from 'zod/mini';
import { checkSettings } from '../synth/check-settings';
import { settingsInvalid } from '../synth/errors';
import { given } from '../synth/given';
import { requireLiterals } from '../synth/literals';
import { offeredZone } from './availability-zone';
import { MailVpc, type MailVpcProps } from './mail-vpc';
import { defaultVpcSettings, givenSubnet, newVpcSettings, subnetSettings } from './networks';

/** A subnet as the host needs it; an `aws_subnet` resource or data source of the stack is one. */
export interface IEc2Subnet {
  readonly id: string;
  readonly vpcId: string;
  readonly availabilityZone: string;
}

/** Where an instance is placed. */
export interface Ec2Placement extends IEc2Subnet {
  /** The zone or the subnet was looked up: an answer that changes later must not move a running host. */
  readonly isLookedUp: boolean;
  /** Routes to the Internet that the stack itself makes. */
  readonly reachableAfter: readonly ITerraformDependable[];
  /** The network, where the host makes its own. */
  readonly own?: MailVpc;
}

/** What a network needs to know of the host in it. */
export interface Ec2NetworkContext {
  readonly instanceType: string;
  readonly name: string;
  /** Of your own prefix; its subnet has to be one of that prefix. */
  readonly publicIpv6?: string;
  /** The zone that the host is to be in. */
  readonly availabilityZone?: string;
  readonly provider?: TerraformProvider;
}

export interface DefaultVpcProps {
  /**
   * Zone of the default subnet, e.g. `eu-central-1a`.
   *
   * @default - the first zone that offers the instance type
   */
  readonly availabilityZone?: string;
}

/** The network that a host is placed in: one of its own, the default VPC of the account, or a given public subnet. */
export abstract class Ec2Network {
  /** A VPC with one public subnet, for this host alone. */
  static newVpc(props: MailVpcProps = {}): Ec2Network {
    return new NewVpc(props);
  }

  /** The default VPC of the account and region. It is there at once, but belongs to everybody who uses the account. */
  static defaultVpc(props: DefaultVpcProps = {}): Ec2Network {
    return new DefaultVpc(props);
  }

  /** A public subnet of the stack: an `aws_subnet` resource or data source. */
  static subnet(subnet: IEc2Subnet): Ec2Network {
    return new GivenSubnet(subnet);
  }

  /** A public subnet that is there already, by its id. */
  static subnetId(subnetId: string): Ec2Network {
    return new LookedUpSubnet(subnetId);
  }

  /** @internal */
  abstract place(scope: Construct, id: string, context: Ec2NetworkContext): Ec2Placement;
}

class NewVpc extends Ec2Network {
  constructor(private readonly props: MailVpcProps) {
    super();
  }

  place(scope: Construct, id: string, context: Ec2NetworkContext): Ec2Placement {
    const network = { network: this.props };
    requireLiterals(scope, network, { 'network.ipv6CidrBlock': 'the subnet of the host is a part of it, so write the prefix' });
    check(scope, newVpcSettings, this.props);
    const availabilityZone = oneZone(scope, this.props, context);
    const own = new MailVpc(scope, id, { ...this.props, ...context, availabilityZone });
    const { subnet } = own;
    return {
      id: subnet.id,
      vpcId: subnet.vpcId,
      availabilityZone: subnet.availabilityZone,
      // The subnet itself is pinned to its zone, so what follows from it cannot move.
      isLookedUp: false,
      reachableAfter: own.routes,
      own,
    };
  }
}

class DefaultVpc extends Ec2Network {
  constructor(private readonly props: DefaultVpcProps) {
    super();
  }

  place(scope: Construct, id: string, context: Ec2NetworkContext): Ec2Placement {
    check(scope, defaultVpcSettings, this.props);
    const { instanceType, provider } = context;
    const said = oneZone(scope, this.props, context);
    const availabilityZone = said ?? offeredZone(scope, 'Offerings', instanceType, provider);
    const subnet = new DataAwsSubnet(scope, id, { provider, defaultForAz: true, availabilityZone });
    return placed(subnet, said === undefined);
  }
}

class GivenSubnet extends Ec2Network {
  constructor(private readonly subnet: IEc2Subnet) {
    super();
  }

  place(scope: Construct, _id: string, context: Ec2NetworkContext): Ec2Placement {
    noZone(scope, context);
    const { id, vpcId, availabilityZone } = this.subnet ?? {};
    check(scope, z.object(givenSubnet), { id, vpcId, availabilityZone });
    return placed(this.subnet, false);
  }
}

class LookedUpSubnet extends Ec2Network {
  constructor(private readonly id: string) {
    super();
  }

  place(scope: Construct, id: string, context: Ec2NetworkContext): Ec2Placement {
    noZone(scope, context);
    const { provider } = context;
    check(scope, subnetSettings, { subnetId: this.id });
    return placed(new DataAwsSubnet(scope, id, { provider, id: this.id }), false);
  }
}

/** The zone that the network or the host names. */
function oneZone(
  scope: Construct,
  { availabilityZone: own }: { readonly availabilityZone?: string },
  { availabilityZone: ofHost }: Ec2NetworkContext,
): string | undefined {
  if (own !== undefined && ofHost !== undefined && own !== ofHost) {
    throw settingsInvalid(scope, [`availabilityZone: '${ofHost}' is not the zone of the network, '${own}': say it once`]);
  }
  return own ?? ofHost;
}

/** A subnet is in a zone already. */
function noZone(scope: Construct, { availabilityZone }: Ec2NetworkContext): void {
  if (availabilityZone === undefined) return;
  throw settingsInvalid(scope, [
    `availabilityZone: '${availabilityZone}' has no say, since a subnet is given and has its zone: leave it out, or give a subnet of that zone`,
  ]);
}

/** Mistakes are reportedas those of the host's `network`. */
function check(scope: Construct, schema: z.core.$ZodType, properties: object): void {
  checkSettings(scope, z.object({ network: schema }), { network: given(properties) });
}

function placed({ id, vpcId, availabilityZone }: IEc2Subnet, isLookedUp: boolean): Ec2Placement {
  return { id, vpcId, availabilityZone, isLookedUp, reachableAfter: [] };
}
