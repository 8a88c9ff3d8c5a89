import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Annotations, TerraformBackend, TerraformStack } from 'cdktf';
import { MailServerInputError } from '../synth/errors';

/** Terraform's name of a state, in a stack's folder and in those of workspaces. */
const STATE = 'terraform.tfstate';

/**
 * Keeps Terraform's state out of harm's way: cdktf deletes the folder of a stack that is renamed or taken out of the program, and all that
 * Terraform knows with it; the next apply would make everything a second time.
 *
 * @param outdir the folder that cdktf writes to
 * @throws MailServerInputError before cdktf deletes a folder that holds a state
 */
export function keepState(stack: TerraformStack, outdir: string, workingDirectory: string): void {
  refuseToForget(stack, join(outdir, 'stacks'));
  const place = stateInside(stack, outdir, workingDirectory);
  if (place === undefined) return;
  Annotations.of(stack).addWarning(
    `Terraform's state is kept in ${shown(place)}, a folder that cdktf deletes when the stack is renamed or taken out. ` +
      `Leave out the path of its LocalBackend (the state is then terraform.${stack.node.id}.tfstate in the folder of the program), or ` +
      'name another backend; then run "npx cdktf deploy --migrate-state" once, which takes the state along',
  );
}

/** Where a local backend keeps its state, if that is below the output folder. */
function stateInside(stack: TerraformStack, outdir: string, workingDirectory: string): string | undefined {
  const [backend] = stack.node.findAll().filter((node) => TerraformBackend.isBackend(node)) as TerraformBackend[];
  const { local } = (backend?.toTerraform()?.terraform?.backend ?? {}) as { readonly local?: { readonly path?: unknown } };
  if (!local || typeof local.path !== 'string') return undefined;
  const place = resolve(outdir, workingDirectory, local.path);
  return relative(outdir, place).startsWith('..') ? undefined : place;
}

function refuseToForget(stack: TerraformStack, folder: string): void {
  const { root } = stack.node;
  const known = new Set(root.node.findAll().flatMap((node) => (TerraformStack.isStack(node) ? [node.node.id] : [])));
  const others = existsSync(folder) ? readdirSync(folder).filter((name) => !known.has(name)) : [];
  for (const name of others) {
    const held = statesIn(join(folder, name)).find(({ resources }) => resources > 0);
    if (!held) continue;
    throw new MailServerInputError(
      stack,
      `${shown(held.path)} is the state of the stack '${name}', which this program does not have (${[...known].join(', ')}): cdktf would delete it now, and with it ` +
        `all that Terraform knows of ${held.resources} resources. If the stack was renamed, move the state to where the backend of the new one looks for it ` +
        `(LocalBackend without a path: terraform.NAME.tfstate in the folder of the program). If it is to go, destroy it first, from a program that has it; if nothing of it is left, remove ${shown(join(folder, name))}`,
    );
  }
}

function statesIn(folder: string): readonly { readonly path: string; readonly resources: number }[] {
  const workspaces = join(folder, `${STATE}.d`);
  const names = existsSync(workspaces) ? readdirSync(workspaces).map((name) => join(workspaces, name, STATE)) : [];
  return [join(folder, STATE), ...names]
    .filter((path) => existsSync(path))
    .map((path) => ({ path, resources: resourcesIn(path) }));
}

/** What cannot be read may be worth keeping. */
function resourcesIn(path: string): number {
  try {
    const { resources = [] } = JSON.parse(readFileSync(path, 'utf8')) as {
      readonly resources?: readonly { readonly mode?: string }[];
    };
    return resources.filter(({ mode }) => mode !== 'data').length;
  } catch {
    return 1;
  }
}

const shown = (path: string) => relative(process.cwd(), path) || path;
