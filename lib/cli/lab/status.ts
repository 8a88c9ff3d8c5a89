import { awsEndpoint, type CloudZone, control, listMachines, type SupervisorStatus } from '../../../lab';
import { ExitCode } from '../outcome';
import { table } from '../table';
import { paint, say, sayJson } from '../terminal';
import { type LabFlags, labOf } from './flags';

/** `mailserver lab status`: exit code 1 when something is not as the cloud says. */
export async function labStatus(flags: LabFlags & { readonly json?: boolean }): Promise<void> {
  const lab = await labOf(flags);
  const [status, machines] = [await control(lab, 'status'), await listMachines(lab)];
  if (flags.json) {
    sayJson({ lab, endpoint: awsEndpoint, ...status, machines });
  } else {
    const { elasticIps, zones } = status.snapshot;
    const rows = machines.map(({ spec, running }) => {
      const elasticIp = elasticIps.find(({ privateIpv4 }) =>
        spec.addresses.some((address) => address.startsWith(`${privateIpv4}/`)),
      );
      const outside = elasticIp ? [elasticIp.publicIpv4, elasticIp.ptr?.replace(/\.$/, '')].filter(Boolean).join(' ') : '';
      return [
        running ? paint('green', 'running') : paint('yellow', 'halted'),
        spec.name,
        spec.image,
        spec.addresses.join(' '),
        outside,
      ];
    });
    const lines = [
      table(rows),
      '',
      `zones: ${zones.map((zone) => zoneText(zone, status.delegations)).join(', ') || 'none'}`,
      `outgoing port 25: ${status.outboundPort25}`,
      `AWS:   ${awsEndpoint} inside the lab; supervisor ${status.pid} since ${status.started}; state in ${lab.stateDir}`,
      ...Object.entries(status.errors).map(([part, text]) => paint('red', `${part}: ${text}`)),
    ];
    say(`${lines.join('\n')}\n`);
  }
  if (Object.keys(status.errors).length > 0) throw new ExitCode(1);
}

function zoneText({ name, records }: CloudZone, delegations: SupervisorStatus['delegations']): string {
  const own = records.flatMap(({ name: of, type, values }) => (type === 'NS' && of === name ? values : []));
  const entered = delegations[name]?.map((host) => host.replace(/\.$/, ''));
  const isAsked = entered?.some((host) => own.some((one) => one.replace(/\.$/, '') === host));
  const state = isAsked ? '' : entered ? `, the world asks ${entered.join(' ')}` : ', not delegated';
  return `${name} (${records.length} records${state})`;
}
