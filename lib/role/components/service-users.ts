import { type Component, SERVICE_GROUP } from '../component';

/**
 * The service users: they own the maps, and mail for their applications is piped to their `bin/deliver` (R20, R26). Who a
 * domain is delivered to is one of them without being named twice.
 */
export const serviceUsers: Component = ({ settings }) => {
  const receivers = Object.values(settings.domains ?? {}).flatMap((domain) => domain.deliverTo ?? []);
  return {
    groups: [{ name: SERVICE_GROUP }],
    users: [...new Set([...(settings.serviceUsers ?? []), ...receivers])].map((name) => ({
      name,
      home: `/home/${name}`,
      shell: '/bin/bash',
      groups: [SERVICE_GROUP],
    })),
  };
};
