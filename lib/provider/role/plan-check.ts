import type { Diagnostic } from '../framework/diagnostics';
import { isObject, sameValue, type TerraformObject, type TerraformValue, UNKNOWN } from '../framework/values';

/** Attributes, with map keys, whose value is not what the plan promised; what the plan left open may be anything. */
export function unplanned(planned: TerraformObject, actual: TerraformObject): readonly string[] {
  return Object.keys(planned).flatMap((name) => differences(planned[name] ?? null, actual[name] ?? null, name));
}

function differences(planned: TerraformValue, actual: TerraformValue, name: string): readonly string[] {
  if (planned === UNKNOWN) return [];
  if (!isObject(planned) || !isObject(actual)) return sameValue(planned, actual) ? [] : [name];
  return [...new Set([...Object.keys(planned), ...Object.keys(actual)])].flatMap((key) => {
    const nested = `${name}[${JSON.stringify(key)}]`;
    if (!Object.hasOwn(planned, key) || !Object.hasOwn(actual, key)) return [nested];
    return differences(planned[key] ?? null, actual[key] ?? null, nested);
  });
}

const shown = 10;

export function unplannedDiagnostic(names: readonly string[], moment: 'before' | 'after'): Diagnostic {
  const list = [...names.slice(0, shown), ...(names.length > shown ? [`and ${names.length - shown} more`] : [])].join('\n  ');
  if (moment === 'before') {
    return {
      severity: 'error',
      summary: 'the mail host changed since the plan was made',
      detail: `Nothing was changed. Other than planned would be:\n  ${list}\nMake a new plan and look at it.`,
    };
  }
  return {
    severity: 'error',
    summary: 'the mail host is not as planned after the apply',
    detail: `The apply went through, but these differ on the host:\n  ${list}\nThe next plan shows how; something else may be changing the host.`,
  };
}
