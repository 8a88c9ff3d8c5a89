import { capacityOf, unknownCapacity } from '../../role/capacity';
import { renderRole } from '../../role/render';
import type { RoleResourceParts } from './role-logic';

/**
 * The real role and the real host. What speaks SSH is loaded at the first connection: most runs of a provider only answer
 * questions about its schema, and half of its start-up time would go into libraries that it does not use.
 */
export const realParts: RoleResourceParts = {
  role: { renderRole, capacityOf, unknownCapacity },
  host: {
    connectHost: async (settings, options) => lazyConnect().connectHost(settings, options),
    collectFacts: async (connection, request, signal) => lazyFacts().collectFacts(connection, request, signal),
    applyChanges: async (options) => lazyApply().applyChanges(options),
    removeRole: async (connection, onProgress) => lazyRemove().removeRole(connection, onProgress),
  },
};

const lazyConnect = () => require('../../host/connect') as typeof import('../../host/connect');
const lazyFacts = () => require('../../host/collect-facts') as typeof import('../../host/collect-facts');
const lazyApply = () => require('../../host/apply') as typeof import('../../host/apply');
const lazyRemove = () => require('../../host/remove') as typeof import('../../host/remove');
