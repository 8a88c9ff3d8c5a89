import { type Component, SERVICE_GROUP } from '../component';

/** The service users: they own the maps, and mail for their applications is piped to their `bin/deliver` (R20, R26). */
export const serviceUsers: Component = ({ settings }) => ({
  groups: [{ name: SERVICE_GROUP }],
  users: (settings.serviceUsers ?? []).map((name) => ({
    name,
    home: `/home/${name}`,
    shell: '/bin/bash',
    groups: [SERVICE_GROUP],
  })),
});
