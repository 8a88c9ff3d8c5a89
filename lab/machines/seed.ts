import type { MachineSpec } from '../model/contracts';

/** Where cloud-init's NoCloud data source looks for its seed, in the machine. */
export const seedDir = 'var/lib/cloud/seed/nocloud';

/** Files of the NoCloud seed by name. YAML is a superset of JSON, so meta-data is JSON. */
export function nocloudSeed(spec: MachineSpec & Required<Pick<MachineSpec, 'cloudInit'>>): Readonly<Record<string, string>> {
  const metaData = {
    'instance-id': spec.cloudInit.instanceId,
    'local-hostname': spec.hostName,
    'public-keys': spec.publicKeys.map((key) => key.trim()),
  };
  return { 'meta-data': `${JSON.stringify(metaData, undefined, 2)}\n`, 'user-data': spec.cloudInit.userData };
}
