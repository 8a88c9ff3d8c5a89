import { changes } from './requirements/changes';
import { configured } from './requirements/configured';
import { delivery } from './requirements/delivery';
import { filters } from './requirements/filters';
import { incoming } from './requirements/incoming';
import { MailHost } from './requirements/mail-host';
import { maps } from './requirements/maps';
import { outgoing } from './requirements/outgoing';
import { policy } from './requirements/policy';
import { recipients } from './requirements/recipients';
import { scanning } from './requirements/scanning';
import { smuggling } from './requirements/smuggling';
import { submission } from './requirements/submission';
import { sudo } from './requirements/sudo';

/** One machine for all of them. */
const host = new MailHost();
beforeAll(() => host.start());
afterAll(() => host.stop());

describe('incoming mail', () => incoming(host));
describe('a dishonest client', () => smuggling(host));
describe('submission', () => submission(host));
describe('policy services', () => policy(host));
describe('filters', () => filters(host));
describe('scanning', () => scanning(host));
describe('maps and configuration', () => maps(host));
describe('files of the service users', () => configured(host));
describe('recipients', () => recipients(host));
describe('mail for applications', () => delivery(host));
describe('outgoing mail', () => outgoing(host));
describe('sudo', () => sudo(host));
describe('a change', () => changes(host));
