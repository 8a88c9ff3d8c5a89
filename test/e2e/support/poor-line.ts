import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export interface Quality {
  /** There and back. */
  readonly roundTripMs: number;
  /** In each direction. */
  readonly bitsPerSecond: number;
  /** Of the connections that are open, so many are reset each second, from 0 to 1. */
  readonly resetsPerSecond: number;
}

/** So much is sent at once. */
const PIECE = 512;

/** A port on our loopback address that leads to another one, over a line as bad as is wanted: the kernel has no netem here. */
export class PoorLine {
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  /** How many connections were reset. */
  resets = 0;

  private constructor(
    private readonly server: Server,
    private readonly quality: Quality,
    random: () => number,
  ) {
    this.timer = setInterval(() => {
      for (const pair of this.pairs) {
        if (random() >= quality.resetsPerSecond) continue;
        this.resets += 1;
        for (const end of pair) end.resetAndDestroy();
      }
    }, 1000);
  }
  private readonly timer: NodeJS.Timeout;

  /** @param random Gives numbers from 0 to 1. */
  static async open(port: number, quality: Quality, random: () => number): Promise<PoorLine> {
    const server = createServer();
    const line = new PoorLine(server, quality, random);
    server.on('connection', (client) => line.join(client, connect({ host: '127.0.0.1', port, noDelay: true })));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return line;
  }

  get port(): number {
    return (this.server.address() as { port: number }).port;
  }

  close(): void {
    clearInterval(this.timer);
    this.server.close();
    for (const pair of this.pairs) for (const end of pair) end.destroy();
  }

  private join(client: Socket, server: Socket): void {
    const pair = [client, server] as const;
    this.pairs.add(pair);
    for (const end of pair) {
      end.setNoDelay(true);
      end.on('error', () => undefined);
      end.on('close', () => {
        this.pairs.delete(pair);
        for (const other of pair) other.destroy();
      });
    }
    void this.carry(client, server);
    void this.carry(server, client);
  }

  /** Who sends faster than the line is held back, as by a real one. */
  private async carry(from: Socket, to: Socket): Promise<void> {
    const delay = this.quality.roundTripMs / 2;
    let free = Date.now();
    try {
      for await (const chunk of from as AsyncIterable<Buffer>) {
        for (let at = 0; at < chunk.length; at += PIECE) {
          const piece = chunk.subarray(at, at + PIECE);
          free = Math.max(free, Date.now()) + (piece.length * 8000) / this.quality.bitsPerSecond;
          await pause(free - Date.now());
          setTimeout(() => to.writable && to.write(piece), delay);
        }
      }
    } catch {
      // It was reset: the other end hears of it by its own close.
    }
    setTimeout(() => to.end(), delay);
  }
}
