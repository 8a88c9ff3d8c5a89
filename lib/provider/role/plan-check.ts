import type { Diagnostic } from '../framework/diagnostics';
import { isObject, sameValue, type TerraformObject, type TerraformValue, UNKNOWN } from '../framework/values';

/**
 * Attributes, with map keys, whose value is not what the plan promised, with both values where these are short; what the plan
 * left open may be anything.
 */
export function unplanned(planned: TerraformObject, actual: TerraformObject): readonly string[] {
  return Object.keys(planned).flatMap((name) => differences(planned[name] ?? null, actual[name] ?? null, name));
}

function differences(planned: TerraformValue, actual: TerraformValue | undefined, name: string): readonly string[] {
  if (planned === UNKNOWN) return [];
  if (isObject(planned) && isObject(actual)) {
    return [...new Set([...Object.keys(planned), ...Object.keys(actual)])].flatMap((key) => {
      const nested = `${name}[${JSON.stringify(key)}]`;
      if (!Object.hasOwn(planned, key)) return [`${nested}${change(undefined, actual[key])}`];
      return Object.hasOwn(actual, key)
        ? differences(planned[key] ?? null, actual[key] ?? null, nested)
        : [`${nested}${change(planned[key], undefined)}`];
    });
  }
  return sameValue(planned, actual) ? [] : [`${name}${change(planned, actual)}`];
}

const longest = 100;

/** Contents of files are for the plan to show. */
function change(planned: TerraformValue | undefined, actual: TerraformValue | undefined): string {
  const [wanted, found] = [planned, actual].map((value) => (value === undefined ? 'nothing' : JSON.stringify(value)));
  const isShort = [wanted, found].every((text) => text !== undefined && text.length <= longest && !text.includes('\\n'));
  return isShort ? `: planned is ${wanted}, there is ${found}` : '';
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
