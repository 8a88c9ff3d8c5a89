import { publicKeyProblem } from '../../../lib/constructs/aws/ssh-public-key';
import { ed25519PrivateKey, ed25519PublicKey, keyBlob } from '../../support/keys';

const rsa = `ssh-rsa ${keyBlob('ssh-rsa', Buffer.from([1, 0, 1]), Buffer.alloc(257, 7))}`;

test.each([ed25519PublicKey, `${ed25519PublicKey}\n`, ed25519PublicKey.split(' ').slice(0, 2).join(' '), rsa])(
  'accepts %s',
  (key) => expect(publicKeyProblem(key)).toBeUndefined(),
);

test.each([
  ['', 'it is empty'],
  ['~/.ssh/id_ed25519.pub', 'it looks like a path'],
  ['./id_rsa', 'it looks like a path'],
  ['keys/admin.pub', 'it looks like a path'],
  [ed25519PrivateKey, 'it is a private key'],
  ['-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----', 'it is a private key'],
  ['---- BEGIN SSH2 PUBLIC KEY ----\nabc', 'RFC 4716'],
  ['PuTTY-User-Key-File-3: ssh-ed25519', 'PuTTY'],
  [`${ed25519PublicKey}\n${ed25519PublicKey}`, 'more than one line'],
  [`ecdsa-sha2-nistp256 ${keyBlob('ecdsa-sha2-nistp256', 'x')}`, 'EC2 takes no keys of type ecdsa-sha2-nistp256'],
  ['sk-ssh-ed25519@openssh.com AAAA', 'EC2 takes no keys of type sk-'],
  ['hello world', 'does not start with a key type'],
  ['ssh-ed25519', 'its second word is not base64'],
  ['ssh-ed25519 AAAA…', 'its second word is not base64'],
  [`ssh-ed25519 ${keyBlob('ssh-rsa', 'x')}`, 'does not hold a key of type ssh-ed25519'],
  [rsa.slice(0, -8), 'its data is cut off'],
])('refuses %j: %s', (text, problem) => expect(publicKeyProblem(text)).toContain(problem));

test('never repeats what was given', () => {
  for (const text of [ed25519PrivateKey, `top-secret ${ed25519PrivateKey}`]) {
    for (const line of text.split('\n').filter((part) => part.length > 20 && !part.includes('KEY'))) {
      expect(publicKeyProblem(text)).not.toContain(line);
    }
  }
});
