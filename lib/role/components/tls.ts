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

/** The part of main.cf about TLS: RFC 8996 leaves TLS 1.2 and 1.3; between servers it is offered, never demanded. */
export function tlsParameters(settings: RoleSettings): string[] {
  const chain = settings.smtpdTlsChainFiles?.length ? settings.smtpdTlsChainFiles : [`${DIRECTORY}/self-signed.pem`];
  return [
    '# TLS.',
    parameter('smtpd_tls_chain_files', chain),
    'smtpd_tls_security_level = may',
    'smtpd_tls_protocols = >=TLSv1.2',
    'smtpd_tls_mandatory_protocols = >=TLSv1.2',
    'smtpd_tls_received_header = yes',
    'smtpd_tls_loglevel = 1',
    'smtp_tls_security_level = may',
    'smtp_tls_loglevel = 1',
  ];
}
