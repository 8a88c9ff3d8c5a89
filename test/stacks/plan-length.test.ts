import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Testing } from 'cdktf';
import { ExampleStack } from '../../stacks/example';
import { settingsFromEnvironment } from '../../stacks/settings';
import { fixedPublicKey } from '../support/keys';
import { TerraformProject } from '../support/terraform';

/** Runs of real Terraform take seconds, on a busy machine more. */
jest.setTimeout(240_000);

/** What the AWS provider writes about its resources; every attribute of each has a line. Measured with 5.100. */
const linesOfAws = 480;

let folder: string;
let lines: readonly string[] = [];

/** The plan of the first deployment of the example by real Terraform and the real provider of this package; nobody asks AWS. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mailserver-plan-'));
  const publicKeyFile = join(folder, 'id.pub');
  writeFileSync(publicKeyFile, `${fixedPublicKey}\n`);
  const settings = settingsFromEnvironment({ MAILSERVER_LAB: 'lab', MAILSERVER_SSH_PUBLIC_KEY_FILE: publicKeyFile });
  const project = await TerraformProject.init(
    new ExampleStack(Testing.stubVersion(new App({ stackTraces: false })), 'mail', settings),
  );
  // A check of what is known after apply is an error of `terraform test`, and a warning of a plan.
  project.without('check');
  const mock = 'mock_data "aws_ec2_instance_type_offerings" { defaults = { locations = ["eu-central-1a"] } }';
  const { text } = project.test(`mock_provider "aws" {\n${mock}\n}\nrun "first" {\n  command = plan\n}`, '-verbose');
  project.dispose();
  const [from, to] = [text.indexOf('Terraform used the selected providers'), text.indexOf('it.tftest.hcl... tearing down')];
  if (from < 0 || to < 0) throw new Error(text);
  lines = text.slice(from, to).trimEnd().split('\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Lines of each resource; what comes before the first and after the last is Terraform's own. */
function lengths(): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  let name = '';
  for (const line of lines) {
    name = /^ {2}# (\S+) will be/.exec(line)?.[1] ?? (line.startsWith('Plan: ') ? 'outputs' : name);
    found.set(name, (found.get(name) ?? 0) + 1);
  }
  return found;
}

const sum = (of: (name: string) => boolean) => [...lengths()].reduce((total, [name, count]) => total + (of(name) ? count : 0), 0);

test('the first plan of the example is short enough to be read', () => {
  const aws = sum((name) => name.startsWith('aws_'));
  expect(aws).toBeGreaterThan(300);
  expect(aws).toBeLessThanOrEqual(linesOfAws);
  expect(sum((name) => name.startsWith('mailserver_role.'))).toBeGreaterThan(200);
  expect(lines.length - aws).toBeLessThanOrEqual(1060);
});

test('it has every file below /etc whole, and no line for a single program', () => {
  const text = lines.join('\n');
  expect(text).toContain('          + "/etc/mailname" ');
  expect(text).toMatch(/\+ "\/etc\/clamav\/clamd\.conf" += <<-EOT\n {16}# Written by the stack\.\n {16}User clamav\n/);
  expect(text).toMatch(/\+ programs +=/);
  expect(text).not.toContain('"/usr/lib/mailserver/probe"');
});
