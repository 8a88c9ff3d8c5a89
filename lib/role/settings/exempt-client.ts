import { nameProblem } from '../../net/domain-name';
import { externalNetwork } from '../../net/ip-address';
import type { Problem } from '../../settings/vocabulary';

/** A client that postgrey lets pass: by name, which DNS has for its address both ways, by address or by network. */
export const exemptClient: Problem = (value) =>
  /^[0-9.]+(\/|$)|:/.test(value)
    ? externalNetwork(value)?.replace('could send through this host', 'would pass greylisting')
    : nameProblem('name of a server', value);
