import type { Address, Aws, NameState } from '../../../scripts/aws-check/aws';
import type { Dns } from '../../../scripts/aws-check/dns';
import type { Record } from '../../../scripts/aws-check/journal';
import type { Stacks } from '../../../scripts/aws-check/stacks';
import type { VirtualClock } from './virtual-clock';

export const nameServers = ['ns-1.example.net', 'ns-2.example.org'];
export const zoneName = 'mail.example';

/** Seconds of this world, as people report them of the real one. */
const PTR = 120;
const HELD = 90;
const IN_SYNC = 20;
const NEGATIVE = 900;

class Refused extends Error {
  constructor(
    override readonly name: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * What happens at a call: nothing goes out, the answer is lost, or the process is interrupted or killed. Calls are counted from 1; those
 * of one kind in a row, as polling makes them, are one.
 */
export type Fault = { readonly call: number; readonly how: 'not sent' | 'answer lost' | 'interrupted' | 'died' };

/** The process is gone: nothing after this counts. */
export class Died extends Error {}

/** An account, the DNS of the world, and Terraform; with one fault. */
export class FakeWorld {
  calls = 0;
  readonly records = new Map<string, { value: string; since: number }>();
  readonly addresses = new Map<
    string,
    { address: Address; run: string; name?: string; update?: { at: number; value?: string }; heldUntil: number }
  >();
  deployed = false;
  applied: string[] = [];
  private readonly missed = new Map<string, number>();
  isDead = false;
  private lastKind = '';

  constructor(
    readonly clock: VirtualClock,
    private readonly fault?: Fault,
    private readonly interrupt: () => void = () => undefined,
  ) {}

  /** What costs money or is in somebody's way. */
  get left(): string[] {
    return [...this.records.keys(), ...this.addresses.keys(), ...(this.deployed ? ['stack'] : [])];
  }

  readonly aws: Aws = {
    region: 'eu-central-1',
    caller: () => this.call('caller', () => ({ account: '123456789012', arn: 'arn:aws:iam::123456789012:user/me' })),
    zones: (name) => this.call('zones', () => (name === zoneName ? [{ id: 'Z1', nameServers }] : [])),
    hasRecord: (_zone, record) => this.call('hasRecord', () => this.records.get(record.name)?.value === record.value),
    change: (_zone, action, record) => this.call('change', () => this.change(action, record)),
    isInSync: (id) => this.call('isInSync', () => this.seconds >= Number(id) + IN_SYNC),
    addressesInUse: () => this.call('addressesInUse', () => this.addresses.size),
    allocate: (run) => this.call('allocate', () => this.allocate(run)),
    addressesOf: (run) =>
      this.call('addressesOf', () =>
        [...this.addresses.values()].filter((each) => each.run === run).map(({ address }) => address),
      ),
    disassociate: () => this.call('disassociate', () => undefined),
    setName: (id, name) => this.call('setName', () => this.update(id, name)),
    resetName: (id) => this.call('resetName', () => this.update(id, undefined)),
    nameOf: (id) => this.call('nameOf', () => this.stateOf(id)),
    release: (id, dryRun) => this.call('release', () => this.release(id, dryRun)),
  };

  readonly dns: Dns = {
    resolvers: ['198.51.100.53', '198.51.100.54'],
    ask: async (resolver, name, type) => {
      const none = { outcome: 'nxdomain', values: [], records: [] } as const;
      if (type === 'NS') return { outcome: 'answer', values: nameServers.map((server) => `${server}.`), records: [] };
      if (type === 'PTR') {
        const values = [...this.addresses.keys()].map((id) => this.stateOf(id).name).filter((found) => found !== undefined);
        return values.length > 0 ? { outcome: 'answer', values, records: [] } : none;
      }
      const forgets = this.missed.get(`${resolver} ${name}`) ?? 0;
      const record = this.records.get(name);
      if (record && this.seconds >= Math.max(record.since + IN_SYNC, forgets)) {
        return { outcome: 'answer', values: [record.value], records: [] };
      }
      if (forgets <= this.seconds) this.missed.set(`${resolver} ${name}`, this.seconds + NEGATIVE);
      return none;
    },
  };

  readonly stacks: Stacks = {
    prepare: () => this.call('prepare', () => undefined),
    apply: (_folder, { MAILSERVER_HELO_NAME: name }, options) =>
      this.call('apply', () => {
        this.deployed = true;
        this.applied.push([name, ...options].join(' '));
      }),
    isPlanEmpty: () => this.call('isPlanEmpty', () => true),
    resources: () => this.call('resources', () => (this.deployed ? ['aws_instance.host_B2EE9C8F', 'aws_vpc.it'] : [])),
    destroy: () =>
      this.call('destroy', () => {
        this.deployed = false;
      }),
  };

  private get seconds(): number {
    return this.clock.now() / 1000;
  }

  private async call<T>(kind: string, effect: () => T): Promise<T> {
    if (this.isDead) return new Promise(() => undefined);
    const isFirst = kind !== this.lastKind;
    this.lastKind = kind;
    if (isFirst) this.calls += 1;
    const how = isFirst && this.calls === this.fault?.call ? this.fault.how : undefined;
    if (how === 'not sent') throw new Refused('TimeoutError', 'no answer');
    if (how === 'interrupted') this.interrupt();
    const value = effect();
    if (how === 'died') {
      this.isDead = true;
      throw new Died();
    }
    if (how === 'answer lost') throw new Refused('TimeoutError', 'no answer');
    return value;
  }

  private change(action: string, { name, value }: Record): string {
    const isThere = this.records.has(name);
    if (isThere === (action === 'CREATE')) throw new Refused('InvalidChangeBatch', `${action} of ${name}`);
    if (action === 'CREATE') this.records.set(name, { value, since: this.seconds });
    else this.records.delete(name);
    return String(this.seconds);
  }

  private allocate(run: string): Address {
    const address = { allocationId: `eipalloc-${this.addresses.size}`, address: '198.51.100.25' };
    this.addresses.set(address.allocationId, { address, run, heldUntil: 0 });
    return address;
  }

  private find(id: string) {
    const found = this.addresses.get(id);
    if (!found) throw new Refused('InvalidAllocationID.NotFound', id);
    return found;
  }

  private update(id: string, value: string | undefined): NameState {
    const found = this.find(id);
    const record = value && this.records.get(value.replace(/\.$/, ''));
    if (value && (!record || this.seconds < record.since + IN_SYNC))
      throw new Refused('InvalidParameterValue', 'no forward record');
    found.update = { at: this.seconds + PTR, value };
    return this.stateOf(id);
  }

  private stateOf(id: string): NameState {
    const found = this.find(id);
    if (found.update && this.seconds >= found.update.at) {
      if (found.update.value === undefined) found.heldUntil = this.seconds + HELD;
      found.name = found.update.value && `${found.update.value.replace(/\.$/, '')}.`;
      found.update = undefined;
    }
    return {
      ...(found.name && { name: found.name }),
      ...(found.update && { update: { status: 'PENDING', value: found.update.value } }),
    };
  }

  private release(id: string, dryRun = false): void {
    const { name, update } = this.stateOf(id);
    if (name || update || this.seconds < this.find(id).heldUntil) throw new Refused('InvalidAddress.PtrSet', 'it has a name');
    if (!dryRun) this.addresses.delete(id);
  }
}
