import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { CommandError, type Lab, type OnStep, run } from '../system';
import { inLab } from './environment';
import { awsProviderVersion, findMirror, platform } from './mirror';
import type { Stack } from './synth';
import { type ApplyResult, TerraformLog } from './terraform-log';

/** One level of waiting at the provider's fixed pauses instead of several. */
const parallelism = '-parallelism=40';

const oldest = [1, 11] as const;
const source = `get version ${oldest.join('.')} or later from https://developer.hashicorp.com/terraform/install (a single file, to be put on the PATH)`;

/** @throws with where to get Terraform when it is not installed, or too old for write-only attributes. */
export async function requireTerraform(): Promise<void> {
  const env = { CHECKPOINT_DISABLE: '1', TF_CLI_CONFIG_FILE: '/dev/null' };
  const { stdout } = await run('terraform', ['version', '-json'], { env }).catch((error: unknown) => {
    if (!(error instanceof CommandError) || error.code !== undefined) throw error;
    throw new Error(`terraform is not installed; ${source}`);
  });
  const { terraform_version: version } = JSON.parse(stdout) as { terraform_version: string };
  if (isTooOld(version)) throw new Error(`terraform is of version ${version}; ${source}`);
}

/** Whether a version such as `1.9.8` or `1.12.0-rc1` is older than what the lab's providers need. */
export function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return major !== oldest[0] ? major < oldest[0] : minor < oldest[1];
}

/** Fetches the providers of a stack, and takes its state along when its place has changed. Runs in the host's own network, so that a registry can be reached. */
export async function terraformInit(stack: Stack, environment: Readonly<Record<string, string>>): Promise<void> {
  await run('terraform', ['init', '-input=false', '-no-color', '-migrate-state', '-force-copy'], {
    cwd: stack.dir,
    env: environment,
    timeout: 600_000,
  }).catch((error: unknown) => {
    const text = error instanceof CommandError ? (error.stderr || error.stdout).trim() : String(error);
    throw new Error(
      `terraform init failed in ${stack.dir} (${platform()}); without a way to Terraform's registry, name a folder made by "terraform providers mirror" in MAILSERVER_TF_MIRROR\n${text}`,
    );
  });
}

/** The mirror for a stack's AWS provider: see `findMirror`. */
export async function mirrorFor(stack: Stack): Promise<string | undefined> {
  const version = await awsProviderVersion(stack.dir);
  return version === undefined ? undefined : findMirror(version);
}

/**
 * `terraform apply` or `destroy` in the lab, without a question. Every resource is a step.
 * @throws with Terraform's own error texts.
 */
export async function terraformApply(
  lab: Lab,
  stack: Stack,
  environment: Readonly<Record<string, string>>,
  onStep: OnStep,
  options: { readonly destroy?: boolean; readonly signal?: AbortSignal } = {},
): Promise<ApplyResult> {
  const verb = options.destroy ? 'destroy' : 'apply';
  const [file, ...args] = await inLab(lab, ['terraform', verb, '-json', '-auto-approve', '-input=false', parallelism]);
  const log = new TerraformLog(onStep);
  const child = spawn(file, args, { cwd: stack.dir, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const interrupt = () => child.kill('SIGINT');
  options.signal?.addEventListener('abort', interrupt, { once: true });
  let rest = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    rest += text;
  });
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => log.line(line));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  options.signal?.removeEventListener('abort', interrupt);
  if (code !== 0 || log.errors.length > 0) {
    throw new Error([`terraform ${verb} failed`, ...log.errors, rest.trim()].filter(Boolean).join('\n'));
  }
  return log.result;
}

/** Exit code 0: nothing to change; 2: there is. With Terraform's text. */
export async function terraformPlan(
  lab: Lab,
  stack: Stack,
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly changes: boolean; readonly text: string }> {
  const command = ['terraform', 'plan', '-detailed-exitcode', '-input=false', '-no-color', '-lock=false', parallelism];
  const [file, ...args] = await inLab(lab, command);
  const { code, stdout } = await run(file, args, { cwd: stack.dir, env: environment, accept: [0, 2] });
  return { changes: code === 2, text: stdout };
}

/** Outputs of the stack, by name. Sensitive ones included: do not print. */
export async function terraformOutputs(
  stack: Stack,
  environment: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>> {
  const { stdout } = await run('terraform', ['output', '-json'], { cwd: stack.dir, env: environment });
  const outputs = JSON.parse(stdout) as Record<string, { value: unknown }>;
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
}

export interface StateResource {
  readonly address: string;
  readonly type: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** The managed resources in the state. Read from the state itself: to show it, Terraform would start every provider, which takes seconds. */
export async function terraformResources(stack: Stack, environment: Readonly<Record<string, string>>): Promise<StateResource[]> {
  const { stdout } = await run('terraform', ['state', 'pull'], { cwd: stack.dir, env: environment });
  const state = JSON.parse(stdout || '{}') as { readonly resources?: readonly RecordedResource[] };
  return (state.resources ?? [])
    .filter(({ mode }) => mode === 'managed')
    .flatMap(({ module, type, name, instances }) =>
      instances.map(({ attributes }) => ({
        address: [module, type, name].filter(Boolean).join('.'),
        type,
        values: attributes,
      })),
    );
}

/** As version 4 of Terraform's state has it. */
interface RecordedResource {
  readonly mode: string;
  readonly module?: string;
  readonly type: string;
  readonly name: string;
  readonly instances: readonly { readonly attributes: Readonly<Record<string, unknown>> }[];
}
