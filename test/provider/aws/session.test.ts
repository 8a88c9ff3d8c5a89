import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ec2Addresses } from '../../../lib/provider/aws/addresses';
import { AwsError } from '../../../lib/provider/aws/query';
import { AwsSession } from '../../../lib/provider/aws/session';
import type { AwsSettings } from '../../../lib/provider/aws/settings';

interface Asked {
  readonly parameters: Record<string, string>;
  readonly authorization: string;
  readonly token?: string;
}

const item = (inside: string) =>
  `<?xml version="1.0"?><R xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId><addressSet>${inside}</addressSet></R>`;
const error = (code: string, message: string) =>
  `<?xml version="1.0"?><Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>1</RequestID></Response>`;

jest.setTimeout(30_000);

/** An AWS on loopback that answers what it is told to. */
describe('calls to AWS', () => {
  let server: Server;
  let url: string;
  let folder: string;
  let asked: Asked[];
  let answers: (readonly [status: number, body: string])[];
  const keys = [
    'AWS_ACCESS_KEY_ID',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_PROFILE',
    'AWS_CONFIG_FILE',
    'AWS_SHARED_CREDENTIALS_FILE',
    'AWS_EC2_METADATA_DISABLED',
  ];
  const before = Object.fromEntries(keys.map((key) => [key, process.env[key]]));

  beforeEach(async () => {
    asked = [];
    answers = [];
    folder = mkdtempSync(join(tmpdir(), 'aws-'));
    writeFileSync(join(folder, 'credentials'), '[mail]\naws_access_key_id = AKIDMAIL\naws_secret_access_key = secret\n');
    writeFileSync(join(folder, 'config'), '[profile mail]\nregion = eu-west-3\n');
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: 'AKIDENV',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_CONFIG_FILE: join(folder, 'config'),
      AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
      AWS_EC2_METADATA_DISABLED: 'true',
    });
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        const { authorization = '', 'x-amz-security-token': token } = request.headers;
        asked.push({
          parameters: Object.fromEntries(new URLSearchParams(body)),
          authorization,
          ...(token && { token: String(token) }),
        });
        const [status, text] = answers.shift() ?? [500, 'no answer is left'];
        response.writeHead(status).end(text);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    for (const key of keys) {
      if (before[key] === undefined) delete process.env[key];
      else process.env[key] = before[key];
    }
    rmSync(folder, { recursive: true });
    await new Promise((resolve) => server.close(resolve));
  });

  const addresses = (settings: AwsSettings = {}, env: NodeJS.ProcessEnv = {}) =>
    ec2Addresses(
      new AwsSession(settings, new AbortController().signal, { AWS_REGION: 'eu-central-1', AWS_ENDPOINT_URL: url, ...env }),
    );

  test('are signed with the keys of the environment, for the region and the service', async () => {
    answers = [[200, item('')]];
    expect(await addresses().nameOf('eipalloc-1')).toEqual({});
    expect(asked).toEqual([
      {
        parameters: {
          Action: 'DescribeAddressesAttribute',
          Version: '2016-11-15',
          Attribute: 'domain-name',
          'AllocationId.1': 'eipalloc-1',
        },
        authorization: expect.stringMatching(
          /^AWS4-HMAC-SHA256 Credential=AKIDENV\/\d{8}\/eu-central-1\/ec2\/aws4_request, SignedHeaders=content-type;host;[a-z0-9;-]+, Signature=[0-9a-f]{64}$/,
        ),
      },
    ]);
  });

  test.each([
    ['a name', '<ptrRecord>mail.example.com.</ptrRecord>', { name: 'mail.example.com.' }],
    [
      'a change under way',
      '<ptrRecordUpdate><value>mail.example.com.</value><status>PENDING</status></ptrRecordUpdate>',
      { update: { value: 'mail.example.com.', status: 'PENDING' } },
    ],
    [
      'a change that failed, with its reason',
      '<ptrRecord>old.</ptrRecord><ptrRecordUpdate><value>m.</value><status>FAILED</status><reason>a &lt; b &amp; c</reason></ptrRecordUpdate>',
      { name: 'old.', update: { value: 'm.', status: 'FAILED', reason: 'a < b & c' } },
    ],
    ['neither', '', {}],
  ])('tell %s', async (_, inside, expected) => {
    answers = [[200, item(`<item><publicIp>198.51.100.25</publicIp><allocationId>eipalloc-1</allocationId>${inside}</item>`)]];
    expect(await addresses().nameOf('eipalloc-1')).toEqual(expected);
  });

  test('set, reset and release', async () => {
    answers = Array(3).fill([200, '<R><return>true</return></R>']);
    const all = addresses();
    await all.setName('eipalloc-1', 'mail.example.com');
    await all.resetName('eipalloc-1');
    await all.release('eipalloc-1');
    expect(asked.map(({ parameters: { Version: _, ...rest } }) => rest)).toEqual([
      { Action: 'ModifyAddressAttribute', AllocationId: 'eipalloc-1', DomainName: 'mail.example.com' },
      { Action: 'ResetAddressAttribute', AllocationId: 'eipalloc-1', Attribute: 'domain-name' },
      { Action: 'ReleaseAddress', AllocationId: 'eipalloc-1' },
    ]);
  });

  test('are made again while AWS is busy, and not when it refuses', async () => {
    answers = [
      [503, error('RequestLimitExceeded', 'Request limit exceeded.')],
      [500, 'not even XML'],
      [200, item('')],
    ];
    expect(await addresses().nameOf('eipalloc-1')).toEqual({});
    answers = [[400, error('InvalidAddress.PtrSet', 'it has a PTR')]];
    const refused = await addresses()
      .release('eipalloc-1')
      .catch((thrown: unknown) => thrown);
    expect(refused).toBeInstanceOf(AwsError);
    expect(refused).toMatchObject({ code: 'InvalidAddress.PtrSet', message: 'it has a PTR', status: 400 });
    expect(asked).toHaveLength(4);
  });

  test('are made as the profile of the settings, in its region', async () => {
    answers = [[200, item('')]];
    await addresses({ profile: 'mail', ec2Endpoint: url }, { AWS_REGION: '', AWS_DEFAULT_REGION: '' }).nameOf('eipalloc-1');
    expect(asked[0]?.authorization).toMatch(/Credential=AKIDMAIL\/\d{8}\/eu-west-3\/ec2\//);
  });

  test('are made in a role that is assumed once', async () => {
    const given = '<AccessKeyId>AKIDROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>';
    const role = `<AssumeRoleResponse><AssumeRoleResult><Credentials>${given}<Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
    answers = [
      [200, role],
      [200, item('')],
      [200, item('')],
    ];
    const all = addresses({ assumeRole: [{ roleArn: 'arn:aws:iam::1:role/mail', externalId: 'e' }] });
    await all.nameOf('eipalloc-1');
    await all.nameOf('eipalloc-1');
    expect(asked.map(({ parameters: { Action }, authorization, token }) => [Action, authorization.split('/')[0], token])).toEqual(
      [
        ['AssumeRole', expect.stringContaining('=AKIDENV'), undefined],
        ['DescribeAddressesAttribute', expect.stringContaining('=AKIDROLE'), 't'],
        ['DescribeAddressesAttribute', expect.stringContaining('=AKIDROLE'), 't'],
      ],
    );
    expect(asked[0]?.parameters).toMatchObject({
      RoleArn: 'arn:aws:iam::1:role/mail',
      RoleSessionName: 'mailserver',
      ExternalId: 'e',
    });
  });

  test('say what is missing: keys, a region, AWS itself', async () => {
    delete process.env.AWS_ACCESS_KEY_ID;
    await expect(addresses().nameOf('e')).rejects.toThrow(/^no credentials for AWS: /);
    await expect(addresses({}, { AWS_REGION: '' }).nameOf('e')).rejects.toThrow(
      'give it to the AWS provider of the stack, or set AWS_REGION',
    );
    process.env.AWS_ACCESS_KEY_ID = 'AKIDENV';
    const closed = new AbortController();
    const session = new AwsSession({ ec2Endpoint: 'http://127.0.0.1:9' }, closed.signal, { AWS_REGION: 'eu-central-1' });
    await expect(ec2Addresses(session).nameOf('e')).rejects.toThrow(/^127\.0\.0\.1:9 cannot be reached: .*ECONNREFUSED/);
    expect(asked).toEqual([]);
  });
});
