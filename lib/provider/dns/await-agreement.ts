import type { Agreement } from '../../verify/dns';
import { issueDiagnostic } from '../framework/diagnostics';
import type { ApplyRequest, StateResult } from '../framework/resource';
import { toProperties } from '../framework/settings-values';
import { checkProperties } from '../framework/validation';
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
  const agreement = await parts.wait(expectationsOf(settings), {
    resolvers: settings.resolvers ?? parts.defaults.resolvers,
    deadlineSeconds: settings.timeoutSeconds ?? defaultTimeout,
    signal,
    onProgress: progressOf(String(planned.id)),
  });
  if (agreement.agreed) return { state: planned, diagnostics: [] };
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

function disagreement({ rows, waitedMilliseconds }: Agreement, required: boolean): string {
  const objections = rows.flatMap((row) => row.objections);
  const more = objections.length > shown ? [`and ${objections.length - shown} more`] : [];
  const lines = [...objections.slice(0, shown), ...more].map((line) => `  ${line}`);
  const fix = required
    ? 'The host was not given the name. Set the records, or have them set; a new zone has to be delegated at its registrar. Then apply again'
    : 'The records are written; other servers may take a while. Look again with: terraform plan';
  return [`after ${Math.round(waitedMilliseconds / 1000)} s of waiting:`, ...lines, fix].join('\n');
}
