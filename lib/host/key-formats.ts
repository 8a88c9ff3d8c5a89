import { createPrivateKey, type KeyObject, randomBytes } from 'node:crypto';

/** A length in four bytes, and then the data: RFC 4251 5, `string`. */
function sshString(data: Buffer | string): Buffer {
  const bytes = Buffer.from(data as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

const magic = 'openssh-key-v1\0';

/**
 * A private key in PKCS#8, as `openssl genpkey` and Terraform's `tls_private_key` write it, in a format that the SSH library reads.
 * Other texts come back as they are.
 *
 * @throws of `node:crypto`, when the key is damaged or encrypted
 */
export function fromPkcs8(text: string): string {
  if (!/^-----BEGIN PRIVATE KEY-----\s*$/m.test(text)) return text;
  const key = createPrivateKey(text);
  if (key.asymmetricKeyType === 'rsa') return key.export({ type: 'pkcs1', format: 'pem' }).toString();
  if (key.asymmetricKeyType === 'ec') return key.export({ type: 'sec1', format: 'pem' }).toString();
  if (key.asymmetricKeyType === 'ed25519') return openSshEd25519(key);
  throw new Error(`a key of type ${key.asymmetricKeyType ?? 'unknown'} cannot be used with SSH`);
}

/** OpenSSH's PROTOCOL.key; OpenSSL has no format of its own for these keys but PKCS#8. */
function openSshEd25519(key: KeyObject): string {
  const { d = '', x = '' } = key.export({ format: 'jwk' });
  const publicKey = Buffer.from(x, 'base64url');
  const type = sshString('ssh-ed25519');
  const check = randomBytes(4);
  const secret = sshString(Buffer.concat([Buffer.from(d, 'base64url'), publicKey]));
  const unpadded = Buffer.concat([check, check, type, sshString(publicKey), secret, sshString('')]);
  const padding = Buffer.from(Array.from({ length: (8 - (unpadded.length % 8)) % 8 }, (_, index) => index + 1));
  const one = Buffer.from([0, 0, 0, 1]);
  const blob = Buffer.concat([
    Buffer.from(magic),
    sshString('none'),
    sshString('none'),
    sshString(''),
    one,
    sshString(Buffer.concat([type, sshString(publicKey)])),
    sshString(Buffer.concat([unpadded, padding])),
  ]);
  const body = blob.toString('base64').replace(/.{70}/g, '$&\n');
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${body}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

/** The public half of a private key in OpenSSH's own format, which is readable even when the private half is encrypted. */
export function publicHalf(text: string): Buffer | undefined {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END/.exec(text)?.[1];
  const blob = Buffer.from(body ?? '', 'base64');
  if (!blob.subarray(0, magic.length).equals(Buffer.from(magic))) return undefined;
  let offset = magic.length;
  const next = (): Buffer | undefined => {
    if (offset + 4 > blob.length) return undefined;
    const end = offset + 4 + blob.readUInt32BE(offset);
    if (end > blob.length) return undefined;
    const data = blob.subarray(offset + 4, end);
    offset = end;
    return data;
  };
  // Cipher, key derivation and its options; then the number of keys.
  for (let part = 0; part < 3; part++) if (next() === undefined) return undefined;
  offset += 4;
  return next();
}
