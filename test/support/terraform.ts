import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TerraformStack, Testing } from 'cdktf';
import { findMirror } from '../../lab/deploy/mirror';

/** What a command of Terraform said, and whether it succeeded. */
export interface TerraformResult {
  readonly ok: boolean;
  readonly text: string;
}

/** A synthesised stack in a folder of its own, with real Terraform and the real schemas of its providers; no cloud is asked. */
export class TerraformProject {
  private constructor(
    private readonly folder: string,
    private readonly stackFolder: string,
  ) {}

  /** @throws with Terraform's own text when its providers cannot be had; a failing `init` must never look like a result */
  static async init(stack: TerraformStack): Promise<TerraformProject> {
    // Bindings of a newer provider can be tried against the schemas of the one that is at hand.
    const version = process.env.MAILSERVER_TEST_AWS_PROVIDER;
    if (version) stack.addOverride('terraform.required_providers.aws', { source: 'hashicorp/aws', version });
    return TerraformProject.inFolder(join(Testing.fullSynth(stack), 'stacks', stack.node.id), version);
  }

  /**
   * A configuration that is in this folder, two levels below one that is the test's to remove.
   * @throws with Terraform's own text when its providers cannot be had
   */
  static async inFolder(stackFolder: string, awsVersion = '5.100.0'): Promise<TerraformProject> {
    const folder = mkdtempSync(join(tmpdir(), 'mailserver-terraform-'));
    const mirror = await findMirror(awsVersion);
    mkdirSync(join(folder, 'data/terraform'), { recursive: true });
    if (mirror) symlinkSync(mirror, join(folder, 'data/terraform/plugins'));
    writeFileSync(join(folder, 'terraformrc'), '');
    const project = new TerraformProject(folder, stackFolder);
    const { ok, text } = project.run('init', '-backend=false');
    if (!ok) throw new Error(`terraform init failed\n${text}`);
    return project;
  }

  /** Changes a text of the synthesised stack, once. */
  edit(from: string, to: string): void {
    const file = join(this.stackFolder, 'cdk.tf.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
  }

  /** Takes all blocks of a kind out of the synthesised stack. */
  without(kind: string): void {
    const file = join(this.stackFolder, 'cdk.tf.json');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), [kind]: undefined }));
  }

  validate(): TerraformResult {
    return this.run('validate');
  }

  /** Runs `terraform test` with one test file: plan and apply with mocked providers. */
  test(hcl: string, ...args: string[]): TerraformResult {
    writeFileSync(join(this.stackFolder, 'it.tftest.hcl'), hcl);
    return this.run('test', ...args);
  }

  /** Plans from this state, without asking any cloud how things are. */
  plan(resources: readonly object[]): TerraformResult {
    const state = { version: 4, terraform_version: '1.11.0', serial: 1, lineage: 'it', outputs: {}, resources };
    writeFileSync(join(this.stackFolder, 'before.tfstate'), JSON.stringify(state));
    // CDK Terrain gives a stack in a test a backend, which a plan wants to be initialised.
    const { terraform } = JSON.parse(readFileSync(join(this.stackFolder, 'cdk.tf.json'), 'utf8'));
    const made = terraform?.backend ? this.run('init', '-reconfigure') : { ok: true, text: '' };
    if (!made.ok) return made;
    return this.run('plan', '-refresh=false', '-input=false', '-lock=false', '-state=before.tfstate');
  }

  /** Runs a command that asks a cloud: the one at `AWS_ENDPOINT_URL` in these variables. */
  async against(variables: Readonly<Record<string, string>>, ...args: string[]): Promise<TerraformResult> {
    const child = spawn('terraform', [...args, '-input=false', '-no-color'], {
      cwd: this.stackFolder,
      env: { ...this.environment, ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
    }
    const [code] = await once(child, 'close');
    return { ok: code === 0, text };
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
    rmSync(join(this.stackFolder, '../..'), { recursive: true, force: true });
  }

  private get environment(): Record<string, string> {
    const { PATH = '', HOME = '' } = process.env;
    return {
      PATH,
      HOME,
      CHECKPOINT_DISABLE: '1',
      TF_CLI_CONFIG_FILE: join(this.folder, 'terraformrc'),
      XDG_DATA_DIRS: join(this.folder, 'data'),
    };
  }

  private run(...args: string[]): TerraformResult {
    const { status, error, stdout, stderr } = spawnSync('terraform', [...args, '-no-color'], {
      cwd: this.stackFolder,
      encoding: 'utf8',
      env: this.environment,
    });
    if (error) throw error;
    return { ok: status === 0, text: `${stdout}${stderr}` };
  }
}
