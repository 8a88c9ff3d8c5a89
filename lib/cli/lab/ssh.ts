import { control, openSsh, worldMachines } from '../../../lab';
import { ExitCode } from '../outcome';
import { type LabFlags, labOf } from './flags';

/** `mailserver lab ssh`: instances by their Elastic IP, as from outside. */
export async function labSsh(flags: LabFlags & { machine?: string }, command: readonly string[]): Promise<void> {
  const { machine } = flags;
  const lab = await labOf(flags);
  const { snapshot } = await control(lab, 'status');
  const code = await openSsh(lab, target(), command.length > 0 ? command : undefined);
  if (code !== 0) throw new ExitCode(code);

  function target() {
    if (machine !== undefined && machine in worldMachines) {
      const { addresses } = worldMachines[machine as keyof typeof worldMachines];
      return { machine, address: (addresses[0] ?? '').replace(/\/.*/, '') };
    }
    const running = snapshot.instances.filter(({ state }) => state === 'running');
    const instance = machine === undefined ? running[0] : running.find(({ id }) => id === machine);
    const known = [...running.map(({ id }) => id), ...Object.keys(worldMachines)].join(', ');
    if (!instance) {
      throw new Error(
        `${machine === undefined ? 'no instance runs' : `no machine "${machine}"`} in lab ${lab.name}; there are: ${known}`,
      );
    }
    const elasticIp = snapshot.elasticIps.find(
      ({ privateIpv4, vpcId }) => privateIpv4 === instance.privateIpv4 && vpcId === instance.vpcId,
    );
    if (!elasticIp) throw new Error(`${instance.id} has no public address, so it cannot be reached from outside`);
    return { machine: instance.id, address: elasticIp.publicIpv4 };
  }
}
