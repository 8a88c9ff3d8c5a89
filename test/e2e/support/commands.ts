import { resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { inLab, type Lab, type Prepared, run } from '../../../lab';

/** How a command of the lab ended, and what it said. */
export interface Ended {
  readonly code: number;
  /** What was said after the plan, without colours and without the frame and the line breaks of a terminal. */
  readonly words: string;
  /** What came, without colours and without the names of stacks. */
  readonly text: string;
  /** As it came, without colours: cdktf puts the name of the stack in front of each piece. */
  readonly prefixed: string;
}

/** Terraform's words without the frame and the line breaks of a terminal. */
export const inOneLine = (text: string) => text.replace(/[│╷╵├─]/g, ' ').replace(/\s+/g, ' ');

async function command(lab: Lab, words: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Promise<Ended> {
  const [file, ...args] = await inLab(lab, words);
  const { code, stdout, stderr } = await run(file, args, { cwd, env, accept: [0, 1, 2], timeout: 900_000 });
  const prefixed = stripVTControlCharacters(stdout + stderr);
  const text = prefixed.replace(/^(?:mail| {4}) {2}/gm, '');
  return { code, text, prefixed, words: inOneLine(text.slice(text.indexOf('\nPlan: ') + 1)) };
}

/** `terraform`, in the folder of the synthesised stack. */
export const terraform = (lab: Lab, { stack, environment }: Prepared, ...args: string[]): Promise<Ended> =>
  command(lab, ['terraform', ...args], stack.dir, environment);

/** `npx cdktf` in the folder of a program; a cache of providers from earlier runs on this machine is not used. */
export function cdktf(
  lab: Lab,
  program: string,
  environment: Readonly<Record<string, string>>,
  ...args: string[]
): Promise<Ended> {
  const noCache = { CDKTF_DISABLE_PLUGIN_CACHE_ENV: 'true', TF_PLUGIN_CACHE_DIR: '' };
  return command(lab, [resolve('node_modules/.bin/cdktf'), ...args], program, { ...environment, ...noCache });
}
