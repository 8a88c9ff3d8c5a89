import { createHash } from 'node:crypto';
import { HostError } from './host-error';

/** The fingerprint of a public key in its wire format, as OpenSSH prints it: `SHA256:` and base64 without padding. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The algorithm's name, which every public key starts with (RFC 4253, 6.6). */
export function keyType(key: Buffer): string {
  return key.toString('latin1', 4, 4 + key.readUInt32BE(0));
}

/**
 * The fingerprint of a pinned host key, given as such or as a line of `ssh-keyscan` or a `.pub` file.
 *
 * @throws {HostError} `hostKey` when it is neither
 */
export function pinnedFingerprint(pin: string): string {
  const found = readPin(pin);
  if (found === undefined) throw new HostError('hostKey', `hostKey ${hostKeyProblem(pin)}`);
  return found;
}

/** What is wrong with a pinned host key; undefined when it is one. */
export function hostKeyProblem(pin: string): string | undefined {
  if (readPin(pin) !== undefined) return undefined;
  return `must be \`SHA256:…\` or a public key like \`ssh-ed25519 AAAA…\`, got '${pin}': \`ssh-keyscan HOST\` prints it`;
}

function readPin(pin: string): string | undefined {
  const trimmed = pin.trim();
  if (/^SHA256:[A-Za-z0-9+/]{43}=?$/.test(trimmed)) return trimmed.replace(/=$/, '');
  const [type, base64] = /(?:ssh|ecdsa|sk)-\S+\s+AAAA\S+/.exec(trimmed)?.[0].split(/\s+/) ?? [];
  const key = Buffer.from(base64 ?? '', 'base64');
  return type !== undefined && key.length > 4 + type.length && keyType(key) === type ? fingerprint(key) : undefined;
}

/** The key types to offer for a pin: a host has several keys, and the one it shows must be of the pinned type. */
export function pinnedKeyTypes(pin: string | undefined): string[] | undefined {
  const type = /(?:ssh|ecdsa|sk)-\S+(?=\s+AAAA)/.exec(pin ?? '')?.[0];
  if (type === undefined) return undefined;
  return type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'] : [type];
}

/** Thrown when a host proves to be another one than expected. Both fingerprints are named: people compare them by eye. */
export function hostKeyMismatch(
  { address, isJumpHost }: { readonly address: string; readonly isJumpHost: boolean },
  expected: string,
  found: Buffer,
): HostError {
  return new HostError(
    isJumpHost ? 'jumpHostKey' : 'hostKey',
    `${isJumpHost ? `the jump host ${address}` : address} has another host key than expected: ` +
      `expected ${expected}, got ${fingerprint(found)} (${keyType(found)}); ` +
      'nothing was sent to it. If the machine was really replaced, compare the new fingerprint on its console ' +
      `(ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub) and set connection.${isJumpHost ? 'bastion.' : ''}hostKey to it; ` +
      'if not, somebody else answers at this address',
  );
}
