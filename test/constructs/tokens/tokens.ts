import { type TerraformStack, TerraformVariable, Token } from 'cdktf';

/** The ways in which a value of Terraform comes into a program, by the getter that gives it. */
export const kinds = ['string', 'list', 'map', 'boolean', 'number', 'object'] as const;
export type TokenKind = (typeof kinds)[number];

/** What the variable is called in Terraform. */
export const reference = 'var.given';

/** A value that only the plan knows. */
export function token(stack: TerraformStack, kind: TokenKind): unknown {
  const variable = new TerraformVariable(stack, 'given', { type: 'any' });
  switch (kind) {
    case 'string':
      return variable.stringValue;
    case 'list':
      return variable.listValue;
    case 'map':
      return Token.asStringMap(variable.value);
    case 'boolean':
      return variable.booleanValue;
    case 'number':
      return variable.numberValue;
    case 'object':
      return variable.value;
  }
}
