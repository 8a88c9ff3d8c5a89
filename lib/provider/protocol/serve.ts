import {
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { generateCertificate } from './certificate';
import { type Handshake, handshakeLine } from './handshake';
import { beginLifetime } from './lifetime';
import { describeThrown, log } from './log';
import { brokerService, controllerService, healthService, providerService, stdioService } from './services';

const serving = { status: 1 };
const unlimited = { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 };

/**
 * Serves a provider to the Terraform process that started this one, until Terraform ends it or is gone. `calls` has a method
 * for each remote call that the provider answers; `stop` is called when running operations shall come to an end.
 */
export async function serve(calls: object, handshake: Handshake, stop: () => void): Promise<void> {
  const server = new Server(unlimited);
  const streams = new Set<{ end(): void }>();
  const lifetime = beginLifetime(process.env, async () => {
    stop();
    for (const stream of streams) stream.end();
    await new Promise<void>((done) => server.tryShutdown(() => done()));
  });

  const hold = (stream: ServerWritableStream<object, object> | ServerDuplexStream<object, object>) => {
    streams.add(stream);
    stream.on('cancelled', () => {
      streams.delete(stream);
      lifetime.checkParent();
    });
  };
  server.addService(providerService, unaryCalls(calls));
  server.addService(controllerService, {
    Shutdown: (_call: ServerUnaryCall<object, object>, answer: sendUnaryData<object>) => {
      answer(null, {});
      setImmediate(() => lifetime.end('Terraform is done'));
    },
  });
  server.addService(stdioService, { StreamStdio: hold });
  server.addService(brokerService, { StartStream: hold });
  server.addService(healthService, {
    Check: (_call: ServerUnaryCall<object, object>, answer: sendUnaryData<object>) => answer(null, serving),
  });

  const { credentials, certificate } = await credentialsFor(handshake);
  await new Promise<void>((bound, failed) => {
    server.bindAsync(`unix:${lifetime.socketPath}`, credentials, (error) => (error ? failed(error) : bound()));
  });
  process.stdout.write(`${handshakeLine(lifetime.socketPath, certificate)}\n`);
}

async function credentialsFor({
  clientCertificate,
}: Handshake): Promise<{ credentials: ServerCredentials; certificate: string }> {
  if (!clientCertificate) return { credentials: ServerCredentials.createInsecure(), certificate: '' };
  const own = await generateCertificate();
  const pair = { private_key: Buffer.from(own.keyPem), cert_chain: Buffer.from(own.certificatePem) };
  const credentials = ServerCredentials.createSsl(Buffer.from(clientCertificate), [pair], true);
  return { credentials, certificate: own.handshakeForm };
}

/** gRPC has its own answer (UNIMPLEMENTED) for what `calls` has no method for, and Terraform understands it. */
function unaryCalls(calls: object): UntypedServiceImplementation {
  const methods = calls as Readonly<Record<string, ((request: object) => Promise<object>) | undefined>>;
  const names = Object.keys(providerService).filter((name) => typeof methods[name] === 'function');
  return Object.fromEntries(
    names.map((name) => [name, unaryCall(name, (request) => methods[name]?.(request) ?? Promise.resolve({}))]),
  );
}

function unaryCall(name: string, handle: (request: object) => Promise<object>) {
  return async (call: ServerUnaryCall<object, object>, answer: sendUnaryData<object>): Promise<void> => {
    const started = performance.now();
    try {
      const response = await handle(call.request);
      log('trace', `${name} answered`, { ms: Math.round(performance.now() - started) });
      answer(null, response);
    } catch (thrown) {
      log('error', `${name} failed: ${describeThrown(thrown)}`);
      answer({ code: status.INTERNAL, message: `${name}: ${thrown instanceof Error ? thrown.message : String(thrown)}` });
    }
  };
}
