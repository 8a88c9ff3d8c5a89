import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DesiredState } from '../lib/host/desired-state';
import { ansiblePlaybook } from './ansible-playbook';

export interface AnsibleTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly privateKeyPath: string;
}

/** Why Ansible cannot be measured here, if it cannot. */
export function ansibleMissing(): string | undefined {
  if (spawnSync('ansible-playbook', ['--version']).error === undefined) return undefined;
  return 'Ansible is left out: install ansible-core and ansible-mitogen';
}

/** Writes playbook, files and configuration, and returns the command that runs them once. */
export function ansibleRun(
  folder: string,
  desired: DesiredState,
  target: AnsibleTarget,
  mitogen: boolean,
): { args: string[]; env: NodeJS.ProcessEnv } {
  for (const file of desired.files) {
    const path = join(folder, 'files', file.path);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, file.content);
  }
  writeFileSync(join(folder, 'site.yml'), ansiblePlaybook(desired));
  const inventory = `mail ansible_host=${target.host} ansible_port=${target.port} ansible_user=${target.user} ansible_ssh_private_key_file=${target.privateKeyPath} ansible_python_interpreter=/usr/bin/python3 become=${target.user !== 'root'}\n`;
  writeFileSync(join(folder, 'inventory.ini'), inventory);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ANSIBLE_HOST_KEY_CHECKING: 'False',
    ANSIBLE_PIPELINING: 'True',
    ANSIBLE_NOCOWS: '1',
    ANSIBLE_SSH_ARGS: '-o ControlMaster=auto -o ControlPersist=60s -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no',
    ANSIBLE_SSH_CONTROL_PATH_DIR: join(folder, `cp-${target.port}`),
    ANSIBLE_LOCAL_TEMP: join(folder, 'tmp'),
  };
  if (mitogen) {
    env.ANSIBLE_STRATEGY = 'mitogen_linear';
    env.ANSIBLE_STRATEGY_PLUGINS = '/usr/lib/python3/dist-packages/ansible_mitogen/plugins/strategy';
  }
  return { args: ['-i', join(folder, 'inventory.ini'), join(folder, 'site.yml')], env };
}

/** Whether a run really was a no-op, from Ansible's recap; the error text otherwise. */
export function ansibleProblem(output: string, status: number | null): string | undefined {
  const recap = /ok=(\d+)\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)/.exec(output);
  if (status !== 0 || !recap) return output.trim().split('\n').slice(-6).join('\n');
  const [, ok, changed, unreachable, failed] = recap.map(Number);
  if (changed || unreachable || failed || !ok) return `not a no-op: ${recap[0]}`;
  return undefined;
}
