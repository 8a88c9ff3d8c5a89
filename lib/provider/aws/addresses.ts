import { type Element, elements, textIn } from './query';
import type { AwsSession } from './session';

/** An Elastic IP and its reverse name, as AWS tells. */
export interface AddressName {
  /** With its final dot or without: AWS has given both. */
  readonly name?: string;
  /** A change that AWS is at, or has failed at. */
  readonly update?: { readonly value: string; readonly status: string; readonly reason?: string };
}

/** What is done with Elastic IPs here; tests bring their own. Every call may throw an AwsError. */
export interface Addresses {
  /** No name, no update: also for an address that AWS does not list, as it does not list those without a name. */
  nameOf(allocationId: string): Promise<AddressName>;
  /** Whether the address is there. */
  exists(allocationId: string): Promise<boolean>;
  setName(allocationId: string, name: string): Promise<void>;
  resetName(allocationId: string): Promise<void>;
  release(allocationId: string): Promise<void>;
}

/** Errors that say an address is not there (any more). */
export const isGone = (code: string) => code === 'InvalidAllocationID.NotFound' || code === 'InvalidAddress.NotFound';

/** Elastic IPs of EC2: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyAddressAttribute.html and its siblings. */
export function ec2Addresses(session: AwsSession): Addresses {
  return {
    nameOf: async (allocationId) => {
      const answer = await session.ec2('DescribeAddressesAttribute', {
        'AllocationId.1': allocationId,
        Attribute: 'domain-name',
      });
      const [found] = elements((answer.addressSet as Element | undefined)?.item);
      return readName(found);
    },
    exists: async (allocationId) => {
      const answer = await session.ec2('DescribeAddresses', {
        'Filter.1.Name': 'allocation-id',
        'Filter.1.Value.1': allocationId,
      });
      return elements((answer.addressesSet as Element | undefined)?.item).length > 0;
    },
    setName: async (AllocationId, DomainName) => {
      await session.ec2('ModifyAddressAttribute', { AllocationId, DomainName });
    },
    resetName: async (AllocationId) => {
      await session.ec2('ResetAddressAttribute', { AllocationId, Attribute: 'domain-name' });
    },
    release: async (AllocationId) => {
      await session.ec2('ReleaseAddress', { AllocationId });
    },
  };
}

function readName(found: Element | undefined): AddressName {
  const name = textIn(found, 'ptrRecord');
  const update = found?.ptrRecordUpdate as Element | undefined;
  const status = textIn(update, 'status');
  return {
    ...(name !== undefined && { name }),
    ...(status !== undefined && { update: { value: textIn(update, 'value') ?? '', status, reason: textIn(update, 'reason') } }),
  };
}
