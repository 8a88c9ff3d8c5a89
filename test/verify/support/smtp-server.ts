import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext, type SecureContextOptions, TLSSocket } from 'node:tls';

export interface SmtpBehaviour {
  readonly banner?: string;
  readonly name?: string;
  /** Extensions before and inside TLS. */
  readonly plain?: readonly string[];
  readonly secure?: readonly string[];
  readonly implicitTls?: boolean;
  /** Replies to RCPT by recipient; others are refused. */
  readonly rcpt?: (to: string, from: string) => string;
  /** STARTTLS is announced, and then: `refused`, `garbage` instead of a handshake. */
  readonly brokenTls?: 'refused' | 'garbage';
  /** Protocols and ciphers. Default: those of Node. */
  readonly tls?: SecureContextOptions;
  /** Says nothing. */
  readonly silent?: boolean;
}

/** A key and a certificate for `mail.example.com`, made once. */
export function selfSigned(name = 'mail.example.com', days = 365): { key: string; cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  try {
    const [key, cert] = [join(folder, 'key'), join(folder, 'cert')];
    const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`];
    const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', String(days)];
    execFileSync('openssl', [...args, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A mail server that behaves as told, on a loopback port. */
export async function smtpServer(
  behaviour: SmtpBehaviour,
  certificate: { key: string; cert: string },
): Promise<{ port: number; seen: string[]; close: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  const seen: string[] = [];
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    if (behaviour.silent) return;
    const secure = () => {
      const tls = new TLSSocket(socket, {
        isServer: true,
        secureContext: createSecureContext({ ...certificate, ...behaviour.tls }),
      });
      tls.on('error', () => undefined);
      return tls;
    };
    if (behaviour.implicitTls) speak(secure(), behaviour, true, seen);
    else speak(socket, behaviour, false, seen, secure);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    seen,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function speak(socket: Socket, behaviour: SmtpBehaviour, isSecure: boolean, seen: string[], upgrade?: () => Socket): void {
  const {
    name = 'mail.example.com',
    rcpt = (to: string) => (/<postmaster@/.test(to) ? '450 4.2.0 Greylisted' : '554 5.7.1 Relay access denied'),
  } = behaviour;
  let from = '';
  const onData = (chunk: Buffer) => {
    for (const line of chunk.toString().split('\r\n').filter(Boolean)) {
      seen.push(line);
      const verb = line.split(' ')[0]?.toUpperCase();
      if (verb === 'EHLO') {
        const lines = [name, ...((isSecure ? behaviour.secure : behaviour.plain) ?? [])];
        socket.write(lines.map((each, index) => `250${index === lines.length - 1 ? ' ' : '-'}${each}\r\n`).join(''));
      } else if (verb === 'STARTTLS' && behaviour.brokenTls === 'refused') socket.write('454 4.7.0 TLS not available\r\n');
      else if (verb === 'STARTTLS') {
        socket.off('data', onData);
        socket.write('220 2.0.0 Ready\r\n');
        if (behaviour.brokenTls === 'garbage') socket.end('this is not a handshake\r\n');
        else if (upgrade) speak(upgrade(), { ...behaviour, banner: '' }, true, seen);
      } else if (verb === 'MAIL') {
        from = line;
        socket.write('250 2.1.0 Ok\r\n');
      } else if (verb === 'RCPT') socket.write(`${rcpt(line, from)}\r\n`);
      else if (verb === 'QUIT') socket.end('221 2.0.0 Bye\r\n');
      else socket.write('250 2.0.0 Ok\r\n');
    }
  };
  socket.on('data', onData);
  const { banner = '220 mail.example.com ESMTP' } = behaviour;
  if (banner !== '') socket.write(`${banner}\r\n`);
}
