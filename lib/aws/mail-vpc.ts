import { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway';
import { Route } from '@cdktf/provider-aws/lib/route';
import { RouteTable } from '@cdktf/provider-aws/lib/route-table';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association';
import { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { Vpc } from '@cdktf/provider-aws/lib/vpc';
import type { ITerraformDependable, TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { addressInvalid } from '../errors';
import { ipv4CidrProblem } from '../private/cidr';
import { hasToken } from '../private/tokens';
import { offeredZone } from './availability-zone';

export interface MailVpcProps {
  /**
   * Addresses of the VPC and its one subnet; EC2 takes prefix lengths 16 to 28.
   *
   * @default 10.25.0.0/24
   */
  readonly cidrBlock?: string;

  /**
   * Zone of the subnet, e.g. `eu-central-1a`.
   *
   * @default - the first zone that offers the instance type
   */
  readonly availabilityZone?: string;
}

/** A VPC of the host's own: one public subnet and its way to the Internet. It costs nothing; the first apply takes 30 s longer. */
export class MailVpc extends Construct {
  readonly vpc: Vpc;
  readonly subnet: Subnet;
  readonly internetGateway: InternetGateway;
  readonly routeTable: RouteTable;
  /** What makes the subnet public. */
  readonly routes: readonly ITerraformDependable[];

  constructor(
    scope: Construct,
    id: string,
    props: MailVpcProps & { readonly instanceType: string; readonly name: string; readonly provider?: TerraformProvider },
  ) {
    super(scope, id);
    const { provider, cidrBlock = '10.25.0.0/24' } = props;
    checkCidrBlock(this, cidrBlock);
    const tags = { Name: props.name };

    this.vpc = new Vpc(this, 'Resource', { provider, cidrBlock, enableDnsSupport: true, enableDnsHostnames: true, tags });
    this.subnet = new Subnet(this, 'Subnet', {
      provider,
      vpcId: this.vpc.id,
      cidrBlock,
      availabilityZone: props.availabilityZone ?? offeredZone(this, 'Offerings', props.instanceType, provider),
      // The zone was chosen when the subnet was made; that AWS answers differently one day is no reason to move a mail host.
      lifecycle: props.availabilityZone === undefined ? { ignoreChanges: ['availability_zone'] } : undefined,
      tags,
    });
    this.internetGateway = new InternetGateway(this, 'InternetGateway', { provider, vpcId: this.vpc.id, tags });
    this.routeTable = new RouteTable(this, 'RouteTable', { provider, vpcId: this.vpc.id, tags });
    this.routes = [
      new Route(this, 'DefaultRoute', {
        provider,
        routeTableId: this.routeTable.id,
        destinationCidrBlock: '0.0.0.0/0',
        gatewayId: this.internetGateway.id,
      }),
      new RouteTableAssociation(this, 'RouteTableAssociation', {
        provider,
        routeTableId: this.routeTable.id,
        subnetId: this.subnet.id,
      }),
    ];
  }
}

function checkCidrBlock(scope: Construct, cidrBlock: string): void {
  if (hasToken(cidrBlock)) return;
  const wrong = ipv4CidrProblem(cidrBlock);
  if (wrong) throw addressInvalid(scope, 'cidrBlock', cidrBlock, wrong.problem, wrong.fix);
  const bits = Number(cidrBlock.split('/')[1]);
  if (bits < 16 || bits > 28) {
    throw addressInvalid(scope, 'cidrBlock', cidrBlock, 'EC2 takes prefix lengths 16 to 28', 'use e.g. 10.25.0.0/24');
  }
}
