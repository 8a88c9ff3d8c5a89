import type { ConnectionSettings } from '../../host/connection-settings';
import { progressOf } from '../progress';
import { addressOf } from './machine-identity';

/** Tells how far the work on a host is. */
export const reporter = (ssh: ConnectionSettings): ((line: string) => void) => progressOf(addressOf(ssh));
