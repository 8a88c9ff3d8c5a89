import { rm } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { ensureImages, type ImageName } from '../../../lab/images';
import { bootMachine, execIn, labKey, powerCut, removeMachine, tearDown } from '../../../lab/machines';
import type { CloudVolume, MachineSpec } from '../../../lab/model/contracts';
import { ensureInternet, internet, operatorIpv4, operatorIpv6 } from '../../../lab/network';
import type { Lab } from '../../../lab/system';
import { type ApplyOptions, applyChanges } from '../../../lib/host/apply';
import type { ChangeSet } from '../../../lib/host/change-set';
import { collectFacts } from '../../../lib/host/collect-facts';
import { type ConnectOptions, connectHost } from '../../../lib/host/connect';
import type { ConnectionSettings } from '../../../lib/host/connection-settings';
import type { DesiredState } from '../../../lib/host/desired-state';
import { diff, isEmpty } from '../../../lib/host/diff';
import { factsRequest } from '../../../lib/host/facts-request';
import type { HostConnection } from '../../../lib/host/host-connection';
import { viewOfDesired, viewOfFacts } from '../../../lib/host/view';
import { derivedWarnings } from '../../../lib/provider/role/derived-warnings';
import { ForwardedPort } from './forwarded-port';
import { machinesLab } from './lab';
import { MemoryLimit } from './memory-limit';

/** The machines of all labs of this process that run. */
export const bootedMachines = new Set<TestMachine>();

/** Machines on one switch, and the ways to them. */
export class HostLab {
  private readonly machines = new Map<string, TestMachine>();

  private constructor(
    readonly lab: Lab,
    private readonly image: ImageName,
    private readonly key: { readonly path: string; readonly publicKey: string },
  ) {}

  /** @param image Which machines have, if nothing else is said. */
  static async start(image: ImageName, ...others: readonly ImageName[]): Promise<HostLab> {
    const lab = await machinesLab('h');
    await ensureImages(lab.cacheDir, [image, ...others], () => undefined);
    await ensureInternet(lab);
    return new HostLab(lab, image, await labKey(lab));
  }

  /** Boots a machine; with `cloudInit` it is still being set up when this returns, as a new instance is. */
  async boot(
    name: string,
    options: {
      number: number;
      /** Further addresses of the machine, 198.51.100.N. */
      alsoNumbers?: readonly number[];
      ipv6?: string;
      alsoIpv6?: readonly string[];
      image?: ImageName;
      cloudInit?: boolean;
      volumes?: readonly CloudVolume[];
    },
  ) {
    const address = `198.51.100.${options.number}`;
    const spec: MachineSpec = {
      name,
      image: options.image ?? this.image,
      hostName: `${name}.example.test`,
      network: internet,
      addresses: [
        ...[options.number, ...(options.alsoNumbers ?? [])].map((number) => `198.51.100.${number}/24`),
        ...[...(options.ipv6 ? [options.ipv6] : []), ...(options.alsoIpv6 ?? [])].map((each) => `${each}/64`),
      ],
      gateways: options.ipv6 ? [operatorIpv4, operatorIpv6] : [operatorIpv4],
      nameServers: [],
      publicKeys: [this.key.publicKey],
      volumes: options.volumes ?? [],
      ...(options.cloudInit && { cloudInit: { instanceId: name, userData: '' } }),
    };
    await bootMachine(this.lab, spec, { suppressSync: false });
    const forwarded = await ForwardedPort.open(this.lab, address);
    const user = options.cloudInit ? 'admin' : 'root';
    const machine = new TestMachine(this.lab, spec, forwarded, { user, privateKeyPath: this.key.path });
    this.machines.set(name, machine);
    bootedMachines.add(machine);
    return machine;
  }

  async remove(machine: TestMachine): Promise<void> {
    machine.close();
    bootedMachines.delete(machine);
    await removeMachine(this.lab, machine.spec.name);
  }

  async stop(): Promise<void> {
    for (const machine of this.machines.values()) {
      machine.close();
      bootedMachines.delete(machine);
    }
    await tearDown(this.lab);
    await rm(this.lab.stateDir, { recursive: true, force: true });
  }
}

export interface Outcome {
  readonly changes: ChangeSet;
  /** Lines of progress. */
  readonly lines: readonly string[];
}

export class TestMachine {
  /** Done to every state before it is applied or looked for: how a mutant of the product gets onto the machine. */
  alteration: (desired: DesiredState) => DesiredState = (desired) => desired;
  /** The state that was applied last, without the alteration. */
  wanted: DesiredState | undefined;

  constructor(
    private readonly lab: Lab,
    readonly spec: MachineSpec,
    /** The way to it. */
    readonly forwarded: ForwardedPort,
    private readonly login: { readonly user: string; readonly privateKeyPath: string },
  ) {}

  get settings(): ConnectionSettings {
    return { host: '127.0.0.1', port: this.forwarded.port, timeoutSeconds: 60, ...this.login };
  }

  connect(options: ConnectOptions = {}): Promise<HostConnection> {
    return connectHost(this.settings, options);
  }

  /** A script as root inside the machine, past everything that is under test. */
  async inside(script: string): Promise<string> {
    return (await execIn(this.lab, this.spec.name, ['bash', '-ec', script])).stdout.trim();
  }

  /** What the diff finds to do. */
  async look(wanted: DesiredState): Promise<{ changes: ChangeSet; planIsEmpty: boolean; warnings: string[] }> {
    const desired = this.alteration(wanted);
    const connection = await this.connect();
    try {
      const facts = await collectFacts(connection, factsRequest(desired));
      const planIsEmpty = isDeepStrictEqual(viewOfFacts(facts, desired), viewOfDesired(desired));
      return { changes: diff(facts, desired), planIsEmpty, warnings: derivedWarnings(facts).map(({ detail }) => detail) };
    } finally {
      await connection.close();
    }
  }

  /** Connects, compares, applies; then the host has to be what was desired. */
  async apply(wanted: DesiredState, options: Partial<ApplyOptions> & { onLine?: (line: string) => void } = {}): Promise<Outcome> {
    this.wanted = wanted;
    const desired = this.alteration(wanted);
    const lines: string[] = [];
    const connection = await this.connect();
    const onProgress = (line: string) => {
      lines.push(line);
      options.onLine?.(line);
    };
    try {
      const changes = diff(await collectFacts(connection, factsRequest(desired)), desired);
      if (isEmpty(changes)) return { changes, lines };
      await applyChanges({ connection, reconnect: () => this.connect(), desired, changes, onProgress, ...options });
      const after = await this.look(wanted);
      expect(after).toMatchObject({ planIsEmpty: true });
      expect(isEmpty(after.changes)).toBe(true);
      return { changes, lines };
    } finally {
      await connection.close();
    }
  }

  /** Of a process, by its pid in the machine, and all that it starts. */
  limitMemory(pid: number, mebibytes: number): Promise<MemoryLimit> {
    return MemoryLimit.of(this.lab, this.spec.name, pid, mebibytes);
  }

  async cutPower(): Promise<void> {
    await powerCut(this.lab, this.spec.name);
  }

  async bootAgain(): Promise<void> {
    await bootMachine(this.lab, this.spec, { suppressSync: false });
  }

  close(): void {
    this.forwarded.close();
  }
}
