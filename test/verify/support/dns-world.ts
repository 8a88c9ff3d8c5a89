import { createSocket, type Socket } from 'node:dgram';
import { createServer, type Server } from 'node:net';
import * as packet from 'dns-packet';
import { isWithin, normalizeName } from '../../../lib/dns';

/** Data by `NAME TYPE`, in presentation format: `{ 'example.com MX': ['10 mail.example.com.'] }`. */
export type ZoneData = Readonly<Record<string, readonly string[]>>;

/** How a server is broken. */
export type Fault = 'silent' | 'servfail' | 'refused' | 'truncated' | 'garbage' | 'no-edns' | 'wrong-id' | 'upward-referral';

export interface WorldServer {
  /** Zones it answers for; the root is `.`. */
  readonly zones: Readonly<Record<string, ZoneData>>;
  /** Answers for names of any zone, as a resolver: from these data. */
  readonly recursive?: boolean;
  /**
   * A resolver with a memory: it asks the world's authoritative servers, and keeps what they say for its time to live, and that
   * something is missing for as long as the SOA says (RFC 2308 5).
   */
  readonly remembers?: boolean;
  /** Many resolvers behind one address, each with a memory of its own: which of them answers the next question, by number. */
  readonly whoAnswers?: () => number;
  fault?: Fault;
  /** No TCP: a truncated answer stays one. */
  readonly udpOnly?: boolean;
  /** AD in every answer. */
  readonly authenticated?: boolean;
  /** Refuses what is checked, answers with CD: as a validating resolver does for wrong signatures. */
  readonly bogus?: boolean;
}

/** DNS servers on loopback addresses, all on one port, which speak the real format and break its rules as told. */
export class DnsWorld {
  port = 0;
  /** Every question, as `address NAME TYPE`. */
  readonly log: string[] = [];
  private readonly memories = new Map<string, Memory>();
  private clock = 0;
  private readonly open: (Socket | Server)[] = [];

  /** @param ttl of every record, in seconds */
  constructor(
    readonly servers: Readonly<Record<string, WorldServer>>,
    private readonly ttl = 60,
  ) {}

  /** Lets time go by for all that is remembered. */
  pass(seconds: number): void {
    this.clock += seconds;
  }

  /** Takes away what is remembered, as who flushes a cache does. */
  forget(): void {
    this.memories.clear();
  }

  async start(): Promise<this> {
    for (let attempt = 0; ; attempt++) {
      this.port = 20_000 + Math.floor(Math.random() * 30_000);
      try {
        await Promise.all(Object.entries(this.servers).map(([address, server]) => this.listen(address, server)));
        return this;
      } catch (error) {
        await this.stop();
        if (attempt > 20) throw error;
      }
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.open.splice(0).map((each) => new Promise<void>((resolve) => each.close(() => resolve()))));
  }

  private async listen(address: string, server: WorldServer): Promise<void> {
    const udp = createSocket('udp4');
    udp.on('message', (bytes, peer) => {
      const reply = this.reply(address, server, bytes, 'udp');
      if (reply) udp.send(reply, peer.port, peer.address);
    });
    await new Promise<void>((resolve, reject) => {
      udp.once('error', reject);
      udp.bind(this.port, address, resolve);
    });
    this.open.push(udp);
    if (server.udpOnly) return;
    const tcp = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (bytes) => {
        const reply = this.reply(address, server, bytes.subarray(2), 'tcp');
        if (!reply) return;
        const length = Buffer.alloc(2);
        length.writeUInt16BE(reply.length);
        socket.end(Buffer.concat([length, reply]));
      });
    });
    await new Promise<void>((resolve, reject) => {
      tcp.once('error', reject);
      tcp.listen(this.port, address, resolve);
    });
    this.open.push(tcp);
  }

  private reply(address: string, server: WorldServer, bytes: Buffer, way: 'udp' | 'tcp'): Buffer | undefined {
    const query = packet.decode(bytes);
    const question = query.questions?.[0];
    if (!question || server.fault === 'silent') return undefined;
    this.log.push(`${address} ${question.name} ${question.type}`);
    if (server.fault === 'garbage') return Buffer.from('this is not a DNS message, whoever asks');
    const id = server.fault === 'wrong-id' ? ((query.id ?? 0) + 1) % 65536 : query.id;
    const edns = (query.additionals ?? []).some(({ type }) => type === 'OPT');
    const head = { type: 'response' as const, id, questions: [question] };
    const rcode = (code: number) => packet.encode({ ...head, flags: code });
    if (server.fault === 'no-edns' && edns) return rcode(1);
    if (server.fault === 'servfail' || (server.bogus && !query.flag_cd)) return rcode(2);
    if (server.fault === 'refused') return rcode(5);
    if (server.fault === 'upward-referral') {
      return packet.encode({ ...head, authorities: [{ type: 'NS', name: '.', ttl: 60, data: 'ns.root.test' }] });
    }
    if (server.fault === 'truncated' && way === 'udp') return packet.encode({ ...head, flags: packet.TRUNCATED_RESPONSE });
    const member = `${address} ${server.whoAnswers?.() ?? 0}`;
    const answer = server.remembers ? this.remembered(member, question) : answerOf(server, question, this.ttl);
    return packet.encode({ ...head, ...answer });
  }

  /** What a resolver says: out of its memory, with the time that is left. */
  private remembered(member: string, question: packet.Question): Partial<packet.Packet> {
    const key = `${member} ${normalizeName(question.name)} ${question.type}`;
    const known = this.memories.get(key);
    if (known && known.until > this.clock) return aged(known.answer, known.until - this.clock);
    const found = this.resolved(question);
    const ttls = [...(found.answers ?? []), ...(found.authorities ?? [])].map((each) => lifetime(each));
    const seconds = Math.min(...ttls);
    if (Number.isFinite(seconds)) this.memories.set(key, { answer: found, until: this.clock + seconds });
    return aged(found, seconds);
  }

  private resolved(question: packet.Question): Partial<packet.Packet> {
    const asked = normalizeName(question.name);
    const own = Object.values(this.servers).filter(({ recursive, remembers }) => !recursive && !remembers);
    const zoneFor = ({ zones }: WorldServer) =>
      Object.keys(zones)
        .filter((zone) => zone === '.' || isWithin(asked, zone))
        .sort((a, b) => b.length - a.length)[0] ?? '';
    const best = [...own].sort((a, b) => zoneFor(b).length - zoneFor(a).length)[0];
    const { flags = 2, ...answer } = best ? answerOf(best, question, this.ttl) : {};
    return { ...answer, flags: (flags & ~packet.AUTHORITATIVE_ANSWER) | packet.RECURSION_AVAILABLE };
  }
}

interface Memory {
  readonly answer: Partial<packet.Packet>;
  readonly until: number;
}

/** Seconds that a record of an answer may be kept; the SOA of a missing one for the smaller of its two times. */
function lifetime(record: packet.Answer): number {
  const { ttl = 0 } = record as { ttl?: number };
  return record.type === 'SOA' ? Math.min(ttl, record.data.minimum ?? 0) : ttl;
}

function aged(answer: Partial<packet.Packet>, seconds: number): Partial<packet.Packet> {
  const age = (records: packet.Answer[] = []) => records.map((each) => ({ ...each, ttl: Math.ceil(seconds) }) as packet.Answer);
  return { ...answer, answers: age(answer.answers), authorities: age(answer.authorities) };
}

/** As RFC 1034 4.3.2 says: data, an alias, a referral, or the SOA of the zone that knows of nothing. */
function answerOf(server: WorldServer, { name, type }: packet.Question, ttl: number): Partial<packet.Packet> {
  const asked = normalizeName(name);
  const zone = Object.keys(server.zones)
    .filter((each) => each === '.' || isWithin(asked, each))
    .sort((a, b) => b.length - a.length)[0];
  const base = server.authenticated ? packet.AUTHENTIC_DATA : 0;
  if (zone === undefined) return { flags: server.recursive ? 3 : 5 };
  const data = server.zones[zone] ?? {};
  const flags = base | (server.recursive ? packet.RECURSION_AVAILABLE : packet.AUTHORITATIVE_ANSWER);
  const found = records(data, asked, type, ttl);
  if (found.length > 0) return { flags, answers: found };
  const alias = records(data, asked, 'CNAME', ttl);
  const target = (alias[0] as { data?: string } | undefined)?.data;
  if (target) return { flags, answers: [...alias, ...records(data, normalizeName(target), type, ttl)] };
  const cut = Object.keys(data)
    .filter((key) => key.endsWith(' NS'))
    .map((key) => key.slice(0, -3))
    .find((each) => each !== zone && isWithin(asked, each));
  if (cut !== undefined && !server.recursive) {
    const servers = records(data, cut, 'NS', ttl);
    const glue = servers.flatMap((each) => records(data, normalizeName((each as { data: string }).data), 'A', ttl));
    return { authorities: servers, additionals: glue };
  }
  const exists = Object.keys(data).some((key) => isWithin(key.slice(0, key.indexOf(' ')), asked));
  return { flags: flags | (exists ? 0 : 3), authorities: records(data, zone, 'SOA', ttl) };
}

function records(data: ZoneData, name: string, type: string, ttl: number): packet.Answer[] {
  const key = Object.keys(data).find(
    (each) => normalizeName(each.slice(0, each.lastIndexOf(' '))) === name && each.endsWith(` ${type}`),
  );
  return (key ? (data[key] ?? []) : []).map((value) => wire(key?.slice(0, key.lastIndexOf(' ')) ?? '', type, value, ttl));
}

function wire(name: string, type: string, value: string, ttl: number): packet.Answer {
  const base = { name, type, ttl, class: 'IN' };
  const words = value.split(' ');
  if (type === 'MX') return { ...base, data: { preference: Number(words[0]), exchange: words[1] } } as packet.Answer;
  if (type === 'SOA') {
    const [mname, rname, serial, refresh, retry, expire, minimum] = words;
    const numbers = { serial: Number(serial), refresh: Number(refresh), retry: Number(retry), expire: Number(expire) };
    return { ...base, data: { mname, rname, ...numbers, minimum: Number(minimum) } } as packet.Answer;
  }
  if (type === 'TXT')
    return { ...base, data: (value.match(/.{1,255}/gs) ?? ['']).map((part) => Buffer.from(part)) } as packet.Answer;
  if (type === 'DS') {
    const [keyTag, algorithm, digestType] = words.map(Number);
    return { ...base, data: { keyTag, algorithm, digestType, digest: Buffer.from(words[3] ?? '', 'hex') } } as packet.Answer;
  }
  if (type === 'DNSKEY') {
    return {
      ...base,
      data: { flags: Number(words[0]), algorithm: Number(words[2]), key: Buffer.from(words[3] ?? '', 'base64') },
    } as packet.Answer;
  }
  return { ...base, data: value } as packet.Answer;
}

/** @param minimum how long resolvers remember that something is missing, as far as the record's own time to live lets them; seconds */
export const soa = (zone: string, serial = 1, minimum = 60) =>
  `ns.${zone}. hostmaster.${zone}. ${serial} 7200 900 1209600 ${minimum}`;
