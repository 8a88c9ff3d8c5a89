import { isIP } from 'node:net';
import type { ConnectOptions } from '../../host/connect';
import { diff, isEmpty } from '../../host/diff';
import type { HostConnection } from '../../host/host-connection';
import { HostError } from '../../host/host-error';
import { SteadyConnection } from '../../host/steady-connection';
import { viewOfDesired } from '../../host/view';
import { roleSettings } from '../../role/settings';
import type { Finding } from '../../verify/finding';
import type { Diagnostic } from '../framework/diagnostics';
import { issueDiagnostic } from '../framework/diagnostics';
import type { ApplyRequest, ResourceContext, StateResult } from '../framework/resource';
import { checkProperties } from '../framework/validation';
import { isObject, type TerraformObject } from '../framework/values';
import { roleAttributes } from './attributes';
import { derivedWarnings } from './derived-warnings';
import { heldBackWarning, holdingBack, isTrusted } from './held-back';
import { hostErrorKind, thrownDiagnostic } from './host-diagnostics';
import { type LiveHost, liveAttributes, lookAt } from './live-state';
import { lookAtRest } from './look-at-rest';
import { isSameMachine, withIdentityOf } from './machine-identity';
import { changedSincePlan, mapFilesOf, withMaps } from './map-files';
import { unplanned, unplannedDiagnostic } from './plan-check';
import { isUnnamed, knownJumpHostKey, named, withJumpHost, withoutCreation, withoutDoubt } from './private-notes';
import { reporter } from './progress';
import type { RoleResourceParts } from './role-logic';
import { type KnownRoleValues, knownRoleValues } from './role-values';
import { keepServiceFiles } from './service-files';
import { spelledOut } from './usual-permissions';

/** Services may need a moment to be what systemd was told; longer than this is a failure. Milliseconds. */
const settleMs = 15_000;
const settlePollMs = 500;
/** Where the host is slow, a single look may take as long. */
const settleLooks = 3;
/** An apply that lost its Terraform goes on (or back) on the host for a while; a new one waits for it. Seconds. */
const busySeconds = 300;

/**
 * Brings the host to the planned state and proves it by a fresh look. On failure the state stays what it was (or becomes what
 * was seen, if the host was changed); a create leaves none. A create that left a state behind would be marked as tainted and planned as
 * "must be replaced"; without one, the next apply simply goes on, since creating and updating are the same work here.
 */
export async function applyRole(request: ApplyRequest, context: ResourceContext, given: RoleResourceParts): Promise<StateResult> {
  const { prior, planned, config } = request;
  const failed = (diagnostics: readonly Diagnostic[]): StateResult => ({
    state: prior,
    privateState: request.privateState,
    diagnostics,
  });

  const values = knownRoleValues(config);
  const issues = checkProperties(roleSettings, values.role);
  if (issues.length > 0) return failed(issues.map((issue) => issueDiagnostic(issue, roleAttributes, values.role)));
  const files = mapFilesOf(values.role, values.own.mapContents);
  const otherFiles = [...files.diagnostics, ...changedSincePlan(planned, files.maps)];
  if (otherFiles.length > 0) return failed(otherFiles);
  const parts = withMaps(given, files.maps);
  try {
    const { ssh } = values.own;
    const known = isUnnamed(request.privateState) ? withIdentityOf(config, prior) : prior;
    const expectedHostKey = isSameMachine(known, config) && typeof prior?.host_key === 'string' ? prior.host_key : undefined;
    const expectedJumpHostKey = knownJumpHostKey(request.privateState, ssh);
    const holding = holdingBack(parts, planned, isTrusted(config, expectedHostKey));
    const result = await push(values, planned, { expectedHostKey, expectedJumpHostKey }, context, holding.parts);
    const warnings = [...(holding.held() ? [heldBackWarning(result.connection, config)] : []), ...result.warnings];
    const privateState = withJumpHost(named(withoutCreation(withoutDoubt(request.privateState))), ssh, result.connection);
    const state = asPlanned({ ...planned, ...result.attributes }, planned);
    const differences = unplanned(planned, state);
    if (differences.length === 0) return { state, privateState, diagnostics: warnings };
    return { state: prior && state, privateState, diagnostics: [unplannedDiagnostic(differences, 'after')] };
  } catch (thrown) {
    return failed([thrown instanceof UnplannedChange ? unplannedDiagnostic(thrown.names, 'before') : thrownDiagnostic(thrown)]);
  }
}

/**
 * A state in the words of the plan. The service users may edit their files at any moment, between plan and apply too: that is none of
 * the apply's business, and Terraform wants back what was planned; the next refresh tells. So it is with keys that the host itself replaces.
 */
function asPlanned(state: TerraformObject, planned: TerraformObject): TerraformObject {
  return {
    ...state,
    files: keepServiceFiles(state.files ?? null, planned.created_once ?? null, planned.files),
    permissions: spelledOut(state.permissions, state.files, planned.permissions),
    dkim_records: isObject(planned.dkim_records ?? null) ? (planned.dkim_records ?? null) : (state.dkim_records ?? null),
  };
}

/** The host would become something else than what the plan promised; nothing was changed. */
class UnplannedChange extends Error {
  constructor(readonly names: readonly string[]) {
    super(names.join(', '));
  }
}

interface Pushed {
  /** The computed attributes of the host. */
  readonly attributes: TerraformObject;
  readonly connection: HostConnection;
  readonly warnings: readonly Diagnostic[];
}

async function push(
  { role: settings, own: { ssh, outboundTargets } }: KnownRoleValues,
  planned: TerraformObject,
  expected: Pick<ConnectOptions, 'expectedHostKey' | 'expectedJumpHostKey'>,
  { signal }: ResourceContext,
  parts: RoleResourceParts,
): Promise<Pushed> {
  const onProgress = reporter(ssh);
  const connection = await parts.host.connectHost(ssh, { ...expected, mayBoot: true, signal, onProgress });
  const { hostKey, jumpHostKey } = connection;
  if (expected.expectedHostKey === undefined && ssh.hostKey === undefined)
    onProgress(`host key trusted at first contact: ${hostKey}`);
  const proven = { expectedHostKey: hostKey, expectedJumpHostKey: jumpHostKey };
  const reconnect = () => parts.host.connectHost(ssh, { ...proven, signal, onProgress });
  const looking = new SteadyConnection(connection, reconnect);
  const deadline = performance.now() + busySeconds * 1000;
  const secondsLeft = () => Math.max(0, (deadline - performance.now()) / 1000);
  const pushed = async (live: LiveHost): Promise<Pushed> => {
    const addresses = [...(settings.proxyAddresses ?? []), ...(isIP(ssh.host) ? [ssh.host] : [])];
    const attempt = { targets: outboundTargets, heloName: settings.heloName, addresses, signal };
    const blocked = await parts.host.blockedPort(looking, attempt);
    const warnings = [...derivedWarnings(live.facts), ...(blocked ? [portWarning(blocked)] : [])];
    return { attributes: liveAttributes(live, ssh, hostKey), connection, warnings };
  };
  try {
    for (;;) {
      const { live, underWay } = await lookAtRest(looking, settings, parts, { seconds: secondsLeft(), signal, onProgress });
      if (underWay !== undefined) throw stillBusy(connection.address, underWay);
      const view = viewOfDesired(live.desired);
      const promised = asPlanned({ ...planned, ...liveAttributes(live, ssh, hostKey), ...view }, planned);
      const differences = unplanned(planned, promised);
      if (differences.length > 0) throw new UnplannedChange(differences);

      const changes = diff(live.facts, live.desired);
      if (isEmpty(changes)) return await pushed(live);
      try {
        await parts.host.applyChanges({
          connection: looking.current,
          reconnect,
          desired: live.desired,
          changes,
          onProgress,
          signal,
        });
      } catch (thrown) {
        // Another one was quicker: it is waited for as one that was there before.
        if (hostErrorKind(thrown) === 'busy' && secondsLeft() > 0 && !signal.aborted) continue;
        throw thrown;
      }
      try {
        return await pushed(await settled(looking, { settings, parts, signal }));
      } catch (thrown) {
        if (!isOutOfReach(thrown)) throw thrown;
        const attributes = { ...liveAttributes(live, ssh, hostKey), ...viewOfDesired(live.desired) };
        return { attributes, connection, warnings: [unseenWarning(thrown)] };
      }
    }
  } finally {
    await looking.close();
    await connection.close();
  }
}

const stillBusy = (address: string, underWay: string) =>
  new HostError(
    'busy',
    `${address} is changed by another apply, which did not end within ${busySeconds} s (${underWay}): apply again after its end`,
  );

/** After the commit a host that cannot be reached any more is as it was confirmed. */
const isOutOfReach = (thrown: unknown): thrown is HostError =>
  ['connectionLost', 'unreachable', 'timeout'].includes(hostErrorKind(thrown) ?? '');

const unseenWarning = ({ message }: HostError): Diagnostic => ({
  severity: 'warning',
  summary: 'the mail host was changed, and could not be looked at afterwards',
  detail: `The host confirmed the change and keeps it. Then ${message}. The next plan compares it again`,
});

/** The apply has done its work; only others keep the mail from leaving. */
function portWarning({ problem, found, fix }: Finding): Diagnostic {
  return {
    severity: 'warning',
    summary: 'outgoing port 25 is blocked',
    detail: `${problem} (${found}). The way out: ${fix?.text}`,
  };
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

interface SettleContext {
  readonly settings: KnownRoleValues['role'];
  readonly parts: RoleResourceParts;
  readonly signal: AbortSignal;
}

/** Looks until the host is what was desired, or the time is up: what is then still different is the caller's to report. */
async function settled(connection: HostConnection, context: SettleContext): Promise<LiveHost> {
  const { settings, parts, signal } = context;
  const deadline = performance.now() + settleMs;
  for (let looks = 1; ; looks++) {
    const live = await lookAt(connection, settings, parts, signal);
    const patient = looks < settleLooks || performance.now() < deadline;
    if (isEmpty(diff(live.facts, live.desired)) || !patient || signal.aborted) return live;
    await pause(settlePollMs);
  }
}
