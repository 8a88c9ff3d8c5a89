import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Thousands of domains are more than Node's default for what a command may print. Bytes. */
const mostOutput = 1 << 28;

/**
 * The outputs of a stack, asked of Terraform, whatever backend has the state.
 *
 * @param folder of the synthesised stack
 * @param environment `TERRAFORM_BINARY_NAME` names another binary, as for cdktf
 * @throws Error with the words of Terraform
 */
export async function terraformOutputs(folder: string, environment: NodeJS.ProcessEnv = process.env): Promise<unknown> {
  const binary = environment.TERRAFORM_BINARY_NAME || 'terraform';
  try {
    const options = { cwd: folder, env: environment, maxBuffer: mostOutput };
    const { stdout } = await promisify(execFile)(binary, ['output', '-json'], options);
    return JSON.parse(stdout);
  } catch (error) {
    const { stderr = '', message } = error as Error & { readonly stderr?: string };
    throw new Error(`'${binary} output -json' fails in ${folder}: ${stderr.trim() || message}`);
  }
}
