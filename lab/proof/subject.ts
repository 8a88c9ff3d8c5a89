import type { StateResource } from '../deploy';
import type { CloudSnapshot } from '../model/contracts';

/** The deployed mail host that is to be proven, as the state and the cloud know it. */
export interface Subject {
  /** Id of the instance, which is the machine's name. */
  readonly machine: string;
  /** Its Elastic IP. */
  readonly address: string;
  /** Without final dot. */
  readonly heloName: string;
  /** A mail domain whose mails go to a service user. */
  readonly domain: string;
  readonly serviceUser: string;
  readonly antivirus: boolean;
  /** Seconds. */
  readonly greylistDelay: number;
}

/** The role's default: see RoleSettings. */
const defaultGreylistDelay = 60;

/**
 * The first mail host of a deployment.
 * @throws when there is none, or none of its domains is delivered to a service user.
 */
export function subjectOf(resources: readonly StateResource[], snapshot: CloudSnapshot): Subject {
  const role = resources.find(({ type }) => type === 'mailserver_role');
  if (!role) throw new Error('the deployed stack has no mailserver_role: there is no mail host to prove');
  const heloName = String(role.values.helo_name);
  const records = snapshot.zones.flatMap((zone) => zone.records);
  const addresses = records.flatMap(({ name, type, values }) =>
    type === 'A' && name.replace(/\.$/, '').toLowerCase() === heloName.toLowerCase() ? values : [],
  );
  const elasticIp = snapshot.elasticIps.find(({ publicIpv4, privateIpv4 }) => privateIpv4 && addresses.includes(publicIpv4));
  const instance = snapshot.instances.find(
    ({ privateIpv4, vpcId, state }) =>
      state === 'running' && privateIpv4 === elasticIp?.privateIpv4 && (!elasticIp?.vpcId || vpcId === elasticIp.vpcId),
  );
  if (!elasticIp || !instance) {
    throw new Error(`no running instance has the address of "${heloName}" (A: ${addresses.join(', ') || 'none'})`);
  }
  const domains = Object.entries((role.values.domains ?? {}) as Record<string, { deliver_to?: string | null } | null>);
  const [domain, target] = domains.find(([, value]) => value?.deliver_to) ?? [];
  if (!domain || !target?.deliver_to) throw new Error(`no domain of ${role.address} is delivered to a service user (deliverTo)`);
  return {
    machine: instance.id,
    address: elasticIp.publicIpv4,
    heloName,
    domain,
    serviceUser: target.deliver_to,
    antivirus: role.values.antivirus === true,
    greylistDelay: Number(role.values.greylist_delay_seconds ?? defaultGreylistDelay),
  };
}
