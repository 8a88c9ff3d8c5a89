import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { type TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { ExternalDns, Route53Dns, SesRelay, type SesRelayProps } from '../../../lib';
import { existingMailServer } from '../../support/mail-stack';
import { all, newStack, only, refusal, synthesise } from '../../support/synth';

const zones = (stack: TerraformStack) => new Route53Dns(stack, 'ses-dns', { zones: { 'example.com': { zoneId: 'Z1' } } });
const password = (stack: TerraformStack) =>
  new TerraformVariable(stack, 'ses_password', { type: 'string', sensitive: true }).stringValue;
const login = (stack: TerraformStack) => ({ user: 'AKIAABCDEFGHIJKLMNOP', password: password(stack) });
const relayOf = (stack: TerraformStack, props: Partial<SesRelayProps> = {}) =>
  new SesRelay(stack, 'ses', { dns: zones(stack), domains: ['example.com'], ...props });

const records = (props: Partial<SesRelayProps> = {}) =>
  all(synthesise((stack) => void relayOf(stack, props)).resource, 'aws_route53_record').map(
    ({ name, type, records: values }) => `${name} ${type} ${values}`,
  );

test('a domain gets three DKIM records whose names SES makes, and a MAIL FROM domain with MX and SPF, in its own zone', () => {
  const tokens = (index: number) =>
    `\${element(aws_sesv2_email_identity.ses_examplecom_BF5A0B1E.dkim_signing_attributes[0].tokens, ${index})}`;
  const [first = '', ...others] = records();
  expect(first.replace(/ses_examplecom_\w+/g, 'ses_examplecom_BF5A0B1E')).toBe(
    `${tokens(0)}._domainkey.example.com CNAME ${tokens(0)}.dkim.amazonses.com.`,
  );
  expect(others.slice(2)).toEqual([
    'bounce.example.com MX 10 feedback-smtp.eu-central-1.amazonses.com.',
    'bounce.example.com TXT v=spf1 include:amazonses.com ~all',
  ]);
  const { resource } = synthesise((stack) => void relayOf(stack));
  expect(only(resource, 'aws_sesv2_email_identity')).toMatchObject({
    email_identity: 'example.com',
    dkim_signing_attributes: { next_signing_key_length: 'RSA_2048_BIT' },
  });
  const mailFrom = only(resource, 'aws_sesv2_email_identity_mail_from_attributes');
  expect(mailFrom).toMatchObject({ mail_from_domain: 'bounce.example.com', behavior_on_mx_failure: 'USE_DEFAULT_VALUE' });
  // SES looks for the MX at once.
  expect(mailFrom.depends_on).toEqual([expect.stringContaining('aws_route53_record.'), expect.stringContaining('_SPF_')]);
});

test('DKIM records point to the zone of the region, or to the one that SES has named', () => {
  const target = (props: (stack: TerraformStack) => Partial<SesRelayProps>) =>
    all(synthesise((stack) => void relayOf(stack, props(stack))).resource, 'aws_route53_record')
      .map(({ records: values }) => String(values))
      .find((value) => value.includes('.dkim.'))
      ?.replace(/^.*\}\./, '');
  const inRegion = (region: string) => (stack: TerraformStack) => ({
    provider: new AwsProvider(stack, 'other', { alias: 'other', region }),
  });
  expect(target(inRegion('us-east-1'))).toBe('dkim.amazonses.com.');
  expect(target(inRegion('eu-south-1'))).toBe('dkim.eu-south-1.amazonses.com.');
  expect(target(() => ({ signingZone: 'dkim.cell.example' }))).toBe('dkim.cell.example.');
});

test('the smart host gets mail of the domains and their named subdomains alone, so that bounces and senders of others go another way', () => {
  newStack((stack) => {
    const { relays } = relayOf(stack, { login: login(stack), subdomains: ['mail.example.com'], pace: { connections: 5 } });
    expect(relays).toEqual([
      {
        host: 'email-smtp.eu-central-1.amazonaws.com',
        port: 587,
        login: { user: 'AKIAABCDEFGHIJKLMNOP', password: expect.anything() },
        senders: ['example.com', 'mail.example.com'],
        dkim: [1, 2, 3].map(() => expect.stringMatching(/\._domainkey\.example\.com$/)),
        pace: { connections: 5 },
      },
    ]);
    expect(existingMailServer(stack, { relay: [...relays] }).role).toBeDefined();
  });
});

test('without a login domains are made ready, and no mail takes the new way yet', () => {
  newStack((stack) => expect(relayOf(stack).relays).toEqual([]));
});

test('the program says at synth what SES does not take, and that an account begins in the sandbox', () => {
  const said = (newStack((stack) => void relayOf(stack)).node.findChild('ses').node.metadata ?? []).map(({ data }) => data);
  expect(said).toEqual([
    expect.stringMatching(/refuses bounces.*senders of others.*port 25/),
    expect.stringMatching(/sandbox: 200 mails a day/),
  ]);
});

test('the IAM user may send mail of these identities and do nothing else, and no resource makes its access key', () => {
  const { resource, output } = synthesise((stack) => void relayOf(stack));
  const { policy } = only(resource, 'aws_iam_user_policy');
  expect(JSON.parse(String(policy)).Statement).toEqual([
    {
      Effect: 'Allow',
      Action: 'ses:SendRawEmail',
      Resource: [expect.stringMatching(/^\$\{aws_sesv2_email_identity\..*\.arn\}$/)],
    },
  ]);
  expect(only(resource, 'aws_iam_user')).toMatchObject({ name: 'ses-eu-central-1-example.com', force_destroy: true });
  expect(resource).not.toHaveProperty('aws_iam_access_key');
  expect(output.ses_new_login?.value).toMatch(
    /^aws iam create-access-key --output json --user-name \$\{aws_iam_user\..*\.name\} \| npx mailserver ses-login --region eu-central-1$/,
  );
});

test('a name that is too long for a user of IAM is cut', () => {
  const domain = `${'a'.repeat(60)}.example.com`;
  expect(
    String(only(synthesise((stack) => void relayOf(stack, { domains: [domain] })).resource, 'aws_iam_user').name),
  ).toHaveLength(64);
});

test('a password as text in the program is refused by the mail server that gets the relay', () => {
  const said = refusal((stack) => {
    const { relays } = relayOf(stack, { login: { user: 'AKIAABCDEFGHIJKLMNOP', password: 'BMXhUYlu5Z3gSXVQ' } });
    existingMailServer(stack, { relay: [...relays] });
  });
  expect(said).toContain('relay.0.login.password is a literal string');
  expect(said).not.toContain('BMXh');
});

test('records in zones outside of Terraform are put out for whoever sets them', () => {
  const { output } = synthesise(
    (stack) => void relayOf(stack, { dns: new ExternalDns(stack, 'names', { zones: ['example.com'] }) }),
  );
  const listed = output.ses_records_to_set?.value as readonly { readonly type: string }[];
  expect(listed.map(({ type }) => type)).toEqual(['CNAME', 'CNAME', 'CNAME', 'MX', 'TXT']);
});

test('a plan warns while SES has not verified a domain, and refuses a provider that works in another region', () => {
  const { check, resource } = synthesise((stack) => void relayOf(stack));
  expect(JSON.stringify(check)).toMatch(/verified_for_sending_status == true.*has not verified example.com yet/);
  const { lifecycle } = only(resource, 'aws_sesv2_email_identity_mail_from_attributes');
  expect(lifecycle).toMatchObject({
    precondition: [{ condition: expect.stringMatching(/element\(split\(":", .*\.arn\), 3\) == "eu-central-1"/) }],
  });
});

test('where the AWS provider has its region from the environment, the program has to write it', () => {
  const bare = (props: Partial<SesRelayProps>) => (stack: TerraformStack) =>
    void relayOf(stack, { provider: new AwsProvider(stack, 'other', { alias: 'other' }), ...props });
  expect(refusal(bare({}))).toContain("so write region, e.g. 'eu-central-1'");
  expect(Testing.synth(newStack(bare({ region: 'eu-west-1' })))).toContain('feedback-smtp.eu-west-1.amazonses.com.');
});

test('a MAIL FROM domain that receives mail of the mail server is refused', () => {
  const said = refusal((stack) => {
    existingMailServer(stack, { domains: { 'bounce.example.com': {} } });
    relayOf(stack);
  });
  expect(said).toContain("MX record 'bounce.example.com' is written twice");
});
