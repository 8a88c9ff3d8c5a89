import { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway';
import { Route } from '@cdktf/provider-aws/lib/route';
import { RouteTable } from '@cdktf/provider-aws/lib/route-table';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association';
import { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { Vpc } from '@cdktf/provider-aws/lib/vpc';
import { VpcIpv6CidrBlockAssociation } from '@cdktf/provider-aws/lib/vpc-ipv6-cidr-block-association';
import { DataResource, type ITerraformDependable, type TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { networkOf } from '../../net/ip-network';
import { checkSettings } from '../synth/check-settings';
import { settingsInvalid } from '../synth/errors';
import { given } from '../synth/given';
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
   * A prefix of your own (bring your own IP) that the VPC gets next to it, e.g. `2001:db8:25::/56`, out of `ipv6Pool`; the subnet is the
   * /64 of the host's `publicIpv6` in it.
   *
   * @default - IPv4 only
   */
  readonly ipv6CidrBlock?: string;

  /**
   * Id of the address pool that holds the prefix, `ipv6pool-ec2-…`.
   *
   * @default - none; required with `ipv6CidrBlock`
   */
  readonly ipv6Pool?: string;

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
  /** The own prefix; absent without one. */
  readonly ipv6CidrBlock?: VpcIpv6CidrBlockAssociation;
  /** What makes the subnet public. */
  readonly routes: readonly ITerraformDependable[];

  constructor(
    scope: Construct,
    id: string,
    props: MailVpcProps & {
      readonly instanceType: string;
      readonly name: string;
      readonly publicIpv6?: string;
      readonly provider?: TerraformProvider;
    },
  ) {
    super(scope, id);
    const { provider, availabilityZone, cidrBlock = '10.25.0.0/24', ipv6CidrBlock, ipv6Pool, publicIpv6 } = props;
    checkSettings(this, newVpcSettings, given({ cidrBlock, availabilityZone, ipv6CidrBlock, ipv6Pool }));
    checkIpv6(this, ipv6CidrBlock, publicIpv6);
    const tags = { Name: props.name };

    this.vpc = new Vpc(this, 'Resource', {
      provider,
      cidrBlock,
      enableDnsSupport: true,
      enableDnsHostnames: true,
      // The prefix is a resource of its own, and the VPC would take away what it does not name itself, at once when it is given up.
      lifecycle: { ignoreChanges: ['ipv6_cidr_block', 'ipv6_ipam_pool_id', 'ipv6_netmask_length'] },
      tags,
    });
    if (ipv6CidrBlock !== undefined && publicIpv6 !== undefined) {
      this.ipv6CidrBlock = new VpcIpv6CidrBlockAssociation(this, 'Ipv6', {
        provider,
        vpcId: this.vpc.id,
        ipv6Pool,
        ipv6CidrBlock,
      });
    }
    const ipv6Subnet = this.ipv6CidrBlock && `${networkOf(publicIpv6 ?? '', 64)}/64`;
    // AWS leaves a subnet its IPv6 block as long as an instance has an address of it, and the VPC its prefix as long as the subnet has
    // a part of it. With another one, or none, the subnet is made anew, after the instance that has to be replaced anyway is gone.
    const ipv6 = new DataResource(this, 'Ipv6Subnet', {
      input: given({ ipv6CidrBlock, ipv6Pool, ipv6Subnet }),
    });
    this.subnet = new Subnet(this, 'Subnet', {
      provider,
      vpcId: this.vpc.id,
      cidrBlock,
      ipv6CidrBlock: ipv6Subnet,
      dependsOn: this.ipv6CidrBlock && [this.ipv6CidrBlock],
      availabilityZone: availabilityZone ?? offeredZone(this, 'Offerings', props.instanceType, provider),
      // The zone was chosen when the subnet was made; that AWS answers differently one day is no reason to move a mail host.
      lifecycle: {
        replaceTriggeredBy: [`${ipv6.terraformResourceType}.${ipv6.friendlyUniqueId}`],
        ...(availabilityZone === undefined && { ignoreChanges: ['availability_zone'] }),
      },
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
      ...(this.ipv6CidrBlock
        ? [
            new Route(this, 'DefaultIpv6Route', {
              provider,
              routeTableId: this.routeTable.id,
              destinationIpv6CidrBlock: '::/0',
              gatewayId: this.internetGateway.id,
            }),
          ]
        : []),
    ];
  }
}

/** Prefix and address need each other. */
function checkIpv6(scope: Construct, block: string | undefined, address: string | undefined): void {
  const refuse = (problem: string) => settingsInvalid(scope, [problem]);
  if (block === undefined && address !== undefined) {
    const fix = 'give ipv6CidrBlock and ipv6Pool of newVpc(), or a subnet that has it';
    throw refuse(`publicIpv6: '${address}' is of a prefix that the VPC has not: ${fix}`);
  }
  if (block === undefined) return;
  if (address === undefined) throw refuse(`network.ipv6CidrBlock: '${block}' is of no use without publicIpv6 of the host`);
  const [network = '', length] = block.split('/');
  if (networkOf(address, Number(length)) === networkOf(network, Number(length))) return;
  const fix = 'give an address of that prefix, or the prefix that it is of';
  throw refuse(`publicIpv6: '${address}' is not in ipv6CidrBlock '${block}' of the VPC: ${fix}`);
}
