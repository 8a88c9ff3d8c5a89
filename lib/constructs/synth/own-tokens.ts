import { Token } from 'cdktf';
import { Construct } from 'constructs';
import type { core } from 'zod/mini';

/**
 * The same properties with every token in the form of its property: a text, a number or a list. A program may come by one in any form
 * (`variable.value`, `variable.stringValue`, …), and what makes texts of it knows texts only.
 */
export function ownTokens<T>(schema: core.$ZodType, value: T): T {
  return inForm(schema as core.$ZodTypes, value) as T;
}

function inForm(schema: core.$ZodTypes, value: unknown): unknown {
  const { def } = schema._zod;
  if (def.type === 'optional') return inForm(def.innerType as core.$ZodTypes, value);
  if (Token.isUnresolved(value)) return asType(def.type, value);
  if (typeof value !== 'object' || value === null || Construct.isConstruct(value)) return value;
  if (Array.isArray(value))
    return def.type === 'array' ? value.map((each) => inForm(def.element as core.$ZodTypes, each)) : value;
  if (def.type !== 'object' && def.type !== 'record') return value;
  const of = (name: string) => (def.type === 'record' ? def.valueType : def.shape[name]) as core.$ZodTypes | undefined;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const inner = of(name);
      return [name, inner ? inForm(inner, member) : member];
    }),
  );
}

function asType(type: string, token: unknown): unknown {
  if ((type === 'string' || type === 'enum') && typeof token !== 'string') return Token.asString(token);
  if (type === 'number' && typeof token !== 'number') return Token.asNumber(token);
  if (type === 'array' && !Array.isArray(token)) return Token.asList(token);
  return token;
}
