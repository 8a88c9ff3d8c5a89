import type { DesiredState, ManagedList } from '../../host/desired-state';
import type { RoleSettings } from '../../role/settings';
import { type Diagnostic, hasErrors } from '../framework/diagnostics';
import type { PlanRequest, PlanResult, PrivateState, ResourceContext } from '../framework/resource';
import { isWhollyKnown, type TerraformObject, UNKNOWN } from '../framework/values';
import { viewNames } from './attributes';
import { plannedRecords } from './dkim-records';
import { firstContact } from './first-contact';
import { isTrusted, withoutSecrets } from './held-back';
import { thrownDiagnostic } from './host-diagnostics';
import { listChanges } from './list-changes';
import { isSameMachine, isSameSize, plannedId, withIdentityOf } from './machine-identity';
import { mapFilesOf, withMaps } from './map-files';
import { plannedView } from './planned-view';
import { type Doubt, doubtIn, isUnnamed, knownJumpHostKey, withCreation, withoutDoubt } from './private-notes';
import { refusedBySes } from './refused-by-ses';
import { createdOn } from './replacement';
import type { ResourceSettings } from './resource-settings';
import type { RoleResourceParts } from './role-logic';
import { publicRoleValues } from './role-values';
import { keepServiceFiles } from './service-files';
import { unreadMail } from './unread-mail';
import { spelledOut } from './usual-permissions';

/** What the host will be: rendered from the configuration, so that Terraform's own diff against the live host is the plan. */
export async function planRole(request: PlanRequest, context: ResourceContext, given: RoleResourceParts): Promise<PlanResult> {
  const { prior, proposed, config, privateState } = request;
  const same = isSameMachine(isUnnamed(privateState) ? withIdentityOf(config, prior) : prior, config);
  const machine = same && prior && prior.cores !== null ? prior : undefined;
  const sized = machine && isSameSize(prior, config) ? machine : undefined;
  const { role: settings, own } = publicRoleValues(config);

  const files = mapFilesOf(settings, own.mapContents);
  const parts = withMaps(given, files.maps);
  const diagnostics: Diagnostic[] = [
    ...brokenIdentity(request, same),
    ...files.diagnostics,
    ...unreadMail(settings, prior),
    ...refusedBySes(settings),
  ];
  if (!same) diagnostics.push(...(await firstContact(request, context, parts)));
  let lists: readonly ManagedList[] = [];
  let view = Object.fromEntries(viewNames.map((name) => [name, UNKNOWN])) as TerraformObject;
  try {
    const shape = isTrusted(config, machine?.host_key) ? (desired: DesiredState) => desired : withoutSecrets;
    view = plannedView(settings, (known, placeholder) => {
      const desired = parts.role.renderRole(known, capacityFor(sized, known, placeholder, parts));
      lists = desired.lists?.filter(({ lines }) => lines > 0) ?? [];
      return shape(desired);
    });
  } catch (thrown) {
    if (!hasErrors(diagnostics)) diagnostics.push(thrownDiagnostic(thrown));
  }

  if (machine && !hasErrors(diagnostics)) {
    diagnostics.push(...(await listChanges(lists, machine, config, { ...context, privateState }, parts)));
  }
  const planned: TerraformObject = {
    ...proposed,
    id: plannedId(config),
    host_key: machine?.host_key ?? UNKNOWN,
    cores: sized?.cores ?? UNKNOWN,
    memory_mib: sized?.memory_mib ?? UNKNOWN,
    dkim_records: plannedRecords(settings.dkim, machine),
    ...view,
    files: keepServiceFiles(view.files ?? null, view.created_once ?? null, prior?.files),
    permissions: spelledOut(view.permissions, view.files, prior?.permissions),
  };
  const notes = withCreation(withoutDoubt(privateState), prior === null ? createdOn(config) : undefined);
  return { planned, privateState: notes, diagnostics };
}

function capacityFor(
  machine: TerraformObject | undefined,
  settings: RoleSettings,
  placeholder: string,
  { role }: RoleResourceParts,
) {
  if (!machine || !isWhollyKnown([machine.cores, machine.memory_mib])) return role.unknownCapacity(placeholder);
  return role.capacityOf(Number(machine.cores), Number(machine.memory_mib), settings.antivirus ?? false);
}

/** What the refresh only warned of is an error when the configuration still means that very machine. */
function brokenIdentity({ config, privateState }: PlanRequest, same: boolean): readonly Diagnostic[] {
  const doubt = doubtIn(privateState);
  if (doubt?.kind === 'jumpHostKey') return brokenJumpHost(config, privateState, doubt);
  if (!same || (doubt?.kind !== 'hostKey' && doubt?.kind !== 'unsupportedOs')) return [];
  const detail =
    doubt.kind === 'hostKey'
      ? `${doubt.message}. If the machine was replaced on purpose, give it a new instance_id; a new host key of the same machine is accepted by pinning it in ssh.host_key`
      : doubt.message;
  return [
    {
      severity: 'error',
      summary: doubt.kind === 'hostKey' ? 'the mail host is not the one it was' : 'the mail host runs an unsupported system',
      detail,
      attribute: [{ attribute_name: 'ssh' }, { attribute_name: 'host' }],
    },
  ];
}

/** Another jump host, or one whose key is pinned by now, is looked at when it is used. */
function brokenJumpHost(config: TerraformObject, privateState: PrivateState, { message }: Doubt): readonly Diagnostic[] {
  const { ssh } = publicRoleValues(config).own as Partial<Pick<ResourceSettings, 'ssh'>>;
  if (!ssh?.bastion || ssh.bastion.hostKey !== undefined || knownJumpHostKey(privateState, ssh) === undefined) return [];
  const attribute = ['ssh', 'bastion', 'host'].map((name) => ({ attribute_name: name }));
  return [{ severity: 'error', summary: 'the jump host is not the one it was', detail: message, attribute }];
}
