import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { bitString, implicit, integer, octetString, oid, sequence, set, tagged, utcTime, utf8String, yes } from './der';

export interface ServerCertificate {
  readonly keyPem: string;
  readonly certificatePem: string;
  /** The certificate as base64 DER without padding, as the handshake line carries it. */
  readonly handshakeForm: string;
}

const hostName = 'localhost';
const dayMs = 24 * 60 * 60 * 1000;

const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'));
const name = sequence(set(sequence(oid('2.5.4.3'), utf8String(hostName))));
const serverAuth = oid('1.3.6.1.5.5.7.3.1');
const clientAuth = oid('1.3.6.1.5.5.7.3.2');
/** digitalSignature, keyEncipherment, keyAgreement, keyCertSign: bits 0, 2, 4 and 5. */
const keyUsage = bitString(Buffer.from([0b1010_1100]), 2);

const extensions = tagged(
  3,
  sequence(
    sequence(oid('2.5.29.19'), yes, octetString(sequence(yes))),
    sequence(oid('2.5.29.15'), yes, octetString(keyUsage)),
    sequence(oid('2.5.29.37'), octetString(sequence(serverAuth, clientAuth))),
    sequence(oid('2.5.29.17'), octetString(sequence(implicit(2, Buffer.from(hostName))))),
  ),
);

/**
 * A key and a self-signed certificate (RFC 5280) for one run of the plugin. Terraform takes the certificate from the handshake
 * as its only trusted root and asks for the name `localhost`; the key never leaves the process. Written by hand because a
 * provider starts several times for each plan, and loading a certificate library took a third of its start.
 */
export function generateCertificate(now = Date.now()): ServerCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const content = sequence(
    tagged(0, integer(Buffer.from([2]))),
    integer(serial),
    ecdsaWithSha256,
    name,
    // Clocks of one machine may still be set back a little while Terraform runs.
    sequence(utcTime(new Date(now - dayMs)), utcTime(new Date(now + 30 * dayMs))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    extensions,
  );
  const der = sequence(content, ecdsaWithSha256, bitString(sign('sha256', content, privateKey)));
  const base64 = der.toString('base64');
  return {
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificatePem: `-----BEGIN CERTIFICATE-----\n${base64.replace(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----\n`,
    handshakeForm: base64.replace(/=+$/, ''),
  };
}
