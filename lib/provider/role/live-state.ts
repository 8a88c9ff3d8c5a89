import type { ConnectionSettings } from '../../host/connection-settings';
import type { DesiredState } from '../../host/desired-state';
import { factsRequest } from '../../host/facts-request';
import type { HostConnection } from '../../host/host-connection';
import type { HostFacts } from '../../host/host-facts';
import type { HostView } from '../../host/host-view';
import { viewOfFacts } from '../../host/view';
import { dkimRecordsOn } from '../../role/dkim-on-host';
import type { RoleSettings } from '../../role/settings';
import { harmless, harmlessLines, harmlessValues } from '../../text/harmless';
import type { TerraformObject } from '../framework/values';
import { addressOf } from './machine-identity';
import type { HostAccess, RoleLogic } from './role-logic';

/** The host as it is, and what it should be. */
export interface LiveHost {
  readonly facts: HostFacts;
  readonly desired: DesiredState;
}

/**
 * Looks at a host and renders what it should be from its real capacity.
 *
 * @throws HostError, or an error of the role such as a machine that is too small
 */
export async function lookAt(
  connection: HostConnection,
  settings: RoleSettings,
  { host, role }: { readonly host: HostAccess; readonly role: RoleLogic },
  signal: AbortSignal,
): Promise<LiveHost> {
  // Names and paths do not depend on the capacity, so one question is enough to learn both.
  const facts = await host.collectFacts(connection, factsRequest(role.renderRole(settings, role.unknownCapacity('1'))), signal);
  const capacity = role.capacityOf(facts.cores, facts.memoryMiB, settings.antivirus ?? false);
  return { facts, desired: role.renderRole(settings, capacity) };
}

/** The computed attributes of a host that was looked at. */
export function liveAttributes(live: LiveHost, ssh: ConnectionSettings, hostKey: string): TerraformObject {
  return {
    id: addressOf(ssh),
    host_key: hostKey,
    cores: live.facts.cores,
    memory_mib: live.facts.memoryMiB,
    dkim_records: dkimRecordsOn(live.facts),
    ...shownView(live),
  };
}

/** The view as a plan may show it. Files hold what anybody on the host wrote; the stack's own texts stay as they are, to be compared. */
function shownView({ facts, desired }: LiveHost): HostView {
  const { files, ...rest } = viewOfFacts(facts, desired);
  const wanted = new Map(desired.files.map(({ path, content }) => [path, content]));
  const texts = Object.entries(files).map(([path, text]) => [
    harmless(path),
    text === wanted.get(path) ? text : harmlessLines(text, text.length),
  ]);
  return { files: Object.fromEntries(texts), ...harmlessValues(rest) };
}
