import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, LocalBackend, TerraformStack } from 'cdktf';
import { inOperatorNetwork } from '../../../lab/network';
import type { Lab } from '../../../lab/system';
import { MailserverRole, type MailserverRoleConfig } from '../../../lib/constructs/resources';

export interface Outcome {
  readonly code: number | null;
  /** Standard output and standard error, without colours. */
  readonly text: string;
}

export interface RunningTerraform {
  readonly child: ChildProcess;
  readonly done: Promise<Outcome>;
}

/** One stack with one role, and Terraform for it in the network of a lab's operator. */
export class TerraformRun {
  readonly progress: string;
  readonly log: string;
  /** Values of the stack's variables. */
  variables: Readonly<Record<string, string>> = {};
  readonly folder: string;

  constructor(
    private readonly lab: Lab,
    private readonly outdir: string,
  ) {
    mkdirSync(outdir, { recursive: true });
    this.folder = join(outdir, 'stacks', 'mail');
    this.progress = join(outdir, 'progress');
    this.log = join(outdir, 'terraform.log');
    writeFileSync(join(outdir, 'terraformrc'), '');
  }

  get stateFile(): string {
    return join(this.folder, 'terraform.tfstate');
  }

  synth(config: MailserverRoleConfig | ((stack: TerraformStack) => MailserverRoleConfig)): void {
    const app = new App({ outdir: this.outdir });
    const stack = new TerraformStack(app, 'mail');
    new LocalBackend(stack, { path: 'terraform.tfstate' });
    new MailserverRole(stack, 'role', typeof config === 'function' ? config(stack) : config);
    app.synth();
  }

  start(...args: string[]): RunningTerraform {
    const [file, ...words] = inOperatorNetwork(this.lab, ['terraform', ...args]);
    const env = {
      PATH: process.env.PATH,
      HOME: this.outdir,
      CHECKPOINT_DISABLE: '1',
      TF_CLI_CONFIG_FILE: join(this.outdir, 'terraformrc'),
      TF_IN_AUTOMATION: '1',
      TF_LOG: 'TRACE',
      TF_LOG_PATH: this.log,
      MAILSERVER_PROGRESS: this.progress,
      ...Object.fromEntries(Object.entries(this.variables).map(([name, value]) => [`TF_VAR_${name}`, value])),
    };
    // A process group of its own, so that a test can press Ctrl-C as a terminal does.
    const child = spawn(file, words, { cwd: this.folder, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        text += chunk;
      });
    }
    const done = new Promise<Outcome>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, text }));
    });
    return { child, done };
  }

  run(...args: string[]): Promise<Outcome> {
    return this.start(...args).done;
  }

  init(): Promise<Outcome> {
    return this.run('init', '-no-color', '-input=false');
  }

  /** Exit code 0: nothing to do, 2: changes, 1: an error. */
  plan(...args: string[]): Promise<Outcome> {
    return this.run('plan', '-no-color', '-input=false', '-detailed-exitcode', ...args);
  }

  apply(...args: string[]): Promise<Outcome> {
    return this.run('apply', '-no-color', '-input=false', '-auto-approve', ...args);
  }

  destroy(): Promise<Outcome> {
    return this.apply('-destroy');
  }
}

/** A text as one line, since Terraform breaks long ones. */
export const unwrapped = (text: string) => text.replace(/\s+/g, ' ');
