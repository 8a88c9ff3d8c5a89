import type { RoleResourceParts } from './role-logic';

let hostWasLookedFor = false;

/** Whether the code that talks to a host is loaded, and with it nearly all there is. */
export const isWarm = () => hostWasLookedFor;

/**
 * The real role and the real host. Both are loaded when they are needed: most runs of a provider only answer questions about
 * its schema, and half of its start-up time would go into code that it does not use.
 */
export const realParts: RoleResourceParts = {
  role: {
    renderRole: (settings, capacity) => lazyRender().renderRole(settings, capacity),
    capacityOf: (cores, memoryMiB, antivirus) => lazyCapacity().capacityOf(cores, memoryMiB, antivirus),
    unknownCapacity: (placeholder) => lazyCapacity().unknownCapacity(placeholder),
  },
  host: {
    connectHost: async (settings, options) => {
      hostWasLookedFor = true;
      return lazyConnect().connectHost(settings, options);
    },
    collectFacts: async (connection, request, signal) => lazyFacts().collectFacts(connection, request, signal),
    applyChanges: async (options) => lazyApply().applyChanges(options),
    blockedPort: async (connection, attempt) => lazyOutbound().blockedPort(connection, attempt),
    removeRole: async (connection, onProgress) => lazyRemove().removeRole(connection, onProgress),
    stopRole: async (connection, onProgress) => lazyRemove().stopRole(connection, onProgress),
  },
};

const lazyRender = () => require('../../role/render') as typeof import('../../role/render');
const lazyCapacity = () => require('../../role/capacity') as typeof import('../../role/capacity');
const lazyConnect = () => require('../../host/connect') as typeof import('../../host/connect');
const lazyFacts = () => require('../../host/collect-facts') as typeof import('../../host/collect-facts');
const lazyApply = () => require('../../host/apply') as typeof import('../../host/apply');
const lazyOutbound = () => require('./outbound') as typeof import('./outbound');
const lazyRemove = () => require('../../host/remove') as typeof import('../../host/remove');
