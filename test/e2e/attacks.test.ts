import { differential } from './attacks/differential';
import { fragments } from './attacks/fragments';
import { harness } from './attacks/harness';
import { localUsers } from './attacks/local-users';
import { locks } from './attacks/locks';
import { logins } from './attacks/logins';
import { maps } from './attacks/maps';
import { patterns } from './attacks/patterns';
import { readable } from './attacks/readable';
import { strangers } from './attacks/strangers';
import { AttackedHost } from './attacks/support/attacked-host';
import { tls } from './attacks/tls';

/**
 * What somebody with an account on the host, or without one, must not get done. One host for all of them: `host.harmOf` tells what
 * an attack achieved and puts the host back.
 */
const host = new AttackedHost();
beforeAll(() => host.start());
afterAll(() => host.stop());

describe('what counts as harm', () => harness(host));
describe('fragments of main.cf', () => fragments(host));
describe('locks and time', () => locks(host));
describe('files of service users', () => maps(host));
describe('strangers', () => strangers(host));
describe('local users', () => localUsers(host));
describe('logins', () => logins(host));
describe('TLS', () => tls(host));
describe('patterns of service users', () => patterns(host));
describe('what others may read', () => readable(host));
describe('what the gate takes', () => differential(host));
