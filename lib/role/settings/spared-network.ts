import { externalNetwork } from '../../net/ip-address';
import type { Problem } from '../../settings/vocabulary';

/** An address or a network that nobody is shut out of the submission ports from. */
export const sparedNetwork: Problem = (value) =>
  externalNetwork(value)?.replace('could send through this host', 'could guess passwords for ever');
