import { harmless, harmlessLines } from '../../text/harmless';
import type { AttributeStep, WireDiagnostic } from '../protocol/messages';
import type { Attribute, AttributeType } from './attributes';
import type { PropertyIssue } from './validation';
import { pathText } from './validation';

/** What Terraform shows below the plan or instead of it. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** One line: what is wrong. */
  readonly summary: string;
  /** The value got, and the likely fix. */
  readonly detail: string;
  /** Where in the resource's configuration; Terraform prints the file and line of it. */
  readonly attribute?: readonly AttributeStep[];
}

const severities = { error: 1, warning: 2 } as const;

export const hasErrors = (diagnostics: readonly Diagnostic[]) => diagnostics.some(({ severity }) => severity === 'error');

/** Characters; Terraform shows all of them. */
const [mostInSummary, mostInDetail] = [1000, 20_000];

/** Terraform shows these texts as they are, and they quote hosts and name servers. */
export function wireDiagnostics(diagnostics: readonly Diagnostic[]): readonly WireDiagnostic[] {
  return diagnostics.map(({ severity, summary, detail, attribute }) => ({
    severity: severities[severity],
    summary: harmless(summary, mostInSummary),
    detail: harmlessLines(detail, mostInDetail),
    ...(attribute && attribute.length > 0 ? { attribute: { steps: attribute } } : {}),
  }));
}

/** A broken rule as an error at its attribute, however deep it lies. */
export function issueDiagnostic(issue: PropertyIssue, attributes: readonly Attribute[], value: unknown): Diagnostic {
  const where = pathText(issue.path.map((key, index) => (index === 0 ? terraformName(key, attributes) : key)));
  const got = valueAt(value, issue.path);
  const shown =
    typeof got === 'string' || typeof got === 'number' || typeof got === 'boolean' ? `, got ${JSON.stringify(got)}` : '';
  return {
    severity: 'error',
    summary: where ? `${where}: ${issue.message}` : issue.message,
    detail: where ? `${where}: ${issue.message}${secret(issue.path, attributes) ? '' : shown}` : issue.message,
    attribute: attributeSteps(issue.path, attributes),
  };
}

/** Property path to attribute path: the schema tells attribute names, map keys and list indices apart. */
export function attributeSteps(path: readonly (string | number)[], attributes: readonly Attribute[]): readonly AttributeStep[] {
  const steps: AttributeStep[] = [];
  let type: AttributeType | undefined = { kind: 'object', attributes };
  for (const key of path) {
    if (type?.kind === 'object') {
      const member: Attribute | undefined = type.attributes.find(({ property }) => property === key);
      if (!member) break;
      steps.push({ attribute_name: member.name });
      type = member.type;
    } else if (type?.kind === 'list') {
      steps.push({ element_key_int: Number(key) });
      type = type.element;
    } else if (type?.kind === 'map') {
      steps.push({ element_key_string: String(key) });
      type = type.element;
    } else break;
  }
  return steps;
}

const terraformName = (key: string | number, attributes: readonly Attribute[]) =>
  attributes.find(({ property }) => property === key)?.name ?? key;

function secret(path: readonly (string | number)[], attributes: readonly Attribute[]): boolean {
  const attribute = attributes.find(({ property }) => property === path[0]);
  if (!attribute) return false;
  if (attribute.sensitive || attribute.writeOnly) return true;
  const inside = objectBelow(attribute.type);
  return inside ? secret(path.slice(attribute.type.kind === 'object' ? 1 : 2), inside) : false;
}

function objectBelow(type: AttributeType): readonly Attribute[] | undefined {
  if (type.kind === 'object') return type.attributes;
  return type.kind === 'list' || type.kind === 'map' ? objectBelow(type.element) : undefined;
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? (inner as Record<string | number, unknown>)[key] : undefined),
    value,
  );
}
