import { createSocket } from 'node:dgram';
import { createConnection, isIP } from 'node:net';
import type { Content, Query } from './message';
import type { DnsOutcome } from './reply';
import type { DnsServer } from './server';

/** Why a server could not be asked. */
export interface Failure {
  readonly outcome: Extract<DnsOutcome, 'timeout' | 'unreachable' | 'noroute' | 'truncated' | 'malformed'>;
  readonly problem: string;
}

/** Reads a message; undefined when it belongs to another query. Throws when it is none. */
export type Reader = (bytes: Buffer) => Content | undefined;

/** Milliseconds after which an unanswered datagram is sent once more: the first one may be lost, and an answer to any of them counts. */
const resendAfter = [700, 1600];

/**
 * One question over UDP. The socket is connected and has a port of its own for each question, so that answers of others do not
 * reach it, and a closed port is reported at once.
 */
export function overUdp(server: DnsServer, query: Query, read: Reader, milliseconds: number): Promise<Content | Failure> {
  return new Promise((resolve) => {
    const socket = createSocket(isIP(server.address) === 6 ? 'udp6' : 'udp4');
    const timers: NodeJS.Timeout[] = [];
    let open = true;
    const end = (outcome: Content | Failure) => {
      if (!open) return;
      open = false;
      timers.forEach(clearTimeout);
      socket.close();
      resolve(outcome);
    };
    const send = () => socket.send(query.bytes, (error) => error && end(failureOf(error)));
    socket.on('error', (error) => end(failureOf(error)));
    socket.on('message', (bytes) => {
      try {
        const content = read(bytes);
        if (content) end(content);
      } catch (error) {
        end(malformed(error));
      }
    });
    socket.connect(server.port, server.address, (error?: Error) => {
      if (error) return end(failureOf(error));
      send();
      for (const pause of resendAfter) if (pause < milliseconds) timers.push(setTimeout(send, pause));
    });
    timers.push(setTimeout(() => end(timedOut(milliseconds)), milliseconds));
  });
}

/** The same over TCP, where nothing is cut off (RFC 7766). */
export function overTcp(server: DnsServer, query: Query, read: Reader, milliseconds: number): Promise<Content | Failure> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: server.address, port: server.port });
    let received = Buffer.alloc(0);
    const end = (outcome: Content | Failure) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(() => end(timedOut(milliseconds)), milliseconds);
    socket.on('error', (error) => end(failureOf(error)));
    socket.on('end', () => end({ outcome: 'unreachable', problem: 'the server closed the TCP connection without an answer' }));
    socket.on('connect', () => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(query.bytes.length);
      socket.write(Buffer.concat([length, query.bytes]));
    });
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
      try {
        const content = read(received.subarray(2, 2 + received.readUInt16BE(0)));
        end(content ?? { outcome: 'malformed', problem: 'the server answered another question over TCP' });
      } catch (error) {
        end(malformed(error));
      }
    });
  });
}

function timedOut(milliseconds: number): Failure {
  return { outcome: 'timeout', problem: `no answer within ${(milliseconds / 1000).toFixed(1)} s` };
}

function malformed(error: unknown): Failure {
  return { outcome: 'malformed', problem: `the answer is not a DNS message: ${error instanceof Error ? error.message : error}` };
}

/** No way from this machine, as opposed to nobody there. */
const noRoute = new Set(['ENETUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL', 'EACCES', 'EPERM']);

function failureOf(error: NodeJS.ErrnoException): Failure {
  if (noRoute.has(error.code ?? '')) {
    return { outcome: 'noroute', problem: `this machine has no way to the server (${error.code})` };
  }
  const reason = error.code === 'ECONNREFUSED' ? 'nothing listens there' : error.message;
  return { outcome: 'unreachable', problem: `${reason} (${error.code})` };
}
