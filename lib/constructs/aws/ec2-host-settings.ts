import { Token } from 'cdktf';
import * as z from 'zod/mini';
import { reverseName, ZoneFinder } from '../../dns';
import { publicIpv6 } from '../../net/ip-address';
import { group } from '../../settings/group';
import { optional } from '../../settings/property';
import { distinct, flag, oneOf, type Problem, text } from '../../settings/vocabulary';
import { whole } from '../../settings/whole';
import { described } from '../../settings/wrong-type';
import type { IMailDns } from '../dns/mail-dns';
import { connectionToMadeHost } from '../host/connection-of-host';
import { awsProvider, mailDns } from '../synth/parts';
import { allocationId, imageId, profileName, securityGroupId, zoneOfRegion } from './ec2-ids';
import { Ec2Network } from './ec2-network';
import { architectureOf, isArchitectureSure } from './instance-architecture';
import { isBurstable, isXen } from './instance-family';
import { adminCidrs, tooOpen } from './networks';

/**
 * Starts in every account, on AWS' free plan too, and has memory for the virus scanner: of the types of the free plan only this one and
 * `m7i-flex.large`, which costs more, have 4 GiB.
 */
export const DEFAULT_INSTANCE_TYPE = 'c7i-flex.large';

/** What the image itself takes, and the most that a gp3 volume has. GiB. */
const IMAGE = 8;
const LARGEST = 16_384;

/** Sizes are asked for in GiB and given in MB or bytes. */
const inGib = (value: number) => {
  const gib = value % 1024 ** 3 === 0 ? value / 1024 ** 3 : value % 1024 === 0 ? value / 1024 : undefined;
  return value > LARGEST && gib !== undefined ? `${value} ${value % 1024 ** 3 === 0 ? 'bytes' : 'MiB'} are ${gib}` : undefined;
};

const instanceType: Problem = (value) => {
  if (/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/.test(value)) {
    const found = architectureOf(value);
    return 'problem' in found ? `'${value}': ${found.problem}` : undefined;
  }
  const fix = /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/i.test(value)
    ? `write '${value.toLowerCase()}'`
    : 'expected family.size, e.g. c7i-flex.large';
  return `'${value}' is not an instance type: ${fix}`;
};

/** The longest tag is 256 characters, and parts of the host append what they are. */
const nameTag: Problem = (value) => {
  if (value.trim() === '') return 'is empty: leave it out, or give a name';
  if (/[\r\n\t\0]/.test(value)) return `${JSON.stringify(value)} has a line break or a tab: a name is one line`;
  if (/^aws:/i.test(value)) return `'${value}' begins with aws:, which AWS keeps for itself`;
  return value.length > 240 ? `it has ${value.length} characters: a tag has room for 240 of them` : undefined;
};

/** Groups of a network interface, the host's own included, under the highest quota that AWS grants. */
const MOST_GROUPS = 15;

const furtherGroups = distinct(text(securityGroupId)).check((context) => {
  if (!Array.isArray(context.value) || context.value.length <= MOST_GROUPS) return;
  const message = `the list has ${context.value.length} groups: AWS takes ${MOST_GROUPS} at most in addition to the host's own (4, unless a higher quota was granted)`;
  context.issues.push({ code: 'custom', message, input: context.value });
});

const network = z.custom<Ec2Network>((value) => networkProblem(value) === undefined, {
  error: ({ input }) => networkProblem(input) ?? '',
});

function networkProblem(value: unknown): string | undefined {
  if (value instanceof Ec2Network) return undefined;
  if (typeof value === 'string' && value.startsWith('subnet-'))
    return `'${value}' is an id: write Ec2Network.subnetId('${value}')`;
  if (typeof value === 'string' && value.startsWith('vpc-')) {
    return `'${value}' is a VPC: choose a public subnet of it, e.g. Ec2Network.subnetId('subnet-0123456789abcdef0')`;
  }
  if (typeof value === 'object' && value !== null && 'vpcId' in value)
    return 'it is a subnet: write Ec2Network.subnet(…) around it';
  return `expected Ec2Network.newVpc(), defaultVpc(), subnet(…) or subnetId('subnet-…'), got ${described(value)}`;
}

/** What {@link Ec2HostProps} may hold. The public key is judged apart, since it is never repeated. */
export const ec2HostSettings = group({
  sshPublicKey: text(),
  adminCidrs,
  openSshToWorld: optional(flag()),
  connection: optional(connectionToMadeHost),
  instanceType: optional(text(instanceType)),
  cpuCredits: optional(oneOf(['standard', 'unlimited'])),
  architecture: optional(oneOf(['amd64', 'arm64'])),
  ami: optional(text(imageId)),
  network: optional(network),
  availabilityZone: optional(text(zoneOfRegion)),
  securityGroupIds: optional(furtherGroups),
  instanceProfile: optional(text(profileName)),
  elasticIpAllocationId: optional(text(allocationId)),
  publicIpv6: optional(text(publicIpv6)),
  reverseDns: optional(mailDns),
  stateVolume: optional(flag()),
  stateVolumeGiB: optional(whole({ unit: 'GiB', min: 1, max: LARGEST, fix: inGib })),
  rootVolumeGiB: optional(whole({ unit: 'GiB', min: IMAGE, max: LARGEST, fix: inGib })),
  protect: optional(flag()),
  outboundPort25Open: optional(flag()),
  name: optional(text(nameTag)),
  provider: optional(awsProvider),
}).check((context) => {
  for (const { path, message } of conflicts(context.value)) {
    context.issues.push({ code: 'custom', message, input: context.value, path: [...path] });
  }
});

interface Conflict {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What properties say against each other. */
function* conflicts(props: {
  readonly adminCidrs: readonly string[];
  readonly openSshToWorld?: boolean;
  readonly instanceType?: string;
  readonly cpuCredits?: 'standard' | 'unlimited';
  readonly architecture?: 'amd64' | 'arm64';
  readonly stateVolume?: boolean;
  readonly stateVolumeGiB?: number;
  readonly publicIpv6?: string;
  readonly reverseDns?: unknown;
}): Generator<Conflict> {
  const { instanceType: type, architecture } = props;
  yield* tooOpen(props);
  if (type !== undefined && architecture !== undefined && !Token.isUnresolved(type) && isArchitectureSure(type)) {
    const found = architectureOf(type);
    if ('architecture' in found && found.architecture !== architecture) {
      const message = `'${architecture}' is not the architecture of ${type}, which is ${found.architecture}: leave it out`;
      yield { path: ['architecture'], message };
    }
  }
  yield* unfitFamily(props);
  yield* withoutReverseName(props.publicIpv6, props.reverseDns as IMailDns | undefined);
  if (props.stateVolume === false && props.stateVolumeGiB !== undefined) {
    const message = `stateVolumeGiB needs stateVolume: true, to be '${props.stateVolumeGiB}' GiB: leave this out, or stateVolume: false`;
    yield { path: ['stateVolumeGiB'], message };
  }
}

/** What a family of instances cannot do. */
function* unfitFamily(props: {
  readonly instanceType?: string;
  readonly cpuCredits?: string;
  readonly stateVolume?: boolean;
}): Generator<Conflict> {
  const { instanceType: type = DEFAULT_INSTANCE_TYPE, cpuCredits, stateVolume = true } = props;
  if (Token.isUnresolved(type)) return;
  if (stateVolume && isXen(type)) {
    const message = `'${type}' runs on Xen, where the machine cannot tell which disk is its state volume: take a type of a later generation, e.g. ${DEFAULT_INSTANCE_TYPE}, or set stateVolume: false`;
    yield { path: ['instanceType'], message };
  }
  if (cpuCredits !== undefined && !isBurstable(type)) {
    const message = `'${cpuCredits}' has no meaning for ${type}: only T2, T3, T3a and T4g have CPU credits; leave it out`;
    yield { path: ['cpuCredits'], message };
  }
}

/** An IPv6 address that nobody can name is worse than none. */
function* withoutReverseName(address: string | undefined, dns: IMailDns | undefined): Generator<Conflict> {
  if (Token.isUnresolved(address)) return;
  if (address === undefined) {
    if (dns !== undefined)
      yield { path: ['reverseDns'], message: 'there is no publicIpv6 to name: leave it out, or give the address' };
    return;
  }
  if (dns === undefined) {
    const message = `'${address}' needs a reverse name: give reverseDns with the ip6.arpa zone that is delegated to you, or leave it out`;
    yield { path: ['publicIpv6'], message };
  } else if (new ZoneFinder(dns.zoneNames).zoneOf(reverseName(address)) === undefined) {
    const message = `'${address}' has its reverse name at ${reverseName(address)}, in none of the zones (${dns.zoneNames.join(', ')}): add its ip6.arpa zone`;
    yield { path: ['reverseDns'], message };
  }
}
