import { execFileSync } from 'node:child_process';
import { connectionSettings } from '../lib/host/connection-settings';
import type { DesiredState } from '../lib/host/desired-state';
import { capacityOf } from '../lib/role/capacity';
import { renderRole } from '../lib/role/render';
import { roleSettings } from '../lib/role/settings';
import type { CheckTask } from './check-task';

/** The mail role as it was deployed: what Terraform's state says, in the words of the schemas. */
export interface DeployedRole extends CheckTask {
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** @throws when the stack in this folder has no deployed `mailserver_role`. */
export function deployedRole(stackDir: string): DeployedRole {
  const shown = JSON.parse(execFileSync('terraform', ['show', '-json'], { cwd: stackDir, encoding: 'utf8', maxBuffer: 1 << 28 }));
  const resources = shown.values?.root_module?.resources as { type: string; values: Record<string, unknown> }[] | undefined;
  const values = resources?.find(({ type }) => type === 'mailserver_role')?.values;
  if (!values) throw new Error(`no mailserver_role is deployed in ${stackDir}; run "mailserver lab up" first`);
  const known = new Set([...Object.keys(roleSettings.shape), 'ssh', 'instanceId']);
  const attributes = Object.fromEntries(
    Object.entries(values).filter(([name, value]) => value !== null && known.has(camelCase(name))),
  );
  const { ssh, instanceId: _, ...settings } = camelCaseKeys(attributes) as Record<string, unknown>;
  const parsed = roleSettings.parse(settings);
  const capacity = capacityOf(Number(values.cores), Number(values.memory_mib), parsed.antivirus ?? false);
  const desired: DesiredState = renderRole(parsed, capacity);
  return { attributes, connection: connectionSettings.parse(ssh), desired };
}

const camelCase = (name: string) => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Names of attributes, not the keys of maps: those are the user's, such as domains. */
function camelCaseKeys(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([name, item]) => [camelCase(name), nested(camelCase(name), item)]),
  );
}

function nested(name: string, item: unknown): unknown {
  if (item === null || typeof item !== 'object' || Array.isArray(item)) return item;
  const record = item as Record<string, unknown>;
  if (name === 'domains')
    return Object.fromEntries(Object.entries(record).map(([domain, v]) => [domain, camelCaseKeys(v as Record<string, unknown>)]));
  return name === 'ssh' || name === 'bastion' || name === 'stateVolume' ? camelCaseKeys(record) : record;
}
