import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../..');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailserver-policy-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The policy that the script makes of calls such as `ec2:DescribeVpcs`. */
function policyOf(calls: readonly string[], agent = 'APN/1.0 HashiCorp/1.0 Terraform/1.11.4'): Record<string, unknown> {
  const lines = calls.map((call) => {
    const [service, action] = call.split(':');
    return `${JSON.stringify({ time: 1, service, action, resources: [], status: 200, agent })}\n`;
  });
  const file = join(folder, 'calls.jsonl');
  writeFileSync(file, lines.join(''));
  return JSON.parse(execFileSync(process.execPath, ['scripts/iam-policy.mjs', file], { cwd: root, encoding: 'utf8' }));
}

test('a policy allows each recorded call once, in statements by what it is about, and nothing else', () => {
  const calls = [
    'ec2:RunInstances',
    'ec2:DescribeVpcs',
    'ec2:DescribeVpcs',
    'route53:ListResourceRecordSets',
    'route53:ChangeResourceRecordSets',
    'ec2:CreateRouteTable',
    'ec2:ModifyAddressAttribute',
    'ec2:AllocateAddress',
    'sts:GetCallerIdentity',
    'iam:PassRole',
  ];
  const statement = (Sid: string, ...Action: string[]) => ({ Sid, Effect: 'Allow', Action, Resource: '*' });
  expect(policyOf(calls)).toEqual({
    Version: '2012-10-17',
    Statement: [
      statement('Look', 'ec2:DescribeVpcs', 'route53:ListResourceRecordSets', 'sts:GetCallerIdentity'),
      statement('Names', 'route53:ChangeResourceRecordSets'),
      statement('Address', 'ec2:AllocateAddress', 'ec2:ModifyAddressAttribute'),
      statement('OwnNetwork', 'ec2:CreateRouteTable'),
      statement('Host', 'ec2:RunInstances'),
      statement('Others', 'iam:PassRole'),
    ],
  });
});

test('what the lab itself has called, and what is not an action of AWS, is not in it', () => {
  expect(policyOf(['ec2:DescribeVpcs'], 'mailserver-lab')).toMatchObject({ Statement: [] });
  expect(policyOf(['route53:GET /2013-04-01/nothing'])).toMatchObject({ Statement: [] });
});

test('the script says what it wants to read', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/iam-policy.mjs'], { cwd: root, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('usage: node scripts/iam-policy.mjs CALLS') });
});

test.each(['iam-policy.json', 'iam-policy-ses.json'])('docs/%s is what the script makes of its actions', (name) => {
  const documented = JSON.parse(readFileSync(join(root, 'docs', name), 'utf8')) as {
    Statement: readonly { readonly Sid: string; readonly Action: readonly string[] }[];
  };
  const sorted = ({ Statement }: typeof documented) =>
    Object.fromEntries(Statement.map(({ Sid, Action }) => [Sid, [...Action].sort()]));
  const actions = documented.Statement.flatMap(({ Action }) => Action);
  expect(sorted(policyOf(actions) as typeof documented)).toEqual(sorted(documented));
});
