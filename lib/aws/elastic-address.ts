import { DataAwsEip } from '@cdktf/provider-aws/lib/data-aws-eip';
import { Eip } from '@cdktf/provider-aws/lib/eip';
import { EipAssociation } from '@cdktf/provider-aws/lib/eip-association';
import { EipDomainName } from '@cdktf/provider-aws/lib/eip-domain-name';
import type { ITerraformDependable, TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { absoluteName } from '../dns';
import type { ReverseName } from '../mail-host';

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
  readonly association: EipAssociation;
  /** The reverse record, once the address has a name. */
  domainName?: EipDomainName;

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
      this.publicIp = this.eip.publicIp;
      this.allocationId = this.eip.allocationId;
    } else {
      this.publicIp = new DataAwsEip(this, 'Resource', { provider, id: props.allocationId }).publicIp;
      this.allocationId = props.allocationId;
    }
    this.association = new EipAssociation(this, 'Association', {
      provider,
      allocationId: this.allocationId,
      instanceId: props.instanceId,
    });
  }

  /**
   * Sets the PTR. AWS wants the forward record first, and locks the address as long as it has a name: `after` gives both orders.
   * The name goes with its final dot, as AWS answers it, or every plan would differ.
   */
  setReverseName(heloName: string, after: readonly ITerraformDependable[]): ReverseName {
    const { provider } = this.props;
    const expected = absoluteName(heloName);
    this.domainName = new EipDomainName(this, 'Ptr', {
      provider,
      allocationId: this.allocationId,
      domainName: expected,
      dependsOn: [...after],
    });
    // The resource keeps the answer of its creation for ever and shows no drift; a data source asks again in every plan, and
    // waits for the apply only when the name is about to change.
    const live = new DataAwsEip(this, 'PtrAnswer', { provider, id: this.allocationId, dependsOn: [this.domainName] });
    const { terraformResourceType, friendlyUniqueId, domainName } = this.domainName;
    return {
      managed: true,
      owner: 'of that address',
      expected: domainName,
      actual: live.ptrRecord,
      dependables: [this.domainName],
      remedy: `set it again with: terraform apply -replace=${terraformResourceType}.${friendlyUniqueId}`,
    };
  }
}
