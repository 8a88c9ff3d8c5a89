import { createServer, type Socket } from 'node:net';
import type { Heard } from './picture';

export interface ListenOptions {
  /** Address at which the mail host reaches this machine. */
  readonly address: string;
  /** Port to listen on, where NAT in front of this machine brings port 25 to it. Default: 25. */
  readonly port?: number;
  /** Address to listen at. Default: all. */
  readonly bind?: string;
  /** How long to wait, in milliseconds. Default: 20000. */
  readonly timeoutMilliseconds?: number;
}

/** Of everybody who finds the port open meanwhile: connections at once, characters of a line, and of a connection. */
const mostConnections = 20;
const longestLine = 4096;
const longestDialogue = 1024 * 1024;

export interface Listener {
  /** Resolves with the name that came with the awaited mail, or without one when the time is over. */
  readonly heard: Promise<Pick<Heard, 'helo' | 'address' | 'problem'>>;
  /** Port that it listens on. */
  readonly port: number;
  close(): Promise<void>;
}

/**
 * A mail server that takes a single mail, for `token@…`, throws it away and remembers the name that it was announced by. It offers
 * nothing (no TLS, no SMTPUTF8), which mail servers are used to (RFC 5321 2.2.1).
 *
 * @throws Error when the port cannot be bound: 25 needs root
 */
export async function listen(options: ListenOptions, token: string): Promise<Listener> {
  const { timeoutMilliseconds = 20_000, port = 25 } = options;
  const sockets = new Set<Socket>();
  let tell: (heard: Pick<Heard, 'helo' | 'address' | 'problem'>) => void = () => undefined;
  const heard = new Promise<Pick<Heard, 'helo' | 'address' | 'problem'>>((resolve) => {
    tell = resolve;
  });
  const server = createServer((socket) => {
    if (sockets.size >= mostConnections) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    receive(socket, token, (helo) => tell({ helo, address: socket.remoteAddress?.replace(/^::ffff:/, '') }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(error, port)));
    server.listen(port, options.bind, resolve);
  });
  const timer = setTimeout(
    () => tell({ problem: `no mail came to port 25 of ${options.address} within ${timeoutMilliseconds / 1000} s` }),
    timeoutMilliseconds,
  );
  const bound = server.address();
  return {
    heard,
    port: typeof bound === 'object' && bound ? bound.port : port,
    close: async () => {
      clearTimeout(timer);
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function cannotListen(error: NodeJS.ErrnoException, port: number): Error {
  const hint =
    error.code === 'EACCES' ? ': become root, or use --listen-port with a port above 1023 and have port 25 forwarded' : '';
  return new Error(`cannot listen on port ${port} (${error.code})${hint}`);
}

function receive(socket: Socket, token: string, heard: (helo: string) => void): void {
  const say = (line: string) => socket.write(`${line}\r\n`);
  let helo = '';
  let wanted = false;
  let data = false;
  let received = '';
  let total = 0;
  const obey = (line: string): void => {
    const [, verb = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(line) ?? [];
    switch (verb.toUpperCase()) {
      case 'EHLO':
      case 'HELO':
        helo = rest;
        say('250 mailserver.invalid');
        return;
      case 'RCPT':
        wanted = rest.includes(`<${token}@`);
        say(wanted ? '250 2.1.5 Ok' : '550 5.1.1 This listener waits for one mail only');
        return;
      case 'DATA':
        data = wanted;
        say(wanted ? '354 End data with <CR><LF>.<CR><LF>' : '554 5.5.1 No valid recipients');
        return;
      case 'QUIT':
        say('221 2.0.0 Bye');
        socket.end();
        return;
      default:
        say('250 2.0.0 Ok');
    }
  };
  socket.on('data', (chunk) => {
    total += chunk.length;
    const lines = (received + chunk.toString('latin1')).split('\n');
    received = lines.pop() ?? '';
    if (total > longestDialogue || received.length > longestLine || lines.some(({ length }) => length > longestLine)) {
      socket.destroy();
      return;
    }
    for (const line of lines.map((each) => each.replace(/\r$/, ''))) {
      if (!data) obey(line);
      else if (line === '.') {
        data = false;
        say('250 2.0.0 Thrown away, as it should be');
        heard(helo);
      }
    }
  });
  say('220 mailserver.invalid ESMTP');
}
