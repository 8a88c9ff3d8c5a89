/** go-plugin's handshake: what Terraform says through the environment, and the one line it waits for on standard output. */

const cookieName = 'TF_PLUGIN_MAGIC_COOKIE';
const cookieValue = 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2';
const goPluginVersion = 1;
/** The only plugin protocol spoken here: nested attributes need it (Terraform 1.0 or later). */
export const protocolVersion = 6;

export interface Handshake {
  /** PEM of the only client that is let in; absent from hosts that do not use mutual TLS. */
  readonly clientCertificate?: string;
}

/** A start that cannot become a plugin; the text is for a person at a terminal. */
export class HandshakeError extends Error {}

/** Checks that Terraform (and nobody by hand) started this process and that both speak the same protocol. */
export function readHandshake(env: NodeJS.ProcessEnv): Handshake {
  if (env[cookieName] !== cookieValue) {
    throw new HandshakeError(
      'This program is a Terraform provider and is not meant to be started by hand.\n' +
        'Terraform starts it when a configuration uses it: run `cdktf deploy`, or `terraform init` and `terraform plan`.',
    );
  }
  const offered = (env.PLUGIN_PROTOCOL_VERSIONS ?? '').split(',').filter(Boolean);
  if (offered.length > 0 && !offered.includes(String(protocolVersion))) {
    throw new HandshakeError(
      `This provider speaks plugin protocol ${protocolVersion}; this Terraform offers only ${offered.join(', ')}.\n` +
        'Use Terraform 1.8 or later, or OpenTofu 1.7 or later.',
    );
  }
  return { clientCertificate: env.PLUGIN_CLIENT_CERT || undefined };
}

/** The line that tells Terraform where the plugin listens and which certificate it shows. */
export function handshakeLine(socketPath: string, certificate: string): string {
  return [goPluginVersion, protocolVersion, 'unix', socketPath, 'grpc', certificate].join('|');
}
