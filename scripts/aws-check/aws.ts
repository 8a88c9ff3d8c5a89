import {
  AllocateAddressCommand,
  DescribeAddressesAttributeCommand,
  DescribeAddressesCommand,
  DisassociateAddressCommand,
  EC2Client,
  ModifyAddressAttributeCommand,
  ReleaseAddressCommand,
  ResetAddressAttributeCommand,
} from '@aws-sdk/client-ec2';
import {
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  GetHostedZoneCommand,
  ListHostedZonesByNameCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Record } from './journal';

export interface Zone {
  readonly id: string;
  readonly nameServers: readonly string[];
}

export interface Address {
  readonly allocationId: string;
  readonly address: string;
  /** Present while something has it. */
  readonly associationId?: string;
}

/** The reverse name of an address, as DescribeAddressesAttribute tells. */
export interface NameState {
  readonly name?: string;
  readonly update?: { readonly value?: string; readonly status?: string; readonly reason?: string };
}

/** What AWS refused, by its code. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** What the check does in an account. Every call throws what AWS refuses, with its code as `name`. */
export interface Aws {
  readonly region: string;
  caller(): Promise<{ readonly account: string; readonly arn: string }>;
  /** Public zones of exactly that name. */
  zones(name: string): Promise<readonly Zone[]>;
  hasRecord(zoneId: string, record: Record): Promise<boolean>;
  /** Gives the id of the change. */
  change(zoneId: string, action: 'CREATE' | 'DELETE', record: Record): Promise<string>;
  isInSync(changeId: string): Promise<boolean>;
  addressesInUse(): Promise<number>;
  allocate(run: string): Promise<Address>;
  /** Those that a run has allocated. */
  addressesOf(run: string): Promise<readonly Address[]>;
  disassociate(associationId: string): Promise<void>;
  setName(allocationId: string, name: string): Promise<NameState>;
  resetName(allocationId: string): Promise<NameState>;
  nameOf(allocationId: string): Promise<NameState>;
  /** `dryRun`: only asks whether it would be released. */
  release(allocationId: string, dryRun?: boolean): Promise<void>;
}

/** The tag of what a run allocates. */
export const TAG = 'mailserver-aws-check';

export function refusalOf(error: unknown): Refusal {
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  return { code: name, message };
}

/** The real AWS: credentials and region as the SDK finds them (environment, profile, SSO, instance profile). */
export function realAws(region: string): Aws {
  const ec2 = new EC2Client({ region });
  const route53 = new Route53Client({ region });
  const sts = new STSClient({ region });
  return {
    region,
    caller: async () => {
      const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
      return { account: Account ?? '', arn: Arn ?? '' };
    },
    zones: async (name) => {
      const wanted = `${name.toLowerCase()}.`;
      const { HostedZones = [] } = await route53.send(new ListHostedZonesByNameCommand({ DNSName: wanted, MaxItems: 100 }));
      const found = HostedZones.filter((zone) => zone.Name === wanted && !zone.Config?.PrivateZone);
      return Promise.all(
        found.map(async ({ Id = '' }) => {
          const { DelegationSet } = await route53.send(new GetHostedZoneCommand({ Id }));
          return { id: Id.replace(/^\/hostedzone\//, ''), nameServers: DelegationSet?.NameServers ?? [] };
        }),
      );
    },
    hasRecord: async (HostedZoneId, { name, type, value }) => {
      const from = { HostedZoneId, StartRecordName: name, StartRecordType: type, MaxItems: 1 } as const;
      const { ResourceRecordSets = [] } = await route53.send(new ListResourceRecordSetsCommand(from));
      const [first] = ResourceRecordSets;
      return first?.Name === `${name}.` && first.Type === type && first.ResourceRecords?.[0]?.Value === value;
    },
    change: async (HostedZoneId, Action, { name, type, ttl, value }) => {
      const ResourceRecordSet = { Name: name, Type: type, TTL: ttl, ResourceRecords: [{ Value: value }] };
      const ChangeBatch = { Changes: [{ Action, ResourceRecordSet }] };
      const { ChangeInfo } = await route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch }));
      return ChangeInfo?.Id ?? '';
    },
    // Without an id there is nothing to wait for.
    isInSync: async (Id) =>
      Id === '' ||
      (await route53.send(new GetChangeCommand({ Id: Id.replace(/^\/change\//, '') }))).ChangeInfo?.Status === 'INSYNC',
    addressesInUse: async () => (await ec2.send(new DescribeAddressesCommand({}))).Addresses?.length ?? 0,
    allocate: async (run) => {
      const Tags = [{ Key: TAG, Value: run }];
      const TagSpecifications = [{ ResourceType: 'elastic-ip' as const, Tags }];
      const { AllocationId = '', PublicIp = '' } = await ec2.send(
        new AllocateAddressCommand({ Domain: 'vpc', TagSpecifications }),
      );
      return { allocationId: AllocationId, address: PublicIp };
    },
    addressesOf: async (run) => {
      const Filters = [{ Name: `tag:${TAG}`, Values: [run] }];
      const { Addresses = [] } = await ec2.send(new DescribeAddressesCommand({ Filters }));
      return Addresses.map(({ AllocationId = '', PublicIp = '', AssociationId }) => ({
        allocationId: AllocationId,
        address: PublicIp,
        ...(AssociationId && { associationId: AssociationId }),
      }));
    },
    disassociate: async (AssociationId) => void (await ec2.send(new DisassociateAddressCommand({ AssociationId }))),
    setName: async (AllocationId, DomainName) =>
      stateOf((await ec2.send(new ModifyAddressAttributeCommand({ AllocationId, DomainName }))).Address),
    resetName: async (AllocationId) =>
      stateOf((await ec2.send(new ResetAddressAttributeCommand({ AllocationId, Attribute: 'domain-name' }))).Address),
    nameOf: async (allocationId) => {
      const asked = { AllocationIds: [allocationId], Attribute: 'domain-name' as const };
      return stateOf((await ec2.send(new DescribeAddressesAttributeCommand(asked))).Addresses?.[0]);
    },
    release: async (AllocationId, DryRun = false) => {
      try {
        await ec2.send(new ReleaseAddressCommand({ AllocationId, DryRun }));
      } catch (error) {
        // The answer of a dry run that would have worked.
        if (refusalOf(error).code !== 'DryRunOperation') throw error;
      }
    },
  };
}

function stateOf(
  found: { PtrRecord?: string; PtrRecordUpdate?: { Value?: string; Status?: string; Reason?: string } } | undefined,
): NameState {
  const { PtrRecord, PtrRecordUpdate: update } = found ?? {};
  return {
    ...(PtrRecord !== undefined && { name: PtrRecord }),
    ...(update && { update: { value: update.Value, status: update.Status, reason: update.Reason } }),
  };
}
