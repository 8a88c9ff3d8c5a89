import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { log } from './log';

/** Unix socket paths are limited to 104 bytes on macOS and 108 on Linux; a temporary folder may be deeper than that. */
const longestSocketPath = 100;
/** How often it is checked that Terraform still lives, in milliseconds. */
const parentCheckMs = 500;

export interface Lifetime {
  /** Where the plugin listens: alone in a folder that only this user may enter, removed at exit. */
  readonly socketPath: string;
  /** Ends the process soon; safe to call more than once. */
  end(reason: string): void;
  /** Looks at once whether Terraform is still there, e.g. when its connection broke. */
  checkParent(): void;
}

/**
 * Ties the life of this process to Terraform's: a provider must never outlive its parent, must not die of the Ctrl-C that
 * Terraform handles itself (it sends StopProvider), and leaves no file behind. `onEnd` may still stop what is running; its
 * promise is awaited for at most `graceMs`.
 */
export function beginLifetime(env: NodeJS.ProcessEnv, onEnd: () => Promise<void>, graceMs = 1500): Lifetime {
  const folder = socketFolder(env);
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

  let ending = false;
  const end = (reason: string, code = 0) => {
    if (ending) return;
    ending = true;
    log('debug', `provider ends: ${reason}`);
    const exit = () => process.exit(code);
    setTimeout(exit, graceMs);
    onEnd().then(exit, exit);
  };

  const parent = process.ppid;
  const checkParent = () => {
    if (process.ppid !== parent) end('Terraform is gone');
  };
  setInterval(checkParent, parentCheckMs).unref();

  process.on('SIGINT', () => log('trace', 'interrupt is left to Terraform'));
  process.on('SIGTERM', () => end('SIGTERM', 143));
  process.on('SIGHUP', () => end('SIGHUP', 129));
  // The pipes break when Terraform is killed; that must lead to an orderly end, not to a crash half-way.
  process.stdout.on('error', () => end('standard output is closed'));
  process.stderr.on('error', () => undefined);

  return { socketPath: join(folder, 'provider.sock'), end, checkParent };
}

function socketFolder(env: NodeJS.ProcessEnv): string {
  const parent = env.PLUGIN_UNIX_SOCKET_DIR || tmpdir();
  const longest = join(parent, 'mailserver-XXXXXX', 'provider.sock');
  return mkdtempSync(join(Buffer.byteLength(longest) > longestSocketPath ? '/tmp' : parent, 'mailserver-'));
}
