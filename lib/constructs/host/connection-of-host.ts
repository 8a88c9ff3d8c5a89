import * as z from 'zod/mini';
import { optional } from '../../settings/property';
import { described } from '../../settings/wrong-type';

const inBraces = ({ input }: { readonly input?: unknown }) =>
  `expected properties in braces, e.g. { user: 'admin' }, got ${described(input)}`;

/** How to log in, as a host is given it; the parts are checked together with the address that is reached. */
export const connectionToHost = z.looseObject({}, { error: inBraces });

/** The same where the address is the host's own making. */
export const connectionToMadeHost = z.looseObject(
  { host: optional(z.undefined({ error: () => 'the address is the Elastic IP of the instance: leave it out' })) },
  { error: inBraces },
);
