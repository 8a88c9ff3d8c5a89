import { DataAwsEip } from '@cdktf/provider-aws/lib/data-aws-eip';
import { Eip } from '@cdktf/provider-aws/lib/eip';
import { EipAssociation } from '@cdktf/provider-aws/lib/eip-association';
import type { ITerraformDependable, TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import type { ReverseName } from '../host/mail-host';
import { MailserverAddress, MailserverReverseName } from '../resources';
import { defaultAwsProvider } from '../resources/aws-of-stack';
import { besideServer } from '../synth/other-stacks';

export interface ElasticAddressProps {
  /** An Elastic IP that is there already; a new one is allocated when absent. */
  readonly allocationId?: string;
  readonly instanceId: string;
  readonly protect: boolean;
  readonly name: string;
  readonly provider?: TerraformProvider;
}

/**
 * The public address. Its reputation is what a mail host cannot get back, so allocation and association are apart: the
 * instance may go, the address stays.
 */
export class ElasticAddress extends Construct {
  readonly publicIp: string;
  readonly allocationId: string;
  /** The allocated address; absent when the address was there already. */
  readonly eip?: Eip;
  /** Looks at blocklists before anything is built on the address, and lets go of an allocated one with patience. */
  readonly checked: MailserverAddress;
  readonly association: EipAssociation;
  /** The reverse record, once the address has a name. */
  reverseName?: MailserverReverseName;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ElasticAddressProps,
  ) {
    super(scope, id);
    const { provider } = props;
    if (props.allocationId === undefined) {
      const lifecycle = props.protect ? { preventDestroy: true } : undefined;
      this.eip = new Eip(this, 'Resource', { provider, domain: 'vpc', tags: { Name: props.name }, lifecycle });
      this.allocationId = this.eip.allocationId;
      const resource = `${this.eip.terraformResourceType}.${this.eip.friendlyUniqueId}`;
      this.checked = new MailserverAddress(this, 'Checked', {
        address: this.eip.publicIp,
        allocationId: this.allocationId,
        remedy: `${props.protect ? 'set protect: false, then ' : ''}terraform apply -replace=${resource}`,
        awsProvider: provider,
        lifecycle,
      });
    } else {
      this.allocationId = props.allocationId;
      const { publicIp } = new DataAwsEip(this, 'Resource', { provider, id: props.allocationId });
      const remedy = 'give the allocation id of another one as elasticIpAllocationId';
      this.checked = new MailserverAddress(this, 'Known', { address: publicIp, remedy });
    }
    this.publicIp = this.checked.address;
    this.association = new EipAssociation(this, 'Association', {
      provider,
      allocationId: this.allocationId,
      instanceId: props.instanceId,
      dependsOn: [this.checked],
    });
  }

  /**
   * Sets the PTR. AWS wants the forward record first, and locks the address as long as it has a name: `after` gives both orders. A plan
   * reads the name back, and shows and mends what somebody else has set.
   */
  setReverseName(heloName: string, after: readonly ITerraformDependable[], server?: Construct): ReverseName {
    const scope = besideServer(this, server);
    this.reverseName = new MailserverReverseName(scope, 'Ptr', {
      allocationId: this.allocationId,
      address: this.publicIp,
      name: heloName,
      awsProvider: this.props.provider ?? (scope === this ? undefined : defaultAwsProvider(this)),
      dependsOn: [this.checked, ...after],
    });
    // Stacks from before have the name as a resource of the AWS provider: taking it over from there sets and resets nothing.
    const { terraformResourceType, friendlyUniqueId } = this.reverseName;
    if (scope === this) this.reverseName.moveFromId(`aws_eip_domain_name.${friendlyUniqueId}`);
    return {
      managed: true,
      owner: 'of that address',
      expected: `${this.reverseName.name}.`,
      dependables: [this.reverseName],
      remedy: `set it again with: terraform apply -replace=${terraformResourceType}.${friendlyUniqueId}`,
    };
  }
}
