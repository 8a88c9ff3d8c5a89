import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ec2Addresses } from '../../../lib/provider/aws/addresses';
import { endpointOf } from '../../../lib/provider/aws/endpoints';
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
        // The connection breaks down.
        if (status === 0) return void request.socket.destroy();
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
      new AwsSession(settings, new AbortController().signal, {
        AWS_ACCESS_KEY_ID: process.env.AWS_ACCESS_KEY_ID,
        AWS_SECRET_ACCESS_KEY: process.env.AWS_SECRET_ACCESS_KEY,
        AWS_REGION: 'eu-central-1',
        AWS_ENDPOINT_URL: url,
        ...env,
      }),
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
      [0, ''],
      [400, error('Throttling', 'Rate exceeded')],
      [200, item('')],
    ];
    expect(await addresses().nameOf('eipalloc-1')).toEqual({});
    answers = [[400, error('InvalidAddress.PtrSet', 'it has a PTR')]];
    const refused = await addresses()
      .release('eipalloc-1')
      .catch((thrown: unknown) => thrown);
    expect(refused).toBeInstanceOf(AwsError);
    expect(refused).toMatchObject({ code: 'InvalidAddress.PtrSet', message: 'it has a PTR', status: 400 });
    expect(asked).toHaveLength(6);
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

  describe('find keys in the order of the AWS provider of Terraform', () => {
    const given = (result: string, name: string) =>
      `<R><${result}><Credentials><AccessKeyId>${name}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken></Credentials></${result}></R>`;
    const identity = () => ({ AWS_WEB_IDENTITY_TOKEN_FILE: join(folder, 'token'), AWS_ROLE_ARN: 'arn:aws:iam::1:role/env' });
    const noKeys = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
    const keyIn = (authorization: string) => /Credential=(\w+)/.exec(authorization)?.[1] ?? '';
    /** Who made each call. */
    const made = () => asked.map(({ parameters, authorization }) => [parameters.Action, keyIn(authorization)]);
    beforeEach(() => {
      writeFileSync(join(folder, 'token'), 'header.body.signature\n');
      answers = [
        [200, given('AssumeRoleWithWebIdentityResult', 'AKIDWEB')],
        [200, given('AssumeRoleResult', 'AKIDROLE')],
      ];
    });

    test.each<[string, AwsSettings, () => NodeJS.ProcessEnv, (readonly [string, string])[]]>([
      ['keys come before AWS_PROFILE', {}, () => ({ AWS_PROFILE: 'mail' }), [['DescribeAddressesAttribute', 'AKIDENV']]],
      ['the profile of the settings before keys', { profile: 'mail' }, () => ({}), [['DescribeAddressesAttribute', 'AKIDMAIL']]],
      ['keys before a token', {}, identity, [['DescribeAddressesAttribute', 'AKIDENV']]],
      [
        'a token before a profile of the files',
        {},
        () => ({ ...noKeys, ...identity() }),
        [
          ['AssumeRoleWithWebIdentity', ''],
          ['DescribeAddressesAttribute', 'AKIDWEB'],
        ],
      ],
      [
        'a token of the settings before keys, and then the roles',
        { webIdentity: { roleArn: 'arn:aws:iam::1:role/own' }, assumeRole: [{ roleArn: 'arn:aws:iam::2:role/mail' }] },
        identity,
        [
          ['AssumeRoleWithWebIdentity', ''],
          ['AssumeRole', 'AKIDWEB'],
          ['DescribeAddressesAttribute', 'AKIDROLE'],
        ],
      ],
    ])('%s', async (_, settings, env, expected) => {
      answers = [...answers.slice(0, Math.max(0, expected.length - 1)), [200, item('')]];
      const keys = { AWS_ACCESS_KEY_ID: 'AKIDENV', AWS_SECRET_ACCESS_KEY: 'secret' };
      await addresses(settings, { ...keys, ...env() }).nameOf('eipalloc-1');
      expect(made()).toEqual(expected);
      if (settings.webIdentity) expect(asked[0]?.parameters.RoleArn).toBe('arn:aws:iam::1:role/own');
    });

    test('limits and tags of a session are what STS is asked for', async () => {
      answers = [...answers, [200, item('')]];
      const arn = 'arn:aws:iam::1:policy/less';
      const limits = { duration: '1h30m', policy: '{}', policyArns: [arn] };
      const role = { roleArn: 'arn:aws:iam::2:role/mail', sourceIdentity: 'me', tags: { a: 'b' }, transitiveTagKeys: ['a'] };
      const webIdentity = { sessionName: 'ci', ...limits };
      await addresses({ webIdentity, assumeRole: [{ ...role, ...limits }] }, identity()).nameOf('eipalloc-1');
      const [first, second] = asked.map(({ parameters: { Action, Version, ...others } }) => others);
      const sent = { DurationSeconds: '5400', Policy: '{}', 'PolicyArns.member.1.arn': arn };
      const token = { RoleArn: 'arn:aws:iam::1:role/env', RoleSessionName: 'ci', WebIdentityToken: 'header.body.signature' };
      expect(first).toEqual({ ...token, ...sent });
      const tags = { 'Tags.member.1.Key': 'a', 'Tags.member.1.Value': 'b', 'TransitiveTagKeys.member.1': 'a' };
      expect(second).toEqual({ RoleArn: role.roleArn, RoleSessionName: 'mailserver', SourceIdentity: 'me', ...tags, ...sent });
    });

    test.each<[string, NodeJS.ProcessEnv, RegExp]>([
      ['there is no role', { AWS_WEB_IDENTITY_TOKEN_FILE: '/x' }, /^no credentials for AWS: .* set AWS_ROLE_ARN$/],
      [
        'there is no file',
        { AWS_ROLE_ARN: 'x', AWS_WEB_IDENTITY_TOKEN_FILE: '/nowhere/token' },
        /token .* cannot be read: ENOENT/,
      ],
      ['it is empty', { AWS_ROLE_ARN: 'x', AWS_WEB_IDENTITY_TOKEN_FILE: '/dev/null' }, /\/dev\/null holds no token/],
    ])('a token is said to be missing when %s', async (_, env, problem) => {
      await expect(addresses({}, { ...noKeys, ...env }).nameOf('e')).rejects.toThrow(problem);
      expect(asked).toEqual([]);
    });
  });

  test.each<['ec2' | 'sts', string, AwsSettings, NodeJS.ProcessEnv, string]>([
    ['ec2', 'eu-west-1', {}, {}, 'https://ec2.eu-west-1.amazonaws.com'],
    ['sts', 'cn-north-1', {}, {}, 'https://sts.cn-north-1.amazonaws.com.cn'],
    ['ec2', 'us-east-1', { useFipsEndpoint: true }, {}, 'https://ec2-fips.us-east-1.amazonaws.com'],
    ['sts', 'us-east-1', {}, { AWS_USE_FIPS_ENDPOINT: 'true' }, 'https://sts-fips.us-east-1.amazonaws.com'],
    ['ec2', 'us-east-1', { useFipsEndpoint: false }, { AWS_USE_FIPS_ENDPOINT: 'true' }, 'https://ec2.us-east-1.amazonaws.com'],
    ['ec2', 'eu-west-1', { useDualstackEndpoint: true }, {}, 'https://ec2.eu-west-1.api.aws'],
    ['ec2', 'eu-west-1', {}, { AWS_USE_DUALSTACK_ENDPOINT: 'True' }, 'https://ec2.eu-west-1.api.aws'],
    ['ec2', 'eu-west-1', { useFipsEndpoint: true }, { AWS_ENDPOINT_URL: 'http://e' }, 'http://e'],
    ['sts', 'eu-west-1', { stsEndpoint: 'http://s' }, { AWS_ENDPOINT_URL_STS: 'http://e' }, 'http://s'],
    ['sts', 'eu-west-1', {}, { AWS_ENDPOINT_URL_STS: 'http://s', AWS_ENDPOINT_URL: 'http://e' }, 'http://s'],
  ])('go to %s in %s as %j and %j say', (service, region, settings, env, expected) => {
    expect(endpointOf(service, region, settings, env)).toBe(expected);
  });

  test('say what is missing: keys, a region, AWS itself', async () => {
    delete process.env.AWS_ACCESS_KEY_ID;
    await expect(addresses().nameOf('e')).rejects.toThrow(/^no credentials for AWS: /);
    await expect(addresses({}, { AWS_REGION: '' }).nameOf('e')).rejects.toThrow(
      'give it to the AWS provider of the stack, or set AWS_REGION',
    );
    process.env.AWS_ACCESS_KEY_ID = 'AKIDENV';
    const closed = new AbortController();
    const keys = { AWS_ACCESS_KEY_ID: 'AKIDENV', AWS_SECRET_ACCESS_KEY: 'secret' };
    const env = { AWS_REGION: 'eu-central-1', ...keys };
    const session = new AwsSession({ ec2Endpoint: 'http://127.0.0.1:9' }, closed.signal, env);
    await expect(ec2Addresses(session).nameOf('e')).rejects.toThrow(/^127\.0\.0\.1:9 cannot be reached: .*ECONNREFUSED/);
    expect(asked).toEqual([]);
  });
});
