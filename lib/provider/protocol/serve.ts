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
 * Serves a provider to the Terraform process that started this one, until Terraform ends it or is gone. What `load` gives has a
 * method for each remote call that the provider answers; `stop` is called when running operations must come to an end.
 */
export async function serve(load: () => Promise<object>, handshake: Handshake, stop: () => void): Promise<void> {
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
  let calls: Promise<object> | undefined;
  const loaded = () => {
    calls ??= load();
    return calls;
  };
  server.addService(providerService, unaryCalls(loaded));
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

  const { credentials, certificate } = credentialsFor(handshake);
  await new Promise<void>((bound, failed) => {
    server.bindAsync(`unix:${lifetime.socketPath}`, credentials, (error) => (error ? failed(error) : bound()));
  });
  process.stdout.write(`${handshakeLine(lifetime.socketPath, certificate)}\n`);
  // While Terraform connects.
  await loaded();
}

function credentialsFor({ clientCertificate }: Handshake): { credentials: ServerCredentials; certificate: string } {
  if (!clientCertificate) return { credentials: ServerCredentials.createInsecure(), certificate: '' };
  const own = generateCertificate();
  const pair = { private_key: Buffer.from(own.keyPem), cert_chain: Buffer.from(own.certificatePem) };
  const credentials = ServerCredentials.createSsl(Buffer.from(clientCertificate), [pair], true);
  return { credentials, certificate: own.handshakeForm };
}

function unaryCalls(load: () => Promise<object>): UntypedServiceImplementation {
  const names = Object.keys(providerService).filter((name) => !providerService[name]?.responseStream);
  return Object.fromEntries(names.map((name) => [name, unaryCall(name, load)]));
}

function unaryCall(name: string, load: () => Promise<object>) {
  return async (call: ServerUnaryCall<object, object>, answer: sendUnaryData<object>): Promise<void> => {
    const started = performance.now();
    try {
      const calls = (await load()) as Readonly<Record<string, ((request: object) => Promise<object>) | undefined>>;
      // Terraform understands it: calls of newer versions, which this provider does not need.
      if (!calls[name]) return answer({ code: status.UNIMPLEMENTED, message: `this provider does not answer ${name}` });
      const response = await calls[name](call.request);
      log('trace', `${name} answered`, { ms: Math.round(performance.now() - started) });
      answer(null, response);
    } catch (thrown) {
      log('error', `${name} failed: ${describeThrown(thrown)}`);
      answer({ code: status.INTERNAL, message: `${name}: ${thrown instanceof Error ? thrown.message : String(thrown)}` });
    }
  };
}
