import type { IConstruct } from 'constructs';
import * as z from 'zod/mini';
import { connectionSettings } from '../../host/connection-settings';
import { checkSettings } from '../synth/check-settings';
import { privateKeyAsPath } from '../synth/errors';
import { ownTokens } from '../synth/own-tokens';
import type { ConnectionProps } from './connection-props';

/** The settings of a connection, checked as far as they are known. */
export function checkedConnection(scope: IConstruct, connection: ConnectionProps): ConnectionProps {
  for (const endpoint of [connection, connection.bastion]) {
    if (endpoint?.privateKeyPath && /PRIVATE KEY|[\r\n]/.test(endpoint.privateKeyPath)) throw privateKeyAsPath(scope);
  }
  checkSettings(scope, z.strictObject({ connection: connectionSettings }), { connection });
  return ownTokens(connectionSettings, connection);
}
