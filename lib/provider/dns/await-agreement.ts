import { setTimeout as sleep } from 'node:timers/promises';
import { normalizeName } from '../../dns';
import type { Agreement } from '../../verify/dns';
import { issueDiagnostic } from '../framework/diagnostics';
import type { ApplyRequest, StateResult } from '../framework/resource';
import { toProperties } from '../framework/settings-values';
import { checkProperties } from '../framework/validation';
import { isObject, type TerraformObject } from '../framework/values';
import { progressOf } from '../progress';
import { agreementSettingsAttributes } from './attributes';
import { expectationsOf } from './expectations';
import type { DnsParts } from './parts';
import { type AgreementSettings, agreementSettings } from './settings';

/** Objections that are shown; the rest is more of the same. */
const shown = 12;

/** Waits. Without agreement nothing is stored, so that the next apply waits again and what depends on it is not touched. */
export async function applyAgreement(
  { prior, planned, config }: ApplyRequest,
  signal: AbortSignal,
  parts: DnsParts,
): Promise<StateResult> {
  const values = toProperties(config, agreementSettingsAttributes);
  const issues = checkProperties(agreementSettings, values);
  if (issues.length > 0) {
    return { state: prior, diagnostics: issues.map((issue) => issueDiagnostic(issue, agreementSettingsAttributes, values)) };
  }
  const settings = values as AgreementSettings;
  const onProgress = progressOf(String(planned.id));
  const agreement = await parts.wait(expectationsOf(settings), {
    resolvers: settings.resolvers ?? parts.defaults.resolvers,
    deadlineSeconds: settings.timeoutSeconds,
    ownServersOnly: settings.ownServersOnly,
    signal,
    onProgress,
  });
  if (agreement.agreed) {
    if (prior && isNameGivenUp(prior, planned)) await keepFormer(keptSeconds(prior, settings), signal, onProgress);
    return { state: planned, diagnostics: [] };
  }
  const required = settings.required ?? true;
  return {
    state: required ? prior : planned,
    diagnostics: [
      {
        severity: required ? 'error' : 'warning',
        summary: 'DNS does not agree',
        detail: disagreement(agreement, required),
      },
    ],
  };
}

/** Names that others were led to, as HELO name or by an MX, and are led to no more. Other records name nothing that could go away. */
function isNameGivenUp(prior: TerraformObject, planned: TerraformObject): boolean {
  const now = namesLedTo(planned);
  return [...namesLedTo(prior)].some((name) => !now.has(name));
}

function namesLedTo({ helo_name: heloName, records }: TerraformObject): ReadonlySet<string> {
  const exchangers = Object.entries(isObject(records) ? records : {})
    .filter(([key, values]) => key.startsWith('MX ') && Array.isArray(values))
    .flatMap(([, values]) => (values as unknown[]).map((value) => String(value).split(' ').at(-1) ?? ''));
  return new Set([...(typeof heloName === 'string' ? [heloName] : []), ...exchangers].map(normalizeName));
}

/** Caches hold what was there before for the time to live that it had. */
const keptSeconds = ({ keep_former_seconds: before }: TerraformObject, { keepFormerSeconds = 0 }: AgreementSettings) =>
  Math.max(keepFormerSeconds, typeof before === 'number' ? before : 0);

/** What Terraform destroys after this resource (a former name) is still asked for by those who have the old records in their caches. */
async function keepFormer(seconds: number, signal: AbortSignal, onProgress: (line: string) => void): Promise<void> {
  if (seconds === 0) return;
  onProgress(`keeping the former name for ${seconds} s, until caches have forgotten what pointed to it`);
  await sleep(seconds * 1000, undefined, { signal }).catch(() => undefined);
}

function disagreement({ rows, waitedMilliseconds }: Agreement, required: boolean): string {
  const all = rows.flatMap(({ objections, memories }) => [...objections, ...memories]);
  const more = all.length > shown ? [`and ${all.length - shown} more`] : [];
  const lines = [...all.slice(0, shown), ...more].map((line) => `  ${line}`);
  return [`after ${Math.round(waitedMilliseconds / 1000)} s of waiting:`, ...lines, fixOf(rows, required)].join('\n');
}

function fixOf(rows: Agreement['rows'], required: boolean): string {
  if (!required) return 'The records are written; other servers may take a while. Look again with: terraform plan';
  const onlyMemories = rows.every(({ objections }) => objections.length === 0);
  return onlyMemories
    ? 'The records are right, the host was not given the name yet. Apply again when the resolvers have forgotten what was before'
    : 'The host was not given the name. Set the records, or have them set; a new zone has to be delegated at its registrar. Then apply again';
}
