import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { HostError } from './host-error';

/** What proves who logs in: one private key, or whatever the agent holds. */
export type LoginProof =
  | { readonly privateKey: string; readonly name: string }
  | { readonly agent: string; readonly name: string };

interface LoginSource {
  readonly user: string;
  readonly host: string;
  readonly privateKeyPath?: string;
}

/**
 * Finds the key or the agent to log in with, before anything is sent: what is wrong here does not heal by waiting.
 *
 * @throws {HostError} `privateKey`
 */
export async function loginProof(source: LoginSource, environment: NodeJS.ProcessEnv = process.env): Promise<LoginProof> {
  const agent = environment.SSH_AUTH_SOCK && existsSync(environment.SSH_AUTH_SOCK) ? environment.SSH_AUTH_SOCK : undefined;
  if (source.privateKeyPath === undefined) {
    if (agent) return { agent, name: `the agent at ${agent}` };
    throw new HostError(
      'privateKey',
      `no key to log in as ${source.user}@${source.host}: set privateKeyPath, or start an SSH agent and add the key (SSH_AUTH_SOCK names none)`,
    );
  }
  const path = expandHome(source.privateKeyPath);
  const text = readKey(path);
  const { utils } = await import('./ssh-library.js');
  const parsed = utils.parseKey(text);
  if (!(parsed instanceof Error)) return { privateKey: text, name: `the key ${path}` };
  if (!/encrypted|passphrase/i.test(parsed.message)) {
    throw new HostError('privateKey', `${path} is no private key that can be used: ${lowerFirst(parsed.message)}`, {
      cause: parsed,
    });
  }
  if (agent) return { agent, name: `the agent at ${agent}` };
  throw new HostError(
    'privateKey',
    `the key ${path} is encrypted and there is no agent to ask: run \`eval "$(ssh-agent)"; ssh-add ${path}\` first, or use a key without a passphrase`,
  );
}

function expandHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
  ENOTDIR: 'there is no such file',
};

function readKey(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new HostError('privateKey', `cannot read the private key ${path}: ${reasons[code] ?? message}; check privateKeyPath`, {
      cause: error,
    });
  }
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
