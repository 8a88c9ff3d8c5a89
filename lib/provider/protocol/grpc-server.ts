import { createSecureServer, createServer, type Http2Server, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import { describeThrown, log } from './log';
import { decodeMessage, encodeMessage } from './proto-codec';
import type { Method } from './proto-schema';

/**
 * gRPC over HTTP/2, as far as a Terraform plugin needs it: calls of one message each way, and streams that stay open and carry
 * nothing. A whole gRPC library would double the time in which the provider starts, and Terraform starts it several times for
 * each plan. Specification: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
export class GrpcServer {
  private readonly methods = new Map<string, { readonly method: Method; readonly handle: Handler | 'hold' }>();
  private readonly sessions = new Set<ServerHttp2Session>();
  private readonly held = new Set<ServerHttp2Stream>();
  private readonly server: Http2Server;

  /** @param tls absent: without encryption, for plugin hosts that do not ask for it */
  constructor(
    tls: TlsOptions | undefined,
    private readonly onDisconnect: () => void,
  ) {
    const settings = { initialWindowSize: windowBytes, maxConcurrentStreams: 1000 };
    this.server = tls
      ? createSecureServer({ ...tls, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.2', settings })
      : createServer({ settings });
    this.server.on('session', (session) => this.greet(session));
    this.server.on('stream', (stream, headers) => this.receive(stream, String(headers[':path'])));
    // A client without the right certificate is turned away by the handshake; that is all there is to say.
    this.server.on('tlsClientError', (error) => log('warn', `a client was turned away: ${error.message}`));
  }

  /** Answers a method; what `handle` throws becomes an INTERNAL error. */
  unary(method: Method, handle: Handler): void {
    this.methods.set(method.path, { method, handle });
  }

  /** Keeps every call of a method open until the client or the process goes. */
  hold(method: Method): void {
    this.methods.set(method.path, { method, handle: 'hold' });
  }

  listen(path: string): Promise<void> {
    return new Promise((listening, failed) => {
      this.server.once('error', failed);
      this.server.listen(path, listening);
    });
  }

  /** Lets answers that are on their way arrive, and ends everything else. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const stream of this.held) stream.end();
    for (const session of this.sessions) session.close();
    await closed;
  }

  private greet(session: ServerHttp2Session): void {
    session.setLocalWindowSize(windowBytes);
    this.sessions.add(session);
    session.on('error', (error) => log('debug', `connection: ${error.message}`));
    session.on('close', () => {
      this.sessions.delete(session);
      this.onDisconnect();
    });
  }

  private receive(stream: ServerHttp2Stream, path: string): void {
    stream.on('error', (error) => log('debug', `${path}: ${error.message}`));
    const entry = this.methods.get(path);
    if (!entry) fail(stream, Status.unimplemented, `this provider does not answer ${path}`);
    else if (entry.handle === 'hold') this.keep(stream);
    else collect(stream, entry.method, entry.handle);
  }

  private keep(stream: ServerHttp2Stream): void {
    this.held.add(stream);
    stream.on('close', () => this.held.delete(stream));
    stream.resume();
    respond(stream);
  }
}

/** Key, certificate and the one trusted client certificate, all PEM. */
export interface TlsOptions {
  readonly key: string;
  readonly cert: string;
  readonly ca: string;
}

type Handler = (request: object) => Promise<object>;

/** Large enough that a state with many files needs no pause. */
const windowBytes = 4 * 1024 * 1024;

/** Codes of the gRPC specification. */
const Status = { ok: 0, unimplemented: 12, internal: 13 } as const;

const contentType = { ':status': 200, 'content-type': 'application/grpc' } as const;
const prefixBytes = 5;

function collect(stream: ServerHttp2Stream, method: Method, handle: Handler): void {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('end', () => void answer(stream, method, handle, Buffer.concat(chunks)));
}

async function answer(stream: ServerHttp2Stream, method: Method, handle: Handler, body: Buffer): Promise<void> {
  const started = performance.now();
  try {
    const response = encodeMessage(method.response, await handle(decodeMessage(method.request, unframed(body))));
    log('trace', `${method.name} answered`, { ms: Math.round(performance.now() - started), bytes: response.length });
    if (stream.destroyed) return;
    respond(stream);
    stream.end(framed(response));
  } catch (thrown) {
    log('error', `${method.name} failed: ${describeThrown(thrown)}`);
    fail(stream, Status.internal, `${method.name}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}

function respond(stream: ServerHttp2Stream): void {
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': String(Status.ok) }));
  stream.respond(contentType, { waitForTrailers: true });
}

function fail(stream: ServerHttp2Stream, status: number, message: string): void {
  if (stream.destroyed || stream.headersSent) return;
  stream.respond(
    { ...contentType, 'grpc-status': String(status), 'grpc-message': encodeURIComponent(message) },
    { endStream: true },
  );
  stream.resume();
}

function framed(message: Buffer): Buffer {
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

function unframed(body: Buffer): Buffer {
  if (body[0] === 1) throw new Error('compressed messages are not understood');
  const message = body.subarray(prefixBytes);
  if (body.length < prefixBytes || message.length !== body.readUInt32BE(1)) throw new Error('the call holds no whole message');
  return message;
}
