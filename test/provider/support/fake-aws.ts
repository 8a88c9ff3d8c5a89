import type { Addresses, AddressName } from '../../../lib/provider/aws/addresses';
import type { AwsParts } from '../../../lib/provider/aws/parts';
import { AwsError } from '../../../lib/provider/aws/query';
import { fakeDns } from './fake-dns';

export interface FakeAwsOptions {
  /** How long a request to set or reset a name is PENDING. Seconds. */
  readonly pending?: number;
  /** Why a request to set a name fails in the end. */
  readonly reason?: string;
  /** How long an address is not released after its name was reset. Seconds. */
  readonly held?: number;
  /** What the address has at the beginning. */
  readonly before?: AddressName;
  /** Calls that are refused, with the code. */
  readonly refused?: Readonly<Record<string, string>>;
  readonly associated?: boolean;
  /** Requests are lost that come while AWS is at another one. Default: they take its place. */
  readonly loses?: boolean;
  readonly listed?: Awaited<ReturnType<AwsParts['dns']['listings']>>;
}

/** Elastic IPs as at AWS: requests are PENDING for a while, then done or FAILED, and an address is held after a reset. Time goes by in waits. */
export class FakeAws implements AwsParts {
  readonly calls: string[] = [];
  readonly dns;
  seconds = 0;
  private readonly names = new Map<string, AddressName>();
  private readonly due = new Map<string, { readonly at: number; readonly result: AddressName }>();
  private readonly heldUntil = new Map<string, number>();
  private readonly released = new Set<string>();

  constructor(private readonly options: FakeAwsOptions = {}) {
    if (options.before) {
      this.names.set('eipalloc-1', options.before);
      if (options.before.update?.status === 'PENDING') this.settle('eipalloc-1', { name: options.before.update.value });
    }
    this.dns = { ...fakeDns({}), listings: async () => options.listed ?? [] };
  }

  now = () => this.seconds * 1000;
  sleep = async (milliseconds: number) => {
    this.seconds += milliseconds / 1000;
  };
  name = (allocationId = 'eipalloc-1') => this.current(allocationId);

  addresses = async (): Promise<Addresses> => ({
    nameOf: async (id) => this.called('nameOf', id, () => this.current(id)),
    exists: async (id) => this.called('exists', id, () => !this.released.has(id)),
    setName: async (id, name) =>
      this.called(`setName ${name}`, id, () => {
        if (this.isLost(id)) return;
        const value = `${name}.`;
        this.names.set(id, { ...this.without(id), update: { value, status: 'PENDING' } });
        const { reason } = this.options;
        this.settle(
          id,
          reason === undefined ? { name: value } : { ...this.without(id), update: { value, status: 'FAILED', reason } },
        );
      }),
    resetName: async (id) =>
      this.called('resetName', id, () => {
        if (this.isLost(id)) return;
        this.names.set(id, { ...this.without(id), update: { value: 'ec2-name.', status: 'PENDING' } });
        this.heldUntil.set(id, this.seconds + (this.options.pending ?? 0) + (this.options.held ?? 0));
        this.settle(id, {});
      }),
    release: async (id) =>
      this.called('release', id, () => {
        const { name, update } = this.current(id);
        if (name !== undefined || update !== undefined || this.seconds < (this.heldUntil.get(id) ?? 0)) {
          throw new AwsError('InvalidAddress.PtrSet', 'the address has a PTR record');
        }
        if (this.options.associated) throw new AwsError('InvalidIPAddress.InUse', 'the address is in use');
        this.released.add(id);
      }),
  });

  private called<T>(call: string, id: string, work: () => T): T {
    if (call !== 'nameOf') this.calls.push(`${call} ${id}`);
    if (this.released.has(id)) throw new AwsError('InvalidAllocationID.NotFound', `${id} is not there`);
    const code = this.options.refused?.[call.split(' ')[0] ?? ''];
    if (code !== undefined) throw new AwsError(code, 'You are not allowed');
    return work();
  }

  private isLost(id: string): boolean {
    return this.options.loses === true && this.current(id).update?.status === 'PENDING';
  }

  private settle(id: string, result: AddressName): void {
    this.due.set(id, { at: this.seconds + (this.options.pending ?? 0), result });
  }

  private current(id: string): AddressName {
    const due = this.due.get(id);
    if (due && due.at <= this.seconds) {
      this.due.delete(id);
      this.names.set(id, due.result);
    }
    return this.names.get(id) ?? {};
  }

  private without(id: string): AddressName {
    const { name } = this.current(id);
    return name === undefined ? {} : { name };
  }
}
