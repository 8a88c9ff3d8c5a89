import type { CloudInstance, CloudSnapshot, CloudVolume, MachineSpec } from '../model/contracts';
import { vpcDns } from '../model/world-addresses';
import { gatewayOf, subnetSwitch, type VpcNetwork, vpcResolver } from '../network';

/** One thing to do so that the machines become what the cloud says. */
export type Action =
  | { readonly kind: 'boot'; readonly spec: MachineSpec }
  | { readonly kind: 'halt'; readonly machine: string }
  | { readonly kind: 'remove'; readonly machine: string }
  | { readonly kind: 'volumes'; readonly machine: string; readonly volumes: readonly CloudVolume[] }
  | { readonly kind: 'addresses'; readonly spec: MachineSpec }
  | { readonly kind: 'remove volume'; readonly volume: string };

/** What there is now. */
export interface Current {
  /** Machines that stand for instances of the cloud. */
  readonly machines: readonly { readonly spec: MachineSpec; readonly running: boolean }[];
  /** Ids of volumes that have data here. */
  readonly volumes: readonly string[];
}

const runs = (instance: CloudInstance) => instance.state === 'pending' || instance.state === 'running';
const gone = (instance: CloudInstance) => instance.state === 'terminated' || instance.state === 'shutting-down';

/** What to do with machines and volumes: pure, so that every case is a line of data in a test. */
export function plan(snapshot: CloudSnapshot, current: Current): Action[] {
  const wanted = new Map(snapshot.instances.filter((instance) => !gone(instance)).map((instance) => [instance.id, instance]));
  const actions: Action[] = [];
  for (const { spec, running } of current.machines) {
    const instance = wanted.get(spec.name);
    if (!instance) actions.push({ kind: 'remove', machine: spec.name });
    else if (running && !runs(instance)) actions.push({ kind: 'halt', machine: spec.name });
  }
  for (const instance of wanted.values()) {
    const machine = current.machines.find(({ spec }) => spec.name === instance.id);
    if (runs(instance) && !machine?.running) actions.push({ kind: 'boot', spec: machineSpec(instance) });
    else if (machine && !sameVolumes(machine.spec.volumes, instance.volumes)) {
      actions.push({ kind: 'volumes', machine: instance.id, volumes: instance.volumes });
    }
    // A running machine learns its IPv6 addresses from the network, as at AWS.
    const spec = machineSpec(instance);
    if (runs(instance) && machine?.running && machine.spec.addresses.join() !== spec.addresses.join()) {
      actions.push({ kind: 'addresses', spec });
    }
  }
  const existing = new Set(snapshot.volumeIds);
  for (const volume of current.volumes) if (!existing.has(volume)) actions.push({ kind: 'remove volume', volume });
  return actions;
}

function sameVolumes(some: readonly CloudVolume[], others: readonly CloudVolume[]): boolean {
  const text = (volumes: readonly CloudVolume[]) =>
    volumes
      .map(({ id, sizeGiB, device }) => `${id} ${sizeGiB} ${device}`)
      .sort()
      .join();
  return text(some) === text(others);
}

/** An instance as a machine. */
export function machineSpec(instance: CloudInstance): MachineSpec {
  const { subnetCidr, subnetIpv6Cidr } = instance;
  const ipv6 = subnetIpv6Cidr ? instance.ipv6 : [];
  return {
    name: instance.id,
    image: imageOf(instance.imageName),
    hostName: `ip-${instance.privateIpv4.replaceAll('.', '-')}.eu-central-1.compute.internal`,
    network: subnetSwitch(instance.vpcId, subnetCidr),
    addresses: [`${instance.privateIpv4}/${prefixLength(subnetCidr)}`, ...ipv6.map((address) => `${address}/64`)],
    gateways: [gatewayOf(subnetCidr), ...(subnetIpv6Cidr && ipv6.length > 0 ? [gatewayOf(subnetIpv6Cidr)] : [])],
    nameServers: [vpcResolver],
    cloudInit: { instanceId: instance.id, userData: instance.userData },
    publicKeys: instance.publicKeys,
    volumes: instance.volumes,
  };
}

function prefixLength(cidr: string): string {
  return cidr.slice(cidr.indexOf('/') + 1);
}

/** `debian-13-amd64-20260801-2559` is the lab's image `debian-13`. */
function imageOf(imageName: string): string {
  return /^debian-\d+/.exec(imageName)?.[0] ?? imageName;
}

/** The VPCs that instances live in, with their Elastic IPs and the firewalls of the instances. */
export function vpcNetworks(snapshot: CloudSnapshot, outboundPort25Blocked = false): VpcNetwork[] {
  const live = snapshot.instances.filter((instance) => !gone(instance));
  return [...new Set(live.map(({ vpcId }) => vpcId))].sort().map((vpcId) => {
    const subnets = new Map<string, VpcNetwork['subnets'][number]>();
    for (const { vpcId: of, subnetCidr: cidr, subnetIpv6Cidr: ipv6Cidr } of live) {
      if (of === vpcId) subnets.set(cidr, ipv6Cidr ? { cidr, ipv6Cidr } : { cidr });
    }
    const elasticIps = snapshot.elasticIps.flatMap(({ publicIpv4, privateIpv4, vpcId: of }) =>
      privateIpv4 && of === vpcId ? [{ publicIpv4, privateIpv4 }] : [],
    );
    const firewalls = live
      .filter((instance) => instance.vpcId === vpcId)
      .map(({ privateIpv4, ipv6, firewall }) => ({ addresses: [privateIpv4, ...ipv6], ...firewall }));
    return { vpcId, subnets: [...subnets.values()], elasticIps, resolver: vpcDns.ipv4, firewalls, outboundPort25Blocked };
  });
}
