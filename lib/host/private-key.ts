import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { BaseAgent } from 'ssh2';
import { agentWithKey } from './agent-key';
import { HostError } from './host-error';
import { fromPkcs8, publicHalf } from './key-formats';

/** What proves who logs in: one private key, one key of the agent, or whatever the agent holds. */
export type LoginProof =
  | { readonly privateKey: string; readonly name: string }
  | { readonly agent: string | BaseAgent; readonly name: string };

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
  const key = keyOf(path, text);
  const parsed = utils.parseKey(key);
  const ofAgent = async (socket: string, publicKey: Buffer | undefined): Promise<LoginProof> =>
    publicKey
      ? { agent: await agentWithKey(socket, publicKey), name: `the key ${path} of the agent at ${socket}` }
      : { agent: socket, name: `the agent at ${socket}` };
  if (!(parsed instanceof Error)) {
    if (parsed.isPrivateKey()) return { privateKey: key, name: `the key ${path}` };
    // As with OpenSSH's IdentityFile: the public half names a key of the agent.
    if (agent) return ofAgent(agent, parsed.getPublicSSH());
    const privateHalf = path.endsWith('.pub') ? path.slice(0, -4) : 'the private half';
    throw new HostError(
      'privateKey',
      `${path} is a public key: name ${privateHalf}, or add it to an SSH agent (SSH_AUTH_SOCK names none)`,
    );
  }
  if (!/encrypted|passphrase/i.test(parsed.message) && !/^-----BEGIN ENCRYPTED PRIVATE KEY-----/m.test(text)) {
    throw unusable(path, parsed);
  }
  if (agent) return ofAgent(agent, publicHalf(text) ?? (await publicFile(path)));
  throw new HostError(
    'privateKey',
    `the key ${path} is encrypted and there is no agent to ask: run \`eval "$(ssh-agent)"; ssh-add ${path}\` first, or use a key without a passphrase`,
  );
}

function keyOf(path: string, text: string): string {
  try {
    return fromPkcs8(text);
  } catch (error) {
    throw unusable(path, error as Error);
  }
}

function unusable(path: string, cause: Error): HostError {
  return new HostError(
    'privateKey',
    `${path} is not a private key that can be used: ${lowerFirst(cause.message)}; \`ssh-keygen -t ed25519\` makes one`,
    { cause },
  );
}

/** The public half next to an encrypted key, where it is. */
async function publicFile(path: string): Promise<Buffer | undefined> {
  const { utils } = await import('./ssh-library.js');
  try {
    const parsed = utils.parseKey(readFileSync(`${path}.pub`, 'utf8'));
    return parsed instanceof Error ? undefined : parsed.getPublicSSH();
  } catch {
    return undefined;
  }
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
