import type { MachineSpec } from '../model/contracts';
import { type Lab, run, runScript } from '../system';
import { locateSwitch, machineNamespace, portName } from './names';
import { namespaceFile, removeNamespace } from './remove';
import functions from './scripts/functions.sh';
import script from './scripts/plug.sh';

/** The machine's interface. */
export const machineInterface = 'eth0';

/** Plugs a machine's network namespace into its switch with exactly its addresses and default routes; gives the namespace's name. */
export async function ensurePlug(
  lab: Lab,
  spec: Pick<MachineSpec, 'name' | 'network' | 'addresses' | 'gateways'>,
): Promise<string> {
  const namespace = machineNamespace(lab, spec.name);
  const { namespace: switchNamespace, bridge } = locateSwitch(lab, spec.network);
  const cable = [namespace, machineInterface, switchNamespace, bridge, portName(spec.name)];
  await runScript('plug.sh', functions + script, [...cable, ...spec.addresses, '--', ...spec.gateways]);
  return namespace;
}

/** Puts firewall rules (text for `nft -f`) into the network namespace of a machine, which need not have nftables itself. */
export async function setMachineRules(lab: Lab, machine: string, rules: string): Promise<void> {
  await run('nsenter', [`--net=${namespaceFile(machineNamespace(lab, machine))}`, '--', 'nft', '-f', '-'], { input: rules });
}

/** Removes the machine's network namespace; no error when there is none. */
export async function removePlug(lab: Lab, machine: string): Promise<void> {
  await removeNamespace(machineNamespace(lab, machine));
}
