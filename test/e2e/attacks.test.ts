import { locks } from './attacks/locks';
import { MailHost } from './requirements/mail-host';

jest.setTimeout(300_000);

/** What somebody with an account on the host, or without one, must not get done. One machine for all of them. */
const host = new MailHost();
beforeAll(() => host.start(), 900_000);
afterAll(() => host.stop());

describe('locks and time', () => locks(host));
