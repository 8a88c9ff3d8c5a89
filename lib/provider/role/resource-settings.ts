import * as z from 'zod';
import { connectionSettings } from '../../host/connection-settings';

/**
 * What `mailserver_role` takes beside the settings of the role. The connection is called `ssh` in Terraform, because
 * `connection` is Terraform's own word for provisioners and never reaches a provider.
 */
export const resourceSettings = z.strictObject({
  ssh: connectionSettings.describe('How the host is reached.'),
  instanceId: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Identity of the machine, e.g. the EC2 instance id: with a new one, a new host key is trusted. Default: the address.',
    ),
  machineType: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Size of the machine, e.g. the EC2 instance type: with a new one, what follows from cores and memory is known after apply. Default: as large as it was.',
    ),
  onDestroy: z
    .enum(['keep', 'remove'])
    .optional()
    .describe(
      '`keep` leaves the mail host running as it is; `remove` stops its services and removes its managed files. Default: keep.',
    ),
});

export type ResourceSettings = z.infer<typeof resourceSettings>;
