import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { calledActions } from '../../../lab/aws';
import { Route53Dns, SesRelay } from '../../../lib';
import { newStack } from '../../support/synth';
import { TerraformProject } from '../../support/terraform';
import { AwsEmulator } from '../support/aws-emulator';

interface Policy {
  readonly Statement: readonly { readonly Action: readonly string[] }[];
}

const policy = JSON.parse(readFileSync(resolve(__dirname, '../../../docs/iam-policy-ses.json'), 'utf8')) as Policy;
const documented = policy.Statement.flatMap(({ Action }) => Action);

let aws: AwsEmulator;
beforeAll(async () => {
  aws = await AwsEmulator.start({ timeFactor: 60 });
});
afterAll(() => aws?.stop());

const ses = (method: string, path: string, body?: object) =>
  aws.call('ses', `/v2/email/${path}`, { method, ...(body && { body: JSON.stringify(body) }) });

test('SES refuses a MAIL FROM domain elsewhere, an identity twice, and one that is not there', async () => {
  const create = () => ses('POST', 'identities', { EmailIdentity: 'refused.test' });
  expect((await create()).status).toBe(200);
  const twice = await create();
  expect([twice.status, twice.text]).toEqual([400, expect.stringContaining('Email identity refused.test already exist.')]);
  const elsewhere = await ses('PUT', 'identities/refused.test/mail-from', { MailFromDomain: 'bounce.other.test' });
  expect([elsewhere.status, elsewhere.text]).toEqual([400, expect.stringContaining('BadRequestException')]);
  const missing = await ses('GET', 'identities/missing.test');
  expect([missing.status, missing.text]).toEqual([404, expect.stringContaining('Email identity missing.test does not exist.')]);
});

test('a domain is made ready, verified by its records, seen as unchanged, and taken away with a key that nobody told Terraform', async () => {
  const zoneId = await aws.zone('ses.test');
  const project = await TerraformProject.init(
    newStack((stack) => {
      const dns = new Route53Dns(stack, 'dns', { zones: { 'ses.test': { zoneId } }, delegation: false });
      new SesRelay(stack, 'ses', { dns, domains: ['ses.test'] });
    }),
  );
  const state = `-state=${aws.folder}/terraform.tfstate`;
  const run = async (...command: readonly string[]) => {
    const { ok, text } = await project.against(aws.environment, ...command);
    if (!ok) throw new Error(text);
    return text;
  };
  try {
    await run('apply', '-auto-approve', state);
    const { text } = await ses('GET', 'identities/ses.test');
    const identity = JSON.parse(text);
    expect(identity.VerifiedForSendingStatus).toBe(true);
    expect(identity.MailFromAttributes).toEqual({
      MailFromDomain: 'bounce.ses.test',
      MailFromDomainStatus: 'SUCCESS',
      BehaviorOnMxFailure: 'USE_DEFAULT_VALUE',
    });
    const again = await run('plan', state);
    expect(again).toContain('No changes.');
    expect(again).not.toContain('has not verified');

    const UserName = 'ses-eu-central-1-ses.test';
    const body = new URLSearchParams({ Action: 'CreateAccessKey', Version: '2010-05-08', UserName });
    const key = await aws.call('iam', '/', { method: 'POST', body });
    const [, secret = ''] = /<SecretAccessKey>([^<]+)/.exec(key.text) ?? [];
    expect(secret).toHaveLength(40);
    await run('apply', '-auto-approve', state);
    expect(readFileSync(`${aws.folder}/terraform.tfstate`, 'utf8')).not.toContain(secret);

    await run('destroy', '-auto-approve', state);
    expect((await ses('GET', 'identities/ses.test')).status).toBe(404);
  } finally {
    project.dispose();
  }
  const own = ['ses', 'iam'];
  const called = calledActions(
    (await aws.calls()).filter(({ service, agent }) => own.includes(service) && /terraform/i.test(agent)),
  );
  expect({ notAllowed: called.filter((one) => !documented.includes(one)) }).toEqual({ notAllowed: [] });
  expect({ notNeeded: documented.filter((one) => !called.includes(one)) }).toEqual({ notNeeded: [] });
});
