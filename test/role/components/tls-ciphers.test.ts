import { execFileSync } from 'node:child_process';
import { EXCLUDED_ON_SUBMISSION } from '../../../lib/role/components/tls';

/** As Postfix makes its list of `medium` ciphers and of what is excluded; by this machine's OpenSSL. */
function offered(excluded: readonly string[]): string[] {
  const list = ['aNULL:-aNULL:HIGH:MEDIUM:+RC4:@STRENGTH', ...excluded.map((name) => `!${name}`), '@SECLEVEL=0'].join(':');
  const lines = execFileSync('openssl', ['ciphers', '-v', '-tls1_2', '-s', list], { encoding: 'utf8' }).trim().split('\n');
  return lines.filter((line) => line.includes(' TLSv1.2 ') || line.includes(' SSLv3 ') || line.includes(' TLSv1 '));
}

describe('the ciphers of submission in TLS 1.2', () => {
  const lines = offered(EXCLUDED_ON_SUBMISSION);

  it('are some, for certificates of both kinds', () => {
    expect(lines.filter((line) => line.includes('Au=RSA')).length).toBeGreaterThan(3);
    expect(lines.filter((line) => line.includes('Au=ECDSA')).length).toBeGreaterThan(2);
  });

  it('all have forward secrecy and check integrity themselves', () => {
    expect(lines.filter((line) => !/Kx=(ECDH|DH) /.test(line) || !line.includes('Mac=AEAD'))).toEqual([]);
  });

  it('would be others without the list', () => {
    expect(offered([]).filter((line) => /Au=None|Kx=RSA|Mac=SHA/.test(line)).length).toBeGreaterThan(10);
  });
});
