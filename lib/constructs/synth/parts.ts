import type { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import * as z from 'zod/mini';
import { described } from '../../settings/wrong-type';

/** An object that another constructor made; what a JavaScript program gives in its place is reported by `problem`. */
function part<T>(problem: (value: unknown) => string | undefined) {
  return z.custom<T>((value) => problem(value) === undefined, { error: ({ input }) => problem(input) ?? '' });
}

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

/** A provider of AWS; that of another cloud would only be reported by Terraform, as an unknown resource type. */
export const awsProvider = part<TerraformProvider>((value) => {
  const type = Construct.isConstruct(value) ? member(value, 'terraformResourceType') : undefined;
  if (type === 'aws') return undefined;
  const got = typeof type === 'string' ? `the provider ${type}` : described(value);
  return `expected the AWS provider of the stack, as new AwsProvider(…) returns it, got ${got}`;
});

/** A name service: {@link IMailDns}. */
export const mailDns = part((value) => {
  if (typeof member(value, 'addRecord') === 'function' && Array.isArray(member(value, 'zoneNames'))) return undefined;
  return `expected where records are written, e.g. new Route53Dns(…) or new ExternalDns(…), got ${described(value)}`;
});

/** A machine: {@link IMailHost}. */
export const mailHost = part((value) => {
  if (typeof member(value, 'setReverseName') === 'function' && member(value, 'connection') !== undefined) return undefined;
  return `expected a machine, e.g. new Ec2Host(…) or new ExistingHost(…), got ${described(value)}`;
});
