import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, TerraformStack, Testing } from 'cdktf';

type Block = Record<string, unknown>;

/** A synthesised stack: what Terraform will read, by kind, type and logical id. */
export interface Synthesised {
  readonly resource: Record<string, Record<string, Block>>;
  readonly data: Record<string, Record<string, Block>>;
  readonly output: Record<string, Block>;
  readonly check: Record<string, Block>;
}

/** Synthesises what `build` puts into a stack of its own, with an AWS provider next to it, and with cdktf's own validations. */
export function synthesise(build: (stack: TerraformStack) => void): Synthesised {
  const {
    resource = {},
    data = {},
    output = {},
    check = {},
  } = JSON.parse(Testing.synth(newStack(build), true)) as Partial<Synthesised>;
  return { resource, data, output, check };
}

/** A stack named `test`, for tests of the tree and of whole Terraform runs. */
export function newStack(build: (stack: TerraformStack) => void): TerraformStack {
  // Not Testing.app(), which leaves a folder behind for every stack.
  const app = Testing.stubVersion(new App({ stackTraces: false }));
  const stack = new TerraformStack(app, 'test');
  new AwsProvider(stack, 'aws', { region: 'eu-central-1' });
  build(stack);
  return stack;
}

/** Everything of one type, without the metadata of cdktf. */
export function all(blocks: Record<string, Record<string, Block>>, type: string): Block[] {
  return Object.values(blocks[type] ?? {}).map(({ '//': _, ...block }) => block);
}

/** The only one of its type. */
export function only(blocks: Record<string, Record<string, Block>>, type: string): Block {
  const found = all(blocks, type);
  if (found.length !== 1 || !found[0]) throw new Error(`expected one ${type}, found ${found.length}`);
  return found[0];
}

/** What a constructor has to say against its input. */
export function refusal(build: (stack: TerraformStack) => void): string {
  try {
    newStack(build);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error('nothing was refused');
}
