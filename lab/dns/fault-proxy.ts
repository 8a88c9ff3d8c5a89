import { nameServer, resolver, secondNameServer } from '../model/world-addresses';
import type { DnsFaults, DnsServerName, RecordFault, ServerFault } from './faults';
import { absoluteName } from './names';

/** Where queries to a server go while it has a fault: a real DNS proxy (dnsdist) on the same address, at another port. */
interface Place {
  readonly address: string;
  readonly port: number;
}

const places: Readonly<Record<DnsServerName, Place>> = {
  first: { address: nameServer.ipv4, port: 5302 },
  second: { address: secondNameServer.ipv4, port: 5304 },
  resolver: { address: resolver.ipv4, port: 5303 },
};
const authoritative: readonly DnsServerName[] = ['first', 'second'];

/** The name server keeps names in lower case only: what differs in case is answered by the proxy. */
const isCased = ({ values }: RecordFault) => values.some((value) => value !== value.toLowerCase());
const withName = new Set(['PTR', 'MX', 'CNAME', 'NS']);

/** Where the proxy's own queries come from: they have to reach the servers. */
const proxySource = '127.0.0.53';

/** Configuration of dnsdist for the faults that are a matter of servers; undefined when there is none. */
export function proxyConfiguration(faults: DnsFaults): string | undefined {
  const cased = (faults.records ?? []).filter((record) => withName.has(record.type) && isCased(record));
  const wrong = faults.servers ?? [];
  if (cased.length === 0 && wrong.length === 0) return undefined;
  return [
    ...Object.values(places).map(({ address, port }) => `addLocal('${address}:${port}')`),
    `setACL('0.0.0.0/0')`,
    'setSecurityPollSuffix("")',
    ...Object.entries(places).map(
      ([name, { address }]) => `newServer({address='${address}', source='${proxySource}', pool='${name}', healthCheckMode='up'})`,
    ),
    ...wrong.flatMap((fault) => (fault.server ? [fault.server] : authoritative).flatMap((server) => serverRules(fault, server))),
    ...cased.flatMap((record) => authoritative.map((server) => recordRule(record, server))),
    ...Object.entries(places).map(([name, { port }]) => `addAction(DSTPortRule(${port}), PoolAction('${name}'))`),
    '',
  ].join('\n');
}

/**
 * Rules for `nft -f` in the machine's network: queries from outside and of the resolver go to the proxy. Where they do not, the kernel
 * remembers none of them: a later query from the same port would take the way of the earlier one.
 */
export function proxyRedirection(active: boolean): string {
  const chains = active ? toProxy() : forgotten();
  return ['table ip faults {}', 'delete table ip faults', 'table ip faults {', ...chains, '}', ''].join('\n');
}

function toProxy(): string[] {
  const rules = Object.values(places).flatMap(({ address, port }) =>
    ['udp', 'tcp'].map((protocol) => `    ip daddr ${address} ${protocol} dport 53 dnat to ${address}:${port}`),
  );
  return ['prerouting', 'output'].flatMap((hook) => [
    `  chain ${hook} {`,
    `    type nat hook ${hook} priority -100;`,
    `    ip saddr ${proxySource} return`,
    ...rules,
    '  }',
  ]);
}

function forgotten(): string[] {
  const addresses = Object.values(places)
    .map(({ address }) => address)
    .join(', ');
  return ['prerouting', 'output'].flatMap((hook) => [
    `  chain ${hook} {`,
    `    type filter hook ${hook} priority raw;`,
    ...['udp', 'tcp'].flatMap((protocol) => [
      `    ip daddr { ${addresses} } ${protocol} dport 53 notrack`,
      `    ip saddr { ${addresses} } ${protocol} sport 53 notrack`,
    ]),
    '  }',
  ]);
}

function serverRules({ zone, fault, type }: ServerFault, server: DnsServerName): string[] {
  const conditions = [
    `DSTPortRule(${places[server].port})`,
    `SuffixMatchNodeRule({'${absoluteName(zone)}'}, true)`,
    ...(type ? [`QTypeRule(DNSQType.${type})`] : []),
  ];
  const rule = (action: string, ...more: string[]) => `addAction(AndRule{${[...conditions, ...more].join(', ')}}, ${action})`;
  switch (fault) {
    case 'servfail':
      return [rule('RCodeAction(DNSRCode.SERVFAIL)')];
    case 'lame':
      return [rule('RCodeAction(DNSRCode.REFUSED)')];
    case 'silent':
      return [rule('DropAction()')];
    case 'truncated':
      return [rule('TCAction()', 'TCPRule(false)')];
    case 'truncated without TCP':
      return [rule('TCAction()', 'TCPRule(false)'), rule('DropAction()', 'TCPRule(true)')];
  }
}

function recordRule({ name, type, values }: RecordFault, server: DnsServerName): string {
  const data = values.map((value) => `'${wireData(type, value)}'`).join(', ');
  const question = `QNameRule('${absoluteName(name)}'), QTypeRule(DNSQType.${type})`;
  return `addAction(AndRule{DSTPortRule(${places[server].port}), ${question}}, SpoofRawAction({${data}}, {aa=true, ttl=300}))`;
}

/** Data of a record as it is sent (RFC 1035, 3.3), with Lua's decimal escapes. */
function wireData(type: string, value: string): string {
  const words = value.trim().split(/\s+/);
  const preference = type === 'MX' ? Number(words[0]) : undefined;
  const labels = (words.at(-1) ?? '').replace(/\.$/, '').split('.');
  const bytes = Buffer.concat([
    ...(preference === undefined ? [] : [Buffer.from([preference >> 8, preference & 255])]),
    ...labels.flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)]),
    Buffer.from([0]),
  ]);
  return [...bytes].map((byte) => `\\${String(byte).padStart(3, '0')}`).join('');
}
