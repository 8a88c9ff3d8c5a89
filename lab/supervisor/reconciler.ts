import type { DnsServer } from '../dns';
import { ensureImages, type ImageName, imageNames } from '../images';
import { bootMachine, haltMachine, listMachines, removeMachine, removeVolume, syncVolumes } from '../machines';
import type { LabConditions } from '../model/conditions';
import type { CloudSnapshot, MachineSpec } from '../model/contracts';
import { ensurePlug, ensureVpcs } from '../network';
import type { Lab } from '../system';
import type { Disturbance } from './control';
import { Latest } from './latest';
import { type Action, plan, vpcNetworks } from './plan';

/** Machines that stand for instances have their ids as names. */
export const isInstance = (machine: string) => /^i-[0-9a-f]+$/.test(machine);

/**
 * What an instance is booted from.
 * @throws when the lab has no such image.
 */
function bootable(image: string, packages: LabConditions['instancePackages']): ImageName {
  const found = imageNames.find((name) => name === image && name !== 'world');
  if (found === 'debian-13' && packages === 'of the role') return 'debian-13-mail';
  if (!found) throw new Error(`no machine image for "${image}"; the lab boots debian-13 and debian-12`);
  return found;
}

/** Makes networks, machines and name servers what the newest snapshot says: each at its own pace, none waits for a slow other. */
export class Reconciler {
  private readonly volumes = new Set<string>();
  /** Since the boot: a machine's own record has what it was booted with. */
  private readonly changed = new Map<string, Partial<MachineSpec>>();
  private readonly names: Latest<CloudSnapshot>;
  private readonly networks: Latest<CloudSnapshot>;
  private readonly machines: Latest<CloudSnapshot>;
  private newest: CloudSnapshot = { instances: [], elasticIps: [], zones: [], volumeIds: [] };
  private port25Blocked = false;
  private port25Open: boolean;
  private instancePackages: LabConditions['instancePackages'];

  constructor(
    private readonly lab: Lab,
    private readonly dns: DnsServer,
    private readonly conditions: LabConditions,
    private readonly log: (line: string) => void,
  ) {
    this.port25Open = conditions.outboundPort25 === 'open';
    this.instancePackages = conditions.instancePackages;
    const failed = (what: string) => (error: Error) => log(`${what}: ${error.message}`);
    this.names = new Latest((snapshot) => dns.update(snapshot), failed('name server'));
    this.networks = new Latest((snapshot) => ensureVpcs(lab, vpcNetworks(snapshot, !this.port25IsOpen)), failed('networks'));
    this.machines = new Latest((snapshot) => this.reconcileMachines(snapshot), failed('machines'));
  }

  /** Takes note of a newer state of the cloud; returns at once. */
  offer(snapshot: CloudSnapshot): void {
    this.newest = snapshot;
    this.names.offer(snapshot);
    this.networks.offer(snapshot);
    this.machines.offer(snapshot);
  }

  /** Makes names and networks as bad as described, from the next look on; returns when they are. */
  async disturb({ dns, outboundPort25Blocked = false, instancePackages }: Disturbance): Promise<void> {
    this.instancePackages = instancePackages ?? this.conditions.instancePackages;
    await this.dns.setFaults(dns ?? {}, this.newest);
    this.port25Blocked = outboundPort25Blocked;
    await this.changeNetworks();
  }

  /** Whether instances can send to port 25 of others. */
  get port25IsOpen(): boolean {
    return this.port25Open && !this.port25Blocked;
  }

  /** Lets instances send to port 25, or no more; returns when it is so. */
  async setPort25(open: boolean): Promise<void> {
    this.port25Open = open;
    await this.changeNetworks();
  }

  private async changeNetworks(): Promise<void> {
    this.networks.offer(this.newest);
    await this.networks.idle();
    if (this.networks.error) throw this.networks.error;
  }

  /**
   * Resolves when the name servers say what the newest snapshot says.
   * @throws when they could not be made to.
   */
  async namesServed(): Promise<void> {
    await this.names.idle();
    if (this.names.error) throw this.names.error;
  }

  /** Resolves when the lab is as the newest snapshot says, or has given up on it. */
  async settled(): Promise<void> {
    await Promise.all([this.names.idle(), this.networks.idle(), this.machines.idle()]);
  }

  /** What could not be done, by part of the lab. */
  get errors(): Record<string, string> {
    const parts = { 'name server': this.names, networks: this.networks, machines: this.machines };
    return Object.fromEntries(Object.entries(parts).flatMap(([part, { error }]) => (error ? [[part, error.message]] : [])));
  }

  private async reconcileMachines(snapshot: CloudSnapshot): Promise<void> {
    const all = await listMachines(this.lab);
    const machines = all
      .filter(({ spec }) => isInstance(spec.name))
      .map(({ spec, running }) => ({ spec: { ...spec, ...this.changed.get(spec.name) }, running }));
    for (const { spec } of machines) for (const { id } of spec.volumes) this.volumes.add(id);
    const actions = plan(snapshot, { machines, volumes: [...this.volumes] });
    if (actions.length === 0) return;
    // A machine needs its subnet's switch; leaving ones go first, volumes are free only then.
    await this.networks.idle();
    const leaving = (action: Action) => action.kind === 'remove' || action.kind === 'halt';
    await this.carryOut(actions.filter(leaving));
    await this.carryOut(actions.filter(({ kind }) => kind === 'boot' || kind === 'volumes' || kind === 'addresses'));
    await this.carryOut(actions.filter((action) => action.kind === 'remove volume'));
  }

  private async carryOut(actions: readonly Action[]): Promise<void> {
    const results = await Promise.allSettled(actions.map((action) => this.act(action)));
    const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
    if (failures.length > 0) throw new Error(failures.map(({ message }) => message).join('\n'));
  }

  private note(machine: string, values: Partial<MachineSpec>): void {
    this.changed.set(machine, { ...this.changed.get(machine), ...values });
  }

  private async boot(spec: MachineSpec): Promise<void> {
    for (const { id } of spec.volumes) this.volumes.add(id);
    const image = bootable(spec.image, this.instancePackages);
    await ensureImages(this.lab.cacheDir, [image], () => undefined);
    await bootMachine(this.lab, { ...spec, image });
    this.changed.delete(spec.name);
  }

  private async act(action: Action): Promise<void> {
    const begin = performance.now();
    switch (action.kind) {
      case 'boot':
        await this.boot(action.spec);
        break;
      case 'halt':
        await haltMachine(this.lab, action.machine);
        break;
      case 'remove':
        await removeMachine(this.lab, action.machine);
        this.changed.delete(action.machine);
        break;
      case 'volumes':
        for (const { id } of action.volumes) this.volumes.add(id);
        await syncVolumes(this.lab, action.machine, action.volumes);
        this.note(action.machine, { volumes: action.volumes });
        break;
      case 'addresses':
        await ensurePlug(this.lab, action.spec);
        this.note(action.spec.name, { addresses: action.spec.addresses });
        break;
      case 'remove volume':
        await removeVolume(this.lab, action.volume);
        this.volumes.delete(action.volume);
        break;
    }
    const target = 'spec' in action ? action.spec.name : action.kind === 'remove volume' ? action.volume : action.machine;
    this.log(`${action.kind} ${target}: ${Math.round(performance.now() - begin)} ms`);
  }
}
