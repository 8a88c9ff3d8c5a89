import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { ChannelCredentials, Client, type ServiceDefinition } from '@grpc/grpc-js';
import { generateCertificate } from '../../../lib/provider/protocol/certificate';

export const cookie = {
  TF_PLUGIN_MAGIC_COOKIE: 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2',
  PLUGIN_PROTOCOL_VERSIONS: '5,6',
};

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** A provider process as Terraform starts it. */
export interface ProviderProcess {
  readonly child: Child;
  readonly socket: string;
  /** What was printed after the handshake line. */
  readonly output: () => string;
  readonly errors: () => string;
  call(service: ServiceDefinition, method: string, request?: object): Promise<Record<string, unknown>>;
  /** Ends when the process has. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  disconnect(): void;
}

export interface StartOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Another client certificate than the one announced. */
  readonly impostor?: boolean;
}

export async function startProvider(script: string, { env = {}, impostor = false }: StartOptions = {}): Promise<ProviderProcess> {
  const client = generateCertificate();
  const child: Child = spawn(script, [], {
    // A provider that is killed leaves its socket; it goes with the script's folder.
    env: { PATH: process.env.PATH, TMPDIR: dirname(script), ...cookie, PLUGIN_CLIENT_CERT: client.certificatePem, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { out: '', err: '' };
  child.stderr.on('data', (chunk) => {
    text.err += chunk;
  });
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      text.out += chunk;
      if (text.out.includes('\n')) resolve(text.out.slice(0, text.out.indexOf('\n')));
    });
    ended.then(({ code }) => reject(new Error(`ended with ${code}: ${text.err}`)));
  });
  const [, , , socket = '', , certificate = ''] = line.split('|');
  const shown = impostor ? generateCertificate() : client;
  const credentials = ChannelCredentials.createSsl(
    pem(certificate),
    Buffer.from(shown.keyPem),
    Buffer.from(shown.certificatePem),
  );
  const grpc = new Client(`unix:${socket}`, credentials, {
    'grpc.ssl_target_name_override': 'localhost',
    'grpc.default_authority': 'localhost',
  });
  return {
    child,
    socket,
    output: () => text.out.slice(line.length + 1),
    errors: () => text.err,
    ended,
    disconnect: () => grpc.close(),
    call: (service, method, request = {}) =>
      new Promise((resolve, reject) => {
        const definition = service[method];
        if (!definition) throw new Error(`no method ${method}`);
        const { path, requestSerialize, responseDeserialize } = definition;
        const deadline = { deadline: Date.now() + 10_000 };
        grpc.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, deadline, (error, response) =>
          error ? reject(error) : resolve(response as Record<string, unknown>),
        );
      }),
  };
}

function pem(unpadded: string): Buffer {
  return Buffer.from(new X509Certificate(Buffer.from(unpadded, 'base64')).toString());
}

/** Polls until a condition holds; the deadline is a failure. */
export async function eventually(condition: () => boolean, deadlineMs = 8000): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('it did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Whether a process is there and no zombie that only waits for its parent. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export const gone = (path: string) => !existsSync(path);
