import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { type ITerraformDependable, type TerraformProvider, Token } from 'cdktf';
import { Construct } from 'constructs';
import { checkSettings } from '../synth/check-settings';
import { firewallSettings } from './networks';

const world = '0.0.0.0/0';
const worldIpv6 = '::/0';

export interface FirewallProps {
  readonly vpcId: string;
  /** Networks that may reach port 22. */
  readonly adminCidrs: readonly string[];
  readonly openSshToWorld: boolean;
  /** The host has an IPv6 address: mail over it, and nothing else. SSH stays with IPv4. */
  readonly ipv6: boolean;
  readonly name: string;
  readonly provider?: TerraformProvider;
}

/**
 * What may reach a mail host: SMTP and submission from everywhere, SSH from the administrators' networks. One resource per
 * rule, so that the plan shows a rule that comes or goes as just that.
 */
export class Firewall extends Construct {
  readonly securityGroup: SecurityGroup;
  readonly rules: readonly (VpcSecurityGroupIngressRule | VpcSecurityGroupEgressRule)[];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: FirewallProps,
  ) {
    super(scope, id);
    const { adminCidrs, openSshToWorld } = props;
    checkSettings(this, firewallSettings, { adminCidrs, openSshToWorld });
    this.securityGroup = new SecurityGroup(this, 'Resource', {
      provider: props.provider,
      namePrefix: 'mail-host-',
      description: 'Mail host: SMTP and submission from everywhere, SSH from administrators',
      vpcId: props.vpcId,
      revokeRulesOnDelete: true,
      tags: { Name: props.name },
    });
    this.rules = [
      this.tcp('Smtp', 25, world, 'SMTP'),
      this.tcp('Submissions', 465, world, 'Submission over TLS'),
      this.tcp('Submission', 587, world, 'Submission with STARTTLS'),
      ...props.adminCidrs.map((cidr, index) =>
        this.tcp(Token.isUnresolved(cidr) ? `Ssh${index}` : `Ssh-${cidr.replace('/', '_')}`, 22, cidr, 'SSH for administrators'),
      ),
      this.pathMtu(),
      this.egress(),
      ...(props.ipv6 ? this.ipv6Rules() : []),
    ];
  }

  /** What has to be in place before the host can be reached and can reach others. */
  get reachableAfter(): readonly ITerraformDependable[] {
    return this.rules;
  }

  private tcp(id: string, port: number, cidrIpv4: string, description: string): VpcSecurityGroupIngressRule {
    return new VpcSecurityGroupIngressRule(this, id, {
      provider: this.props.provider,
      securityGroupId: this.securityGroup.id,
      description,
      ipProtocol: 'tcp',
      fromPort: port,
      toPort: port,
      cidrIpv4,
    });
  }

  /** "Fragmentation needed" (RFC 1191): without it large mail hangs on paths with a small MTU. */
  private pathMtu(): VpcSecurityGroupIngressRule {
    return new VpcSecurityGroupIngressRule(this, 'PathMtu', {
      provider: this.props.provider,
      securityGroupId: this.securityGroup.id,
      description: 'Path MTU discovery',
      ipProtocol: 'icmp',
      fromPort: 3,
      toPort: 4,
      cidrIpv4: world,
    });
  }

  private egress(): VpcSecurityGroupEgressRule {
    return new VpcSecurityGroupEgressRule(this, 'Egress', {
      provider: this.props.provider,
      securityGroupId: this.securityGroup.id,
      description: 'Mail to the world, DNS, packages, signatures',
      ipProtocol: '-1',
      cidrIpv4: world,
    });
  }

  /** The same over IPv6. All of ICMPv6: path MTU discovery and more depend on it (RFC 4890). */
  private ipv6Rules(): (VpcSecurityGroupIngressRule | VpcSecurityGroupEgressRule)[] {
    const { provider } = this.props;
    const rule = { provider, securityGroupId: this.securityGroup.id, cidrIpv6: worldIpv6 };
    const ports = [
      ['SmtpIpv6', 25, 'SMTP'],
      ['SubmissionsIpv6', 465, 'Submission over TLS'],
      ['SubmissionIpv6', 587, 'Submission with STARTTLS'],
    ] as const;
    return [
      ...ports.map(
        ([id, port, description]) =>
          new VpcSecurityGroupIngressRule(this, id, { ...rule, description, ipProtocol: 'tcp', fromPort: port, toPort: port }),
      ),
      new VpcSecurityGroupIngressRule(this, 'IcmpIpv6', {
        ...rule,
        description: 'Path MTU discovery and errors',
        ipProtocol: 'icmpv6',
        fromPort: -1,
        toPort: -1,
      }),
      new VpcSecurityGroupEgressRule(this, 'EgressIpv6', { ...rule, description: 'Mail to the world', ipProtocol: '-1' }),
    ];
  }
}
