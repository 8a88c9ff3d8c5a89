import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { decode, encode } from 'dns-packet';

/** A resolver on a port of the loopback address that knows A records only: what is not in `records` does not exist. */
export class SmallNameServer {
  /** Names that were asked for, in order. */
  readonly asked: string[] = [];

  private constructor(
    private readonly socket: Socket,
    readonly records: Map<string, readonly string[]>,
  ) {}

  static async start(records: Readonly<Record<string, readonly string[]>> = {}): Promise<SmallNameServer> {
    const socket = createSocket('udp4');
    const server = new SmallNameServer(socket, new Map(Object.entries(records)));
    socket.on('message', (message, { address, port }) => socket.send(server.answer(message), port, address));
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return server;
  }

  /** `127.0.0.1:PORT`. */
  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  stop(): void {
    this.socket.close();
  }

  private answer(message: Buffer): Buffer {
    const query = decode(message);
    const name = query.questions?.[0]?.name ?? '';
    this.asked.push(name);
    const addresses = this.records.get(name);
    const NXDOMAIN = 3;
    return encode({
      type: 'response',
      id: query.id,
      flags: addresses ? 0 : NXDOMAIN,
      questions: query.questions,
      answers: (addresses ?? []).map((data) => ({ type: 'A', name, ttl: 60, data })),
    });
  }
}
