import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type Answer, decode, encode } from 'dns-packet';
import type { CloudSnapshot } from '../../../lab/model/contracts';
import { reverseName } from '../../../lib/dns';

/** A resolver on a port of the loopback address that knows what a cloud says at the moment: its zones, and the names of its addresses. */
export class WorldResolver {
  private constructor(
    private readonly socket: Socket,
    private readonly cloud: () => CloudSnapshot | undefined,
  ) {}

  static async start(cloud: () => CloudSnapshot | undefined): Promise<WorldResolver> {
    const socket = createSocket('udp4');
    const resolver = new WorldResolver(socket, cloud);
    socket.on('message', (message, { address, port }) => socket.send(resolver.answer(message), port, address));
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return resolver;
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
    const [{ name = '', type = 'A' } = {}] = query.questions ?? [];
    const answers = this.records().filter((each) => each.name === name.toLowerCase());
    const found = answers.filter((each) => each.type === type);
    const [AVAILABLE, NXDOMAIN] = [0x80, 3];
    return encode({
      type: 'response',
      id: query.id,
      flags: AVAILABLE | (answers.length > 0 ? 0 : NXDOMAIN),
      questions: query.questions,
      answers: found,
    });
  }

  private records(): Answer[] {
    const { zones = [], elasticIps = [] } = this.cloud() ?? {};
    const bare = (name: string) => name.replace(/\.$/, '').toLowerCase();
    const inZones = zones.flatMap(({ records }) => records).filter(({ type }) => type === 'A' || type === 'NS');
    const forward = inZones.flatMap(({ name, type, ttl, values }) =>
      values.map((data) => ({ name: bare(name), type: type as 'A' | 'NS', ttl, data: type === 'NS' ? bare(data) : data })),
    );
    const reverse = elasticIps.flatMap(({ publicIpv4, ptr }) =>
      ptr === undefined ? [] : [{ name: reverseName(publicIpv4), type: 'PTR' as const, ttl: 60, data: bare(ptr) }],
    );
    return [...forward, ...reverse];
  }
}
