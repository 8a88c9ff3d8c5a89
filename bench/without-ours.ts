import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seconds } from './process-seconds';

type Block = Record<string, unknown>;

interface Stack {
  readonly terraform: { readonly required_providers: Block };
  readonly provider: Block;
  readonly resource: Record<string, Record<string, Block>>;
  readonly data: Record<string, Block>;
}

const isOurs = (name: string) => name.startsWith('mailserver');

const others = <Value>(record: Record<string, Value>) =>
  Object.fromEntries(Object.entries(record).filter(([name]) => !isOurs(name)));

const refersToUs = (value: unknown) => /\$\{[^}]*\bmailserver_/.test(JSON.stringify(value));

/** Attributes that refer to our resources, as they are in the state. */
function fixed(address: string, resource: Block, state: ReadonlyMap<string, Block>): Block {
  const known = Object.entries(resource).map(([name, value]) => [name, refersToUs(value) ? state.get(address)?.[name] : value]);
  return Object.fromEntries(known) as Block;
}

/** Values by address. */
function valuesInState(cwd: string): ReadonlyMap<string, Block> {
  const shown = JSON.parse(execFileSync('terraform', ['show', '-json'], { cwd, encoding: 'utf8', maxBuffer: 2 ** 28 }));
  const resources: { address: string; values: Block }[] = shown.values.root_module.resources;
  return new Map(resources.map(({ address, values }) => [address, values]));
}

/** The deployed stack with the resources of other providers only, in a folder of its own: what a plan of it costs without us. */
export function stackWithoutOurs(deployed: string, dir: string): string {
  cpSync(deployed, dir, { recursive: true });
  const file = join(dir, 'cdk.tf.json');
  const stack = JSON.parse(readFileSync(file, 'utf8')) as Stack;
  const state = valuesInState(dir);
  const resources = Object.fromEntries(
    Object.entries(others(stack.resource)).map(([type, byName]) => [
      type,
      Object.fromEntries(Object.entries(byName).map(([name, each]) => [name, fixed(`${type}.${name}`, each, state)])),
    ]),
  );
  for (const resource of Object.values(resources).flatMap((byName) => Object.values(byName))) {
    if (Array.isArray(resource.depends_on)) resource.depends_on = resource.depends_on.filter((name: string) => !isOurs(name));
  }
  const { required_providers } = stack.terraform;
  const rest = {
    terraform: { ...stack.terraform, required_providers: others(required_providers) },
    provider: others(stack.provider),
    resource: resources,
    data: others(stack.data),
  };
  writeFileSync(file, JSON.stringify(rest));
  const addresses = execFileSync('terraform', ['state', 'list'], { cwd: dir, encoding: 'utf8' });
  const gone = addresses.split('\n').filter((address) => isOurs(address.replace(/^data\./, '')));
  seconds('terraform', ['state', 'rm', ...gone], { cwd: dir });
  seconds('terraform', ['init', '-input=false'], { cwd: dir });
  // Only outputs go.
  seconds('terraform', ['apply', '-auto-approve', '-input=false'], { cwd: dir });
  return dir;
}
