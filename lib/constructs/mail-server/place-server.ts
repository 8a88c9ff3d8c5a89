import { Fn, type ITerraformDependable, Op } from 'cdktf';
import type { Construct } from 'constructs';
import { type DnsRecordSet, heloSpfText } from '../../dns';
import type { IMailHost, ReverseName } from '../host/mail-host';
import { type MailserverDnsAgreement, MailserverRole } from '../resources';
import { lifecycle } from '../synth/lifecycle';
import { type MailAddresses, placeAddresses } from './mail-addresses';
import type { PlacedRecord } from './place-domain-records';
import { placeKeyRecords } from './place-key-records';
import { domainsLookedAt, forwardAgreement, hostAgreement, lookedAt, PublicDns } from './public-dns';
import type { ServerPlan } from './server-plan';

/** A mail host in the graph, up to its role; its mail domains come after it. */
export interface PlacedServer {
  readonly scope: Construct;
  readonly plan: ServerPlan;
  readonly names: MailAddresses;
  /** Ends when the world agrees on name and addresses; absent when nobody asks. */
  readonly agreement?: MailserverDnsAgreement;
  readonly role: MailserverRole;
  /** The public halves of its DKIM keys. */
  readonly keys: readonly PlacedRecord[];
}

/**
 * Gives a machine its names and then its role, in the order of R10.
 *
 * @param after what has to be over before the host itself changes
 */
export function placeServer(scope: Construct, plan: ServerPlan, after: readonly ITerraformDependable[] = []): PlacedServer {
  const { host, dns, heloName, publicDns } = plan;
  // Nothing that costs money is made before the world can see the host's name.
  const delegation = publicDns ? [...(dns.delegationOf?.(heloName) ?? [])] : [];
  if (delegation.length > 0) host.buildAfter?.(delegation);
  if (publicDns) host.lookUpAddresses?.();
  if (publicDns) dns.watchDelegations?.(plan.mailDomains.slice(0, domainsLookedAt));
  const names = placeAddresses(scope, { heloName, dns, host }, (records) =>
    publicDns ? forwardAgreement(scope, publicDns, records) : undefined,
  );
  const agreement =
    publicDns && hostAgreement(scope, { heloName, addresses: names.addresses, ...publicDns }, [...names.dependables]);
  const { name } = names.reverse[0] as MailAddresses['reverse'][number];
  const role = new MailserverRole(scope, 'Role', {
    ...plan.settings,
    heloName,
    connection: host.connection,
    instanceId: host.instanceId,
    machineType: host.machineType,
    outboundTargets: plan.outboundTargets,
    onDestroy: plan.onDestroy ?? (host.goesWithStack ? 'stop' : undefined),
    dependsOn: [...names.dependables, ...(agreement ? [agreement] : []), ...host.reachableAfter, ...after],
    lifecycle: lifecycle({ precondition: exactReverseName(host, heloName, name) }),
  });
  const keys = placeKeyRecords(scope, plan.selectors, { dns, heloName, role });
  return { scope, plan, names, agreement, role, keys };
}

/** What receivers judge its bounces by. A mail domain of the same name has such a record itself. */
export function placeHeloSpf({ scope, plan, names }: PlacedServer): PlacedRecord[] {
  const { dns, heloName, spf } = plan;
  if (spf === false) return [];
  const record = { name: heloName, type: 'TXT' as const, values: [heloSpfText] };
  // Not after the role: what comes before a record that is made before its former one goes, Terraform replaces in that order,
  // too, and of the machine there can be no second one while the first has address and volume.
  const dependsOn = names.forward.flatMap(({ placed }) => [...placed.dependables]);
  return [{ record, placed: dns.addRecord(scope, 'SPF', { ...record, createBeforeDestroy: true, dependsOn }) }];
}

/** What every plan looks at; absent when nobody asks. */
export function placePublicDns(
  { scope, plan, names, agreement, role }: PlacedServer,
  placed: readonly PlacedRecord[],
  elsewhere: readonly DnsRecordSet[],
): PublicDns | undefined {
  if (!plan.publicDns || !agreement) return undefined;
  const look = { heloName: plan.heloName, addresses: names.addresses, ...plan.publicDns };
  const records = { ...lookedAt(placed, elsewhere), keepFormerSeconds: plan.dns.ttlSeconds };
  return new PublicDns(scope, 'PublicDns', look, records, { role, agreement });
}

/** The host is not given a name that its address does not answer with. */
function exactReverseName(
  { publicIpv4 }: IMailHost,
  heloName: string,
  { actual, remedy }: ReverseName,
): { condition: string; errorMessage: string }[] | undefined {
  if (actual === undefined) return undefined;
  const answer = Fn.try([Fn.lower(actual), '']);
  return [
    {
      condition: Op.eq(answer, `${heloName}.`).toString(),
      errorMessage:
        `the reverse name (PTR) of ${publicIpv4} is '${answer}', the HELO name is '${heloName}.': ` +
        `they must be exactly the same. Somebody changed it outside of this stack; ${remedy}`,
    },
  ];
}
