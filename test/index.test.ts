import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import * as library from '../lib';

const root = join(__dirname, '..');

test('the public API is what it was', () => {
  expect(Object.keys(library).sort()).toMatchInlineSnapshot(`
    [
      "DataMailserverDns",
      "Ec2Host",
      "Ec2Network",
      "ElasticAddress",
      "ExistingHost",
      "ExternalDns",
      "Firewall",
      "MailServer",
      "MailServerInputError",
      "MailServers",
      "MailVpc",
      "MailserverAddress",
      "MailserverDelegation",
      "MailserverDnsAgreement",
      "MailserverProvider",
      "MailserverReverseName",
      "MailserverRole",
      "Route53Dns",
      "SesIdentity",
      "SesRelay",
      "SplitDns",
      "StateVolume",
      "TerraformCheck",
      "hostedZones",
    ]
  `);
});

test('synthesis loads neither the whole AWS provider, two seconds and half a gigabyte, nor what only the provider needs', () => {
  const code = `require('./lib/index.ts'); console.log(JSON.stringify(Object.keys(require.cache)))`;
  const printed = execFileSync(process.execPath, ['--import', 'tsx', '-e', code], { cwd: root, encoding: 'utf8' });
  const loaded = JSON.parse(printed) as string[];
  expect(loaded.some((file) => file.includes('@cdktf/provider-aws/lib/instance/'))).toBe(true);
  expect(loaded.filter((file) => /@cdktf\/provider-aws\/lib\/(index|lazy-index)\.js$/.test(file))).toEqual([]);
  expect(loaded.filter((file) => /node_modules\/(ssh2|node-ssh|@grpc|typescript)\//.test(file))).toEqual([]);
}, 60_000);

test('the documented props are those of the schema', () => {
  expect(() =>
    execFileSync(process.execPath, ['--import', 'tsx', 'scripts/role-props.mjs', '--check'], { cwd: root }),
  ).not.toThrow();
});
