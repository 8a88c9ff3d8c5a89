import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { type ITerraformDependable, type TerraformProvider, Token } from 'cdktf';
import { Construct } from 'constructs';
import { checkSettings } from '../private/check-settings';
import { firewallSettings } from './networks';

const world = '0.0.0.0/0';

export interface FirewallProps {
  readonly vpcId: string;
  /** Networks that may reach port 22. */
  readonly adminCidrs: readonly string[];
  readonly openSshToWorld: boolean;
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
}
