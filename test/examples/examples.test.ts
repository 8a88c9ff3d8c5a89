import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { providerCommand } from '../../lib/cli/provider/command';
import { TerraformProject } from '../support/terraform';

/** Runs of real Terraform take seconds, on a busy machine more. */
jest.setTimeout(120_000);

const root = join(__dirname, '../..');
const examples = join(root, 'examples');
const programs = readdirSync(examples).filter((name) => name.endsWith('.ts'));
/** Those whose providers are not needed by anything else here, so that their schemas are not at hand. */
const foreign: Readonly<Record<string, string>> = { 'own-dns.ts': 'hashicorp/dns', 'own-host.ts': 'hetznercloud/hcloud' };

const projects: TerraformProject[] = [];
afterAll(() => {
  for (const project of projects) project.dispose();
});

/** Synthesises an example as its user does; the folders of its stacks. */
function synthesised(program: string): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'mailserver-examples-'));
  const { PATH = '', HOME = '' } = process.env;
  execFileSync(process.execPath, ['--import', 'tsx', join('examples', program)], {
    cwd: root,
    stdio: 'pipe',
    env: { PATH, HOME, CDKTF_OUTDIR: folder },
  });
  const stacks = readdirSync(join(folder, 'stacks')).map((stack) => join(folder, 'stacks', stack));
  for (const stack of stacks) useProviderAtHand(stack);
  return stacks;
}

/** Bindings of a newer AWS provider are tried against the schemas of the one that is at hand. */
function useProviderAtHand(stack: string): void {
  const version = process.env.MAILSERVER_TEST_AWS_PROVIDER;
  const file = join(stack, 'cdk.tf.json');
  const config = JSON.parse(readFileSync(file, 'utf8'));
  if (version === undefined || config.terraform.required_providers.aws === undefined) return;
  config.terraform.required_providers.aws = { source: 'hashicorp/aws', version };
  writeFileSync(file, JSON.stringify(config));
  rmSync(join(stack, '.terraform.lock.hcl'), { force: true });
}

async function validated(folder: string) {
  const project = await TerraformProject.inFolder(folder);
  projects.push(project);
  return project.validate();
}

const accepted = { ok: true, text: expect.stringContaining('The configuration is valid') };

test.each(programs.filter((program) => !(program in foreign)))('Terraform accepts what %s synthesises', async (program) => {
  for (const folder of synthesised(program)) expect(await validated(folder)).toEqual(accepted);
});

test.each(Object.entries(foreign))('%s synthesises a mail server with resources of %s', (program, source) => {
  const [folder = ''] = synthesised(program);
  const { terraform, resource } = JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8'));
  expect(Object.values(terraform.required_providers)).toContainEqual(expect.objectContaining({ source }));
  const [type] = source.split('/').slice(-1);
  expect(Object.keys(resource).filter((name) => name.startsWith(`${type}_`))).not.toEqual([]);
  expect(resource).toHaveProperty('mailserver_role');
});

test('Terraform accepts the configuration in HCL, with the provider that "mailserver provider" puts there', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'mailserver-examples-')), 'stacks/mail');
  mkdirSync(folder, { recursive: true });
  cpSync(join(examples, 'plain-hcl'), folder, { recursive: true });
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  await providerCommand().parseAsync([folder], { from: 'user' });
  expect(await validated(folder)).toEqual(accepted);
});

test('every example is on the page that lists them', () => {
  const page = readFileSync(join(examples, 'README.md'), 'utf8');
  expect(readdirSync(examples).filter((name) => name !== 'README.md' && !page.includes(`(${name})`))).toEqual([]);
});
