/** Key types that EC2 imports. */
const importable = ['ssh-ed25519', 'ssh-rsa'];

/**
 * What keeps `text` from being the public half of an SSH key in OpenSSH's one-line format (RFC 4253 6.6); undefined when it is
 * one. Never repeats the text: what is pasted here by mistake is often a private key.
 */
export function publicKeyProblem(text: string): string | undefined {
  const line = text.trim();
  if (line === '') return 'it is empty';
  if (/PRIVATE KEY/.test(line)) return 'it is a private key, which must stay where it is';
  if (/^-+ ?BEGIN SSH2 PUBLIC KEY/.test(line)) return 'it is in RFC 4716 format; convert it with "ssh-keygen -i -f FILE"';
  if (/^PuTTY-/.test(line)) return 'it is a PuTTY key file; export the OpenSSH public key from PuTTYgen';
  if (/^[~./][^\s]*$/.test(line) || /\.pub$/.test(line)) return 'it looks like a path; read the file and pass its content';
  if (/[\r\n]/.test(line)) return 'it has more than one line';
  const [type = '', blob = ''] = line.split(/\s+/);
  if (!importable.includes(type)) {
    const known = /^(ssh|ecdsa|sk)-/.test(type);
    return known ? `EC2 takes no keys of type ${type}, only ${importable.join(' and ')}` : 'it does not start with a key type';
  }
  const bytes = Buffer.from(blob, 'base64');
  if (blob === '' || bytes.toString('base64').replace(/=+$/, '') !== blob.replace(/=+$/, ''))
    return 'its second word is not base64';
  const length = bytes.length >= 4 ? bytes.readUInt32BE(0) : 0;
  if (bytes.subarray(4, 4 + length).toString('latin1') !== type)
    return `its data does not hold a key of type ${type}; it may be cut off`;
  return fieldsEndAt(bytes) === bytes.length ? undefined : 'its data is cut off or has something after it';
}

/** Where the last whole length-prefixed field ends. */
function fieldsEndAt(bytes: Buffer): number {
  let end = 0;
  while (end + 4 <= bytes.length && end + 4 + bytes.readUInt32BE(end) <= bytes.length) end += 4 + bytes.readUInt32BE(end);
  return end;
}
