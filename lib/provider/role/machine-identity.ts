import type { ConnectionSettings } from '../../host/connection-settings';
import { isObject, type TerraformObject, UNKNOWN } from '../framework/values';

const defaultPort = 22;

/** `198.51.100.25:22`, `[2001:db8::25]:22`: the id of the resource. */
export function addressOf({ host, port }: Pick<ConnectionSettings, 'host' | 'port'>): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port ?? defaultPort}`;
}

/**
 * Whether configuration and state speak of the same machine: only then its host key, cores and memory in the state still hold.
 * A new instance id, address or pinned host key means another one; something unknown may mean one.
 */
export function isSameMachine(prior: TerraformObject | null, next: TerraformObject): boolean {
  if (!prior || !isObject(prior.ssh) || !isObject(next.ssh)) return false;
  const [before, after] = [prior.ssh, next.ssh];
  const same = (left: unknown, right: unknown) => left !== UNKNOWN && right !== UNKNOWN && (left ?? null) === (right ?? null);
  return (
    same(prior.instance_id, next.instance_id) &&
    same(before.host, after.host) &&
    same(before.port ?? defaultPort, after.port ?? defaultPort) &&
    same(before.host_key, after.host_key)
  );
}

/**
 * An imported state in which the machine has the identity that the configuration gives it. The import knew its address only, and
 * what answers there has still to prove its host key.
 */
export function withIdentityOf(next: TerraformObject, prior: TerraformObject | null): TerraformObject | null {
  if (!prior || (prior.instance_id ?? null) !== null) return prior;
  return { ...prior, instance_id: next.instance_id ?? null };
}

/**
 * Whether the machine is as large as when the state was written, so that its cores and memory still hold. One that is resized in
 * the same apply stays the same machine, with the same host key. A size that is named for the first time says nothing new.
 */
export function isSameSize(prior: TerraformObject | null, next: TerraformObject): boolean {
  if (next.machine_type === UNKNOWN) return false;
  return (
    (prior?.machine_type ?? null) === null || (next.machine_type ?? null) === null || prior?.machine_type === next.machine_type
  );
}

/** The id as far as it is known. */
export function plannedId(next: TerraformObject): string | typeof UNKNOWN {
  if (!isObject(next.ssh)) return UNKNOWN;
  const { host, port } = next.ssh;
  if (host === UNKNOWN || port === UNKNOWN) return UNKNOWN;
  return addressOf({ host: String(host), port: typeof port === 'number' ? port : undefined });
}
