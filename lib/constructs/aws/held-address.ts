import { DataAwsEip } from '@cdktf/provider-aws/lib/data-aws-eip';
import { DataAwsInstances } from '@cdktf/provider-aws/lib/data-aws-instances';
import type { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import type { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';

export interface HeldAddressProps {
  /** The Elastic IP that was there before. */
  readonly allocationId: string;
  /** In which every instance of this host is, and no other. */
  readonly securityGroup: SecurityGroup;
  readonly provider?: TerraformProvider;
}

/**
 * Who has an Elastic IP that was there before: nobody, this host, or somebody else, whom AWS would take it from without a word.
 * `allow_reassociation = false` does not prevent that: the AWS provider sends it only where it is true (seen with 5.100.0).
 *
 * The holder is compared with the instances in the security group of the host, because the instance itself is not known while it is
 * replaced. Both are asked for after the group was made or changed, so at the first deployment during the apply, before the instance.
 */
export class HeldAddress extends Construct {
  private readonly holder: DataAwsEip;
  private readonly own: DataAwsInstances;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: HeldAddressProps,
  ) {
    super(scope, id);
    const { provider, allocationId, securityGroup } = props;
    this.holder = new DataAwsEip(this, 'Holder', { provider, id: allocationId, dependsOn: [securityGroup] });
    this.own = new DataAwsInstances(this, 'Own', {
      provider,
      instanceStateNames: ['pending', 'running', 'stopping', 'stopped', 'shutting-down'],
      filter: [{ name: 'instance.group-id', values: [securityGroup.id] }],
    });
  }

  /** For the instance: nothing is started for an address that it cannot have. */
  get precondition(): { condition: string; errorMessage: string } {
    const { fqn: holder } = this.holder;
    const { allocationId } = this.props;
    const owner = `coalesce(${holder}.instance_id, ${holder}.network_interface_id, "something else")`;
    const said = `elasticIpAllocationId: '${allocationId}' (\${${holder}.public_ip}) is in use by \${${owner}}, and would be taken from it`;
    const remedy = `aws ec2 disassociate-address --association-id \${coalesce(${holder}.association_id, "-")}`;
    return {
      condition: `\${coalesce(${holder}.association_id, "-") == "-" || contains(${this.own.fqn}.ids, coalesce(${holder}.instance_id, "-"))}`,
      errorMessage: `${said}: release it there first (${remedy}), or give another one`,
    };
  }
}
