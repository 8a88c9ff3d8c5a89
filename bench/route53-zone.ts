import { setTimeout as sleep } from 'node:timers/promises';
import { type DnsRecordSet, route53Text } from '../lib/dns';
import { lookForAgreement } from '../lib/verify/dns';

const signature =
  'AWS4-HMAC-SHA256 Credential=testing/20260101/eu-central-1/route53/aws4_request, SignedHeaders=host, Signature=0';
const namespace = 'xmlns="https://route53.amazonaws.com/doc/2013-04-01/"';
/** Changes of one call; Route 53 takes a thousand. */
const batch = 500;

/** Makes a zone with these records in the lab's AWS; is done when the lab's name servers answer for all of them. */
export async function createZone(name: string, records: readonly DnsRecordSet[]): Promise<void> {
  const request = `<CreateHostedZoneRequest ${namespace}><Name>${name}</Name><CallerReference>${name}</CallerReference></CreateHostedZoneRequest>`;
  const made = await call('hostedzone', request);
  const id = /<Id>\/hostedzone\/(\w+)</.exec(made)?.[1];
  for (let begin = 0; begin < records.length; begin += batch) {
    const changes = records
      .slice(begin, begin + batch)
      .map(change)
      .join('');
    const body = `<ChangeResourceRecordSetsRequest ${namespace}><ChangeBatch><Changes>${changes}</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>`;
    await call(`hostedzone/${id}/rrset`, body);
  }
  await answered(records.slice(-1));
}

function change({ name, type, values }: DnsRecordSet): string {
  const texts = values.map((value) => (type === 'TXT' ? `"${route53Text(value)}"` : value).replaceAll('"', '&quot;'));
  const data = texts.map((value) => `<ResourceRecord><Value>${value}</Value></ResourceRecord>`).join('');
  return `<Change><Action>CREATE</Action><ResourceRecordSet><Name>${name}</Name><Type>${type}</Type><TTL>300</TTL><ResourceRecords>${data}</ResourceRecords></ResourceRecordSet></Change>`;
}

async function call(path: string, body: string): Promise<string> {
  const url = `${process.env.AWS_ENDPOINT_URL}/2013-04-01/${path}`;
  const response = await fetch(url, { method: 'POST', body, headers: { authorization: signature, 'content-type': 'text/xml' } });
  const text = await response.text();
  if (!response.ok) throw new Error(`Route 53 of the lab: ${response.status} ${text}`);
  return text;
}

async function answered(records: readonly DnsRecordSet[]): Promise<void> {
  const expectations = records.map(({ name, values }) => ({ name, type: 'TXT' as const, values }));
  const resolvers = process.env.MAILSERVER_RESOLVERS?.split(',');
  for (const end = performance.now() + 60_000; performance.now() < end; await sleep(500)) {
    if ((await lookForAgreement(expectations, { resolvers })).agreed) return;
  }
  throw new Error(`the lab's name servers do not answer for ${records.map(({ name }) => name).join(', ')}`);
}
