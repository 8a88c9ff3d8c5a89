import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import {
  bitString,
  objectIdentifier,
  octetString,
  positiveInteger,
  sequence,
  setOf,
  tagged,
  taggedText,
  time,
  utf8String,
  yes,
} from './der';

export interface ServerCertificate {
  readonly keyPem: string;
  readonly certificatePem: string;
  /** The certificate as base64 DER without padding, as the handshake line carries it. */
  readonly handshakeForm: string;
}

const dayMs = 24 * 60 * 60 * 1000;

const identifiers = {
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  commonName: '2.5.4.3',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  extKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
} as const;
const oid = (name: keyof typeof identifiers) => objectIdentifier(identifiers[name]);

/** digitalSignature, keyEncipherment, keyAgreement, keyCertSign. */
const keyUsage = bitString(Buffer.from([0b10101100]), 2);

/**
 * A key and a self-signed certificate (RFC 5280) for one run of the plugin. Terraform takes the certificate from the handshake as
 * its only trusted root and asks for the name `localhost`; the key never leaves the process.
 *
 * Its form never changes, so it is written down here: a library that makes any certificate takes as long to load as Node itself.
 */
export function generateCertificate(now = Date.now()): ServerCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(oid('ecdsaWithSha256'));
  const name = sequence(setOf(sequence(oid('commonName'), utf8String('localhost'))));
  const extensions = sequence(
    sequence(oid('basicConstraints'), yes, octetString(sequence(yes))),
    sequence(oid('subjectAltName'), octetString(sequence(taggedText(2, 'localhost')))),
    sequence(oid('extKeyUsage'), octetString(sequence(oid('serverAuth'), oid('clientAuth')))),
    sequence(oid('keyUsage'), yes, octetString(keyUsage)),
  );
  const content = sequence(
    tagged(0, positiveInteger(Buffer.from([2]))), // X.509 version 3
    positiveInteger(randomBytes(16)),
    algorithm,
    name,
    // Clocks of one machine may still be set back a little while Terraform runs.
    sequence(time(now - dayMs), time(now + 30 * dayMs)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(3, extensions),
  );
  const certificate = sequence(content, algorithm, bitString(sign('sha256', content, privateKey))).toString('base64');
  return {
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificatePem: `-----BEGIN CERTIFICATE-----\n${certificate.replace(/.{64}/g, '$&\n').trimEnd()}\n-----END CERTIFICATE-----\n`,
    handshakeForm: certificate.replace(/=+$/, ''),
  };
}
