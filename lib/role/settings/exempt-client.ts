import type { Problem } from './checked';
import { nameProblem } from './domain-name';
import { externalNetwork } from './ip-address';

/** A client that postgrey lets pass: by name, which DNS has for its address both ways, by address or by network. */
export const exemptClient: Problem = (value) =>
  /^[0-9.]+(\/|$)|:/.test(value)
    ? externalNetwork(value)?.replace('could send through this host', 'would pass greylisting')
    : nameProblem('name of a server', value);
