import { collectFacts } from '../../host/collect-facts';
import { connectHost } from '../../host/connect';
import { capacityOf, unknownCapacity } from '../../role/capacity';
import { nameOnHost } from '../../role/name-on-host';
import { renderRole } from '../../role/render';
import type { RoleResourceParts } from './role-logic';

/** The real role and the real host. What changes a host is loaded by the first change. */
export const realParts: RoleResourceParts = {
  role: { renderRole, capacityOf, unknownCapacity, nameOnHost },
  host: {
    connectHost,
    collectFacts,
    awaitTransaction: async (connection, options) =>
      (await import('../../host/await-transaction.js')).awaitTransaction(connection, options),
    applyChanges: async (options) => (await import('../../host/apply.js')).applyChanges(options),
    compareList: async (connection, list, signal) =>
      (await import('../../host/lists/compare.js')).compareList(connection, list, signal),
    blockedPort: async (connection, attempt) => (await import('./outbound.js')).blockedPort(connection, attempt),
    removeRole: async (connection, onProgress) => (await import('../../host/remove.js')).removeRole(connection, onProgress),
    stopRole: async (connection, onProgress) => (await import('../../host/remove.js')).stopRole(connection, onProgress),
  },
};
