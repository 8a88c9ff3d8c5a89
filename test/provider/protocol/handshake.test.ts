import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { generateCertificate } from '../../../lib/provider/protocol/certificate';
import { HandshakeError, handshakeLine, readHandshake } from '../../../lib/provider/protocol/handshake';
import { cookie } from '../support/provider-process';

describe('the handshake', () => {
  it('takes the certificate of its only client from the environment', () => {
    expect(readHandshake({ ...cookie, PLUGIN_CLIENT_CERT: 'pem' })).toEqual({ clientCertificate: 'pem' });
    expect(readHandshake({ ...cookie })).toEqual({ clientCertificate: undefined });
  });

  it.each([{}, { TF_PLUGIN_MAGIC_COOKIE: 'x' }])('refuses to be started by hand (%j)', (env) => {
    expect(() => readHandshake(env)).toThrow(HandshakeError);
  });

  it('goes on when no protocol versions are offered', () => {
    expect(() => readHandshake({ ...cookie, PLUGIN_PROTOCOL_VERSIONS: '' })).not.toThrow();
  });

  it('is one line of six fields', () => {
    expect(handshakeLine('/tmp/x/provider.sock', 'MIIB')).toBe('1|6|unix|/tmp/x/provider.sock|grpc|MIIB');
  });
});

describe('the certificate', () => {
  it('is for localhost, of an elliptic-curve key, and signed by itself and valid around now', () => {
    const { certificatePem, keyPem, handshakeForm } = generateCertificate();
    const certificate = new X509Certificate(certificatePem);
    expect(certificate.subjectAltName).toBe('DNS:localhost');
    expect(certificate.ca).toBe(true);
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
    expect(createPublicKey(createPrivateKey(keyPem)).asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    expect(Date.parse(certificate.validFrom)).toBeLessThan(Date.now());
    expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.now());
    expect(handshakeForm).not.toMatch(/[=\n]/);
    expect(new X509Certificate(Buffer.from(handshakeForm, 'base64')).fingerprint256).toBe(certificate.fingerprint256);
  });

  it('is another one each time, whatever its numbers begin with', () => {
    const certificates = Array.from({ length: 300 }, () => new X509Certificate(generateCertificate().certificatePem));
    expect(certificates.every((certificate) => certificate.verify(certificate.publicKey))).toBe(true);
    expect(new Set(certificates.map(({ serialNumber }) => serialNumber)).size).toBe(300);
  });

  it('is dated rightly on both sides of 2050', () => {
    const { validFrom, validTo } = new X509Certificate(generateCertificate(Date.UTC(2049, 11, 20, 1, 2, 3)).certificatePem);
    expect([validFrom, validTo]).toEqual(['Dec 19 01:02:03 2049 GMT', 'Jan 19 01:02:03 2050 GMT']);
  });
});
