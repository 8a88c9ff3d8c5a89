import { generateCertificate } from './certificate';
import { GrpcServer, type TlsOptions } from './grpc-server';
import { type Handshake, handshakeLine } from './handshake';
import { beginLifetime } from './lifetime';
import { controllerMethods, healthMethods, idleMethods, providerMethods } from './services';

const serving = { status: 1 };

/**
 * Serves a provider to the Terraform process that started this one, until Terraform ends it or is gone. `calls` has a method
 * for each remote call that the provider answers; `stop` is called when running operations shall come to an end.
 */
export async function serve(calls: object, handshake: Handshake, stop: () => void): Promise<void> {
  const { tls, certificate } = transportSecurity(handshake);
  const server = new GrpcServer(tls, () => lifetime.checkParent());
  const lifetime = beginLifetime(process.env, () => {
    stop();
    return server.close();
  });

  const handlers = calls as Readonly<Record<string, ((request: object) => Promise<object>) | undefined>>;
  for (const method of providerMethods) {
    if (handlers[method.name]) server.unary(method, async (request) => handlers[method.name]?.(request) ?? {});
  }
  for (const method of controllerMethods) {
    server.unary(method, async () => {
      setImmediate(() => lifetime.end('Terraform is done'));
      return {};
    });
  }
  for (const method of healthMethods) server.unary(method, async () => serving);
  for (const method of idleMethods) server.hold(method);

  await server.listen(lifetime.socketPath);
  process.stdout.write(`${handshakeLine(lifetime.socketPath, certificate)}\n`);
}

function transportSecurity({ clientCertificate }: Handshake): { readonly tls?: TlsOptions; readonly certificate: string } {
  if (!clientCertificate) return { certificate: '' };
  const own = generateCertificate();
  return { tls: { key: own.keyPem, cert: own.certificatePem, ca: clientCertificate }, certificate: own.handshakeForm };
}
