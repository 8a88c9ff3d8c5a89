import type { CloudVolume } from '../contracts';
import type { Lab } from '../system';

/** A volume as the machine sees it. */
export interface AttachedVolume extends CloudVolume {
  /** Device in the machine, e.g. `/dev/nvme1n1`. */
  readonly node: string;
  /** Stable name in the machine, e.g. `/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0abc`. */
  readonly link: string;
}

/**
 * Makes exactly these volumes the attached ones of a machine, running or halted: attaches, detaches, grows. Data of a volume is
 * kept until `removeVolume`, whatever happens to machines.
 */
export async function syncVolumes(
  _lab: Lab,
  _machine: string,
  _volumes: readonly CloudVolume[],
): Promise<readonly AttachedVolume[]> {
  throw new Error('not built yet');
}

/** Deletes a volume's data; it must not be attached. */
export async function removeVolume(_lab: Lab, _volumeId: string): Promise<void> {
  throw new Error('not built yet');
}
