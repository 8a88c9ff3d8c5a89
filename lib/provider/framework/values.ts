/** A value that Terraform learns only during apply, such as the address of a machine that does not exist yet. */
class Unknown {
  toString(): string {
    return '(known after apply)';
  }
}

/** The one unknown value; compare with `===`. */
export const UNKNOWN = new Unknown();
export type { Unknown };

/** A value as Terraform's type system has it, with attribute names in snake_case. */
export type TerraformValue = string | number | boolean | null | Unknown | readonly TerraformValue[] | TerraformObject;

export interface TerraformObject {
  readonly [name: string]: TerraformValue;
}

export function isObject(value: unknown): value is TerraformObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && value !== UNKNOWN;
}

/** Whether nothing inside the value waits for apply. */
export function isWhollyKnown(value: unknown): boolean {
  if (value === UNKNOWN) return false;
  if (Array.isArray(value)) return value.every(isWhollyKnown);
  return isObject(value) ? Object.values(value).every(isWhollyKnown) : true;
}

/** Equality of two values as Terraform sees it; an unknown value equals only an unknown one. */
export function sameValue(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((value, index) => sameValue(value, right[index]));
  }
  if (!isObject(left) || !isObject(right)) return false;
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && sameValue(left[name], right[name]))
  );
}
