import * as z from 'zod/mini';
import { connectionSettings } from '../../host/connection-settings';
import { targetHost } from '../../net/domain-name';
import { optional, required } from '../../settings/property';
import { distinct, text } from '../../settings/vocabulary';

/**
 * What `mailserver_role` takes next to the settings of the role. The connection is called `ssh` in Terraform, because
 * `connection` is Terraform's own word for provisioners and never reaches a provider.
 */
export const resourceSettings = z.strictObject({
  ssh: required(connectionSettings, 'How the host is reached.'),
  instanceId: optional(
    z.string().check(z.minLength(1)),
    'Identity of the machine, e.g. the EC2 instance id: with a new one, a new host key is trusted. Default: the address.',
  ),
  machineType: optional(
    z.string().check(z.minLength(1)),
    'Size of the machine, e.g. the EC2 instance type: with a new one, what follows from cores and memory is known after apply. Default: as large as it was.',
  ),
  mapContents: optional(
    z.record(z.string(), z.string()),
    'Number of lines and SHA-256 of each file in `map_files` when the configuration was made, by the name there: a file with other content is refused. The construct sets it. Default: as the files are when a plan is made.',
  ),
  outboundTargets: optional(
    distinct(text(targetHost)),
    'Mail servers of others, by name or address, whose port 25 the host tries at the end of an apply; if none can be reached, the apply warns and says what to ask the provider for. Empty: nothing is tried. Default: servers of four big receivers.',
  ),
  onDestroy: optional(
    z.enum(['keep', 'stop', 'remove']),
    '`keep` leaves the mail host running as it is; `stop` stops its services, for a machine that is destroyed next; `remove` stops them and removes its managed files. Default: keep.',
  ),
});

export type ResourceSettings = z.infer<typeof resourceSettings>;
