import { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway';
import { Route } from '@cdktf/provider-aws/lib/route';
import { RouteTable } from '@cdktf/provider-aws/lib/route-table';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association';
import { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { Vpc } from '@cdktf/provider-aws/lib/vpc';
import type { ITerraformDependable, TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { checkSettings } from '../private/check-settings';
import { given } from '../private/given';
import { offeredZone } from './availability-zone';
import { newVpcSettings } from './networks';

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
    const { provider, availabilityZone, cidrBlock = '10.25.0.0/24' } = props;
    checkSettings(this, newVpcSettings, given({ cidrBlock, availabilityZone }));
    const tags = { Name: props.name };

    this.vpc = new Vpc(this, 'Resource', { provider, cidrBlock, enableDnsSupport: true, enableDnsHostnames: true, tags });
    this.subnet = new Subnet(this, 'Subnet', {
      provider,
      vpcId: this.vpc.id,
      cidrBlock,
      availabilityZone: availabilityZone ?? offeredZone(this, 'Offerings', props.instanceType, provider),
      // The zone was chosen when the subnet was made; that AWS answers differently one day is no reason to move a mail host.
      lifecycle: availabilityZone === undefined ? { ignoreChanges: ['availability_zone'] } : undefined,
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
