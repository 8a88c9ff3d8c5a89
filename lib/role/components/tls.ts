import { type Component, executable } from '../component';
import { PROGRAMS } from '../paths';
import selfSignedCertificate from '../remote/self-signed-certificate.sh';
import type { RoleSettings } from '../settings';
import { parameter } from './parameter';

const DIRECTORY = '/var/lib/mailserver/tls';
const PROGRAM = `${PROGRAMS}/self-signed-certificate`;

/**
 * STARTTLS with the given chain, or with a certificate of its own for the HELO name that the host makes once. Debian 13's
 * Postfix brings none, and without one every client is refused TLS.
 */
export const tls: Component = ({ settings }) => {
  if (settings.smtpdTlsChainFiles?.length) return {};
  return {
    packages: ['openssl'],
    directories: [{ path: DIRECTORY, owner: 'root', group: 'root', mode: '0700' }],
    files: [executable(PROGRAM, selfSignedCertificate)],
    derived: [
      {
        name: CERTIFICATE,
        check: `${PROGRAM} check ${DIRECTORY}/self-signed.pem ${settings.heloName}`,
        build: `${PROGRAM} build ${DIRECTORY}/self-signed.pem ${settings.heloName}`,
      },
    ],
  };
};

/** Name of the derived certificate, for those who reload when it changes. */
export const CERTIFICATE = 'self-signed certificate';

/**
 * Names of OpenSSL for what no port offers: without a certificate's proof (aNULL), without encryption, broken, or for other kinds of
 * keys than certificates. Servers get everything else of TLS 1.2: whoever finds no cipher sends in clear text instead.
 */
const EXCLUDED: readonly string[] = [
  'aNULL',
  'eNULL',
  'EXPORT',
  'LOW',
  'MD5',
  'RC4',
  '3DES',
  'IDEA',
  'SEED',
  'PSK',
  'SRP',
  'aDSS',
];

/**
 * On submission besides: no forward secrecy (kRSA), and ciphers whose integrity is checked apart from them (CBC with a MAC). Mail programs
 * have known better ones for ten years (RFC 9325 4.2), and a password is at stake.
 */
export const EXCLUDED_ON_SUBMISSION: readonly string[] = [...EXCLUDED, 'kRSA', 'SHA1', 'SHA256', 'SHA384'];

/** The part of main.cf about TLS: RFC 8996 leaves TLS 1.2 and 1.3; between servers it is offered, never demanded. */
export function tlsParameters(settings: RoleSettings): string[] {
  const chain = settings.smtpdTlsChainFiles?.length ? settings.smtpdTlsChainFiles : [`${DIRECTORY}/self-signed.pem`];
  return [
    '# TLS.',
    parameter('smtpd_tls_chain_files', chain),
    'smtpd_tls_security_level = may',
    'smtpd_tls_protocols = >=TLSv1.2',
    'smtpd_tls_mandatory_protocols = >=TLSv1.2',
    parameter('smtpd_tls_exclude_ciphers', EXCLUDED),
    parameter('submission_tls_exclude_ciphers', EXCLUDED_ON_SUBMISSION),
    '# The server chooses the cipher, and a client cannot have it calculate keys again and again on one connection.',
    'tls_preempt_cipherlist = yes',
    'tls_ssl_options = NO_RENEGOTIATION',
    'smtpd_tls_received_header = yes',
    'smtpd_tls_loglevel = 1',
    'smtp_tls_security_level = may',
    'smtp_tls_loglevel = 1',
  ];
}
