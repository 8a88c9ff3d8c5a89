import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

export interface ServerCertificate {
  readonly keyPem: string;
  readonly certificatePem: string;
  /** The certificate as base64 DER without padding, as the handshake line carries it. */
  readonly handshakeForm: string;
}

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const serverAuth = '1.3.6.1.5.5.7.3.1';
const clientAuth = '1.3.6.1.5.5.7.3.2';
const dayMs = 24 * 60 * 60 * 1000;

/**
 * A key and a self-signed certificate for one run of the plugin. Terraform takes the certificate from the handshake as its
 * only trusted root and asks for the name `localhost`; the key never leaves the process.
 */
export async function generateCertificate(now = Date.now()): Promise<ServerCertificate> {
  x509.cryptoProvider.set(webcrypto as never);
  const keys = await webcrypto.subtle.generateKey(ecdsa, true, ['sign', 'verify']);
  const { digitalSignature, keyEncipherment, keyAgreement, keyCertSign } = x509.KeyUsageFlags;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=localhost',
    keys,
    signingAlgorithm: ecdsa,
    // Clocks of one machine may still be set back a little while Terraform runs.
    notBefore: new Date(now - dayMs),
    notAfter: new Date(now + 30 * dayMs),
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'localhost' }]),
      new x509.ExtendedKeyUsageExtension([serverAuth, clientAuth]),
      new x509.KeyUsagesExtension(digitalSignature | keyEncipherment | keyAgreement | keyCertSign, true),
    ],
  });
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    keyPem: x509.PemConverter.encode(key, 'PRIVATE KEY'),
    certificatePem: certificate.toString('pem'),
    handshakeForm: Buffer.from(certificate.rawData).toString('base64').replace(/=+$/, ''),
  };
}
