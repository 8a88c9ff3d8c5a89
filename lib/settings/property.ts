import * as z from 'zod/mini';

/** A property that may be left out; `about` is what Terraform and editors show of it: meaning, unit, default. */
export function optional<S extends z.core.$ZodType>(schema: S, about?: string): z.ZodMiniOptional<S> {
  const property = z.optional(schema);
  if (about !== undefined) z.globalRegistry.add(property, { description: about });
  return property;
}

/** A property that has to be given, with what Terraform shows of it, and whether it is a secret that is never stored. */
export function required<S extends z.core.$ZodType>(schema: S, about: string, secrecy: z.core.GlobalMeta = {}): S {
  const property = z.clone(schema);
  z.globalRegistry.add(property, { ...secrecy, description: about });
  return property;
}
