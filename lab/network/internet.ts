import { type Lab, runScript } from '../system';
import { internetIpv4Network, internetIpv6Network, operatorIpv4, operatorIpv6, parseCidr } from './addresses';
import { internetBridge, internetNamespace } from './names';
import functions from './scripts/functions.sh';
import script from './scripts/internet.sh';

/** Makes the internet switch with the operator's addresses. */
export async function ensureInternet(lab: Lab): Promise<void> {
  const addresses = [
    `${operatorIpv4}/${parseCidr(internetIpv4Network).length}`,
    `${operatorIpv6}/${parseCidr(internetIpv6Network).length}`,
  ];
  await runScript('internet.sh', functions + script, [internetNamespace(lab), internetBridge, ...addresses]);
}

/** The command that runs `command` in the operator's namespace (198.51.100.1): `[file, ...args]` for spawn. */
export function inOperatorNetwork(lab: Lab, command: readonly string[]): [string, ...string[]] {
  return ['nsenter', `--net=/run/netns/${internetNamespace(lab)}`, '--', ...command];
}
