import { setTimeout as sleep } from 'node:timers/promises';
import type { Agreement } from '../../verify/dns';
import { issueDiagnostic } from '../framework/diagnostics';
import type { ApplyRequest, StateResult } from '../framework/resource';
import { toProperties } from '../framework/settings-values';
import { checkProperties } from '../framework/validation';
import { isObject, sameValue, type TerraformObject } from '../framework/values';
import { progressOf } from '../progress';
import { agreementSettingsAttributes } from './attributes';
import { expectationsOf } from './expectations';
import type { DnsParts } from './parts';
import { type AgreementSettings, agreementSettings } from './settings';

/** Long enough for a name server to hear of a change, and for a person to enter one. Seconds. */
const defaultTimeout = 600;

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
    deadlineSeconds: settings.timeoutSeconds ?? defaultTimeout,
    signal,
    onProgress,
  });
  if (agreement.agreed) {
    if (prior && differ(prior, planned)) await keepFormer(settings.keepFormerSeconds ?? 0, signal, onProgress);
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

/** Records that were there before and have other values now, or are gone. */
function differ(prior: TerraformObject, planned: TerraformObject): boolean {
  const before = isObject(prior.records) ? prior.records : {};
  const now = isObject(planned.records) ? planned.records : {};
  return prior.helo_name !== planned.helo_name || Object.keys(before).some((key) => !sameValue(before[key], now[key]));
}

/** What Terraform destroys after this resource (a former name) is still asked for by those who have the old records in their caches. */
async function keepFormer(seconds: number, signal: AbortSignal, onProgress: (line: string) => void): Promise<void> {
  if (seconds === 0) return;
  onProgress(`keeping the former records for ${seconds} s, until caches have forgotten what pointed to them`);
  await sleep(seconds * 1000, undefined, { signal }).catch(() => undefined);
}

function disagreement({ rows, waitedMilliseconds }: Agreement, required: boolean): string {
  const objections = rows.flatMap((row) => row.objections);
  const more = objections.length > shown ? [`and ${objections.length - shown} more`] : [];
  const lines = [...objections.slice(0, shown), ...more].map((line) => `  ${line}`);
  const fix = required
    ? 'The host was not given the name. Set the records, or have them set; a new zone has to be delegated at its registrar. Then apply again'
    : 'The records are written; other servers may take a while. Look again with: terraform plan';
  return [`after ${Math.round(waitedMilliseconds / 1000)} s of waiting:`, ...lines, fix].join('\n');
}
