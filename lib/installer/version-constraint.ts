/** Terraform's version constraints, as far as lock files need them: comma-separated terms, all of which must hold. */

interface Term {
  readonly operator: string;
  readonly parts: readonly number[];
  readonly text: string;
}

const termForm = /^(~>|>=|<=|!=|>|<|=)?\s*v?(\d+(?:\.\d+){0,2})(-[0-9A-Za-z.-]+)?$/;

function terms(constraint: string): readonly (Term | undefined)[] {
  return constraint.split(',').map((text) => {
    const match = termForm.exec(text.trim());
    if (!match?.[2]) return undefined;
    return { operator: match[1] ?? '=', parts: match[2].split('.').map(Number), text: match[2] + (match[3] ?? '') };
  });
}

/** The version that the constraint allows, if it is a single one. */
export function exactVersion(constraint: string): string | undefined {
  const [term, ...others] = terms(constraint);
  return term?.operator === '=' && term.parts.length === 3 && others.length === 0 ? term.text : undefined;
}

/** Whether a version may be used under a constraint; a term that is not understood is left to Terraform and counts as met. */
export function satisfies(version: string, constraint: string): boolean {
  const exact = exactVersion(constraint);
  if (exact !== undefined) return version === exact;
  const have = (version.split('-')[0] ?? '').split('.').map(Number);
  return terms(constraint).every((term) => !term || holds(have, term));
}

function holds(have: readonly number[], { operator, parts }: Term): boolean {
  const order = compare(have, parts);
  switch (operator) {
    case '=':
      return order === 0;
    case '!=':
      return order !== 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    default:
      // `~> 5.1` allows 5.x from 5.1 on, `~> 5.1.2` allows 5.1.x from 5.1.2 on.
      return order >= 0 && parts.slice(0, -1).every((part, index) => have[index] === part);
  }
}

function compare(left: readonly number[], right: readonly number[]): number {
  for (let index = 0; index < 3; index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
