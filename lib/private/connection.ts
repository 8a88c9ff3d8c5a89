import type { IConstruct } from 'constructs';
import * as z from 'zod/mini';
import type { ConnectionProps } from '../connection-props';
import { privateKeyAsPath } from '../errors';
import { connectionSettings } from '../host/connection-settings';
import { checkSettings } from './check-settings';
import { ownTokens } from './own-tokens';

/** The settings of a connection, checked as far as they are known. */
export function checkedConnection(scope: IConstruct, connection: ConnectionProps): ConnectionProps {
  for (const endpoint of [connection, connection.bastion]) {
    if (endpoint?.privateKeyPath && /PRIVATE KEY|[\r\n]/.test(endpoint.privateKeyPath)) throw privateKeyAsPath(scope);
  }
  checkSettings(scope, z.strictObject({ connection: connectionSettings }), { connection });
  return ownTokens(connectionSettings, connection);
}
