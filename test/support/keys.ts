import { generateKeyPairSync } from 'node:crypto';

function field(bytes: Buffer | string): Buffer {
  const data = Buffer.from(bytes);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, data]);
}

/** The wire format of a public key (RFC 4253 6.6). */
export function keyBlob(type: string, ...fields: (Buffer | string)[]): string {
  return Buffer.concat([field(type), ...fields.map(field)]).toString('base64');
}

const { publicKey, privateKey } = generateKeyPairSync('ed25519');

/** A fresh public key as `ssh-keygen` writes it. */
export const ed25519PublicKey = `ssh-ed25519 ${keyBlob('ssh-ed25519', publicKey.export({ format: 'der', type: 'spki' }).subarray(-32))} someone@example.com`;

/** Its private half, to show that it is refused and not repeated. */
export const ed25519PrivateKey = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

/** A public key that is the same in every run, for snapshots. */
export const fixedPublicKey = `ssh-ed25519 ${keyBlob('ssh-ed25519', Buffer.alloc(32, 25))} fixed@example.com`;
