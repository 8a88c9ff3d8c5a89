import { Token } from 'cdktf';
import { Construct } from 'constructs';
import { asciiName, type DnsRecordSet, normalizeName } from '../../dns';
import type { IDnsRecord } from '../dns/mail-dns';
import type { MailserverRole } from '../resources';
import { checkSettings } from '../synth/check-settings';
import { literalRequired, namesInvalid } from '../synth/errors';
import { chainOf, chainOutput, hostOutputs, recordSet, recordsToSetOutput, unmanaged, verifyOutput } from './describe-server';
import { domainRows, hostRows } from './dns-chain';
import type { MailServerProps } from './mail-server-props';
import type { MailServersHost, MailServersProps } from './mail-servers-props';
import { mailServersSettings } from './mail-servers-settings';
import { claimDomains, claimForServer } from './only-owner';
import { placeDomainRecords, recordsOf } from './place-domain-records';
import { type PlacedServer, placeHeloSpf, placePublicDns, placeServer } from './place-server';
import { planServer, type ServerPlan } from './server-plan';

/** Receivers look at the addresses of so many names of an `mx` in SPF, and void the record for one more (RFC 7208 4.6.4). */
const MOST_HOSTS = 10;

/**
 * Several mail hosts for the same domains. Each has a machine, a HELO name, addresses and keys of its own; what the stack says of the
 * domains, logins and maps is said once, and all of them get it. The MX, SPF and DMARC records belong to the domains and name all hosts.
 */
export class MailServers extends Construct {
  /** The role of each host, by HELO name. */
  readonly roles: ReadonlyMap<string, MailserverRole>;
  /** The MX record of each mail domain. */
  readonly mailExchangers: ReadonlyMap<string, IDnsRecord>;
  /** What is to be set by hand, outside of the graph. Values may be tokens. */
  readonly recordsToSet: readonly DnsRecordSet[];

  constructor(scope: Construct, id: string, props: MailServersProps) {
    super(scope, id);
    const { hosts, rollout, ...common } = props;
    checkSettings(this, mailServersSettings, { hosts, rollout });
    const plans = this.plan(hosts, common);
    const [first] = plans as [Planned, ...Planned[]];
    const { dns, mailDomains, foreignDomains, policyOf } = first.plan;
    claimDomains(this, mailDomains);

    const servers: PlacedServer[] = [];
    for (const { scope: own, plan } of plans) {
      const before = rollout === 'together' ? undefined : servers.at(-1);
      servers.push(placeServer(own, plan, before ? [before.role] : []));
    }
    this.roles = new Map(servers.map(({ plan, role }) => [plan.heloName, role]));

    const context = {
      dns,
      hosts: plans.map(({ plan, mxPreference }) => ({
        heloName: plan.heloName,
        mxPreference,
        dkimSelectors: plan.selectors,
      })),
      policyOf,
      keys: servers.flatMap(({ keys }) => keys.flatMap(({ placed }) => [...placed.dependables])),
    };
    const domains = placeDomainRecords(this, mailDomains, context, [...this.roles.values()]);
    this.mailExchangers = domains.mailExchangers;
    const elsewhere = [...domains.foreign, ...foreignDomains.flatMap((domain) => recordsOf(domain, context))];

    const parts = servers.map((server, index) => {
      const own = [...server.keys, ...placeHeloSpf(server)];
      // Every plan looks at the records of the domains once.
      const publicDns =
        index === 0 ? placePublicDns(server, [...own, ...domains.placed], elsewhere) : placePublicDns(server, own, []);
      return { server, own, publicDns };
    });
    this.recordsToSet = [
      ...parts.flatMap(({ server, own }) => unmanaged(server, own)),
      ...domains.placed.filter(({ placed }) => !placed.managed).map(({ record }) => recordSet(record)),
      ...elsewhere.map(recordSet),
    ];

    const rows = parts.map(({ server, publicDns }) => hostRows(chainOf(server, publicDns), { named: true }));
    chainOutput(this, {
      ...Object.assign({}, ...rows),
      ...domainRows({
        mailExchangers: this.mailExchangers,
        foreignMailExchangers: elsewhere.filter(({ type }) => type === 'MX'),
        live: parts[0]?.publicDns?.live,
      }),
    });
    recordsToSetOutput(this, this.recordsToSet);
    const exchangers = plans.flatMap(({ plan: { heloName }, mxPreference: preference = 10 }) =>
      preference === false ? [] : [{ heloName, preference }],
    );
    for (const { server } of parts) {
      hostOutputs(server);
      verifyOutput(server, exchangers);
    }
  }

  /** What each host is to be, with everything that is wrong about them together. */
  private plan(hosts: MailServersProps['hosts'], common: Omit<MailServersProps, 'hosts' | 'rollout'>): readonly Planned[] {
    const names = Object.keys(hosts);
    for (const name of names) {
      if (Token.isUnresolved(name))
        throw literalRequired(this, 'a HELO name in hosts', 'every record is named after it, so write it');
    }
    const problems = hostProblems(hosts, common);
    if (problems.length > 0) throw namesInvalid(this, problems);
    const plans = Object.entries(hosts).map(([name, { host, mxPreference, bindIpv6, dkimSelectors }]): Planned => {
      const heloName = heloNameOf(name);
      const scope = new Construct(this, heloName);
      const dkim = common.dkim && { ...common.dkim, selectors: dkimSelectors ?? defaultSelectors(heloName) };
      const plan = planServer(scope, { ...common, dkim, heloName, host, bindIpv6 } as MailServerProps);
      claimForServer(scope, plan);
      return { scope, plan, mxPreference };
    });
    const own = new Set(plans.map(({ plan }) => plan.heloName));
    const both = plans[0]?.plan.mailDomains.filter((domain) => own.has(domain)) ?? [];
    if (both.length > 0)
      throw namesInvalid(
        this,
        both.map(
          (name) => `'${name}' is a mail domain and a HELO name: mail for it would go to all hosts; give the host another name`,
        ),
      );
    return plans;
  }
}

interface Planned {
  readonly scope: Construct;
  readonly plan: ServerPlan;
  readonly mxPreference?: number | false;
}

const heloNameOf = (name: string) => normalizeName(asciiName(name));

/** Two, so that the next key can be published while the other one signs. */
function defaultSelectors(heloName: string): readonly [string, string] {
  const [label = ''] = heloName.split('.');
  return [`${label}a`, `${label}b`];
}

function hostProblems(
  hosts: Readonly<Record<string, MailServersHost>>,
  { dkim }: Pick<MailServersProps, 'dkim'>,
): readonly string[] {
  const names = Object.keys(hosts);
  if (names.length === 0) return ["hosts: there is none: add one, e.g. { 'mx1.example.com': { host } }"];
  if (names.length > MOST_HOSTS)
    return [
      `hosts: there are ${names.length}, and receivers look at ${MOST_HOSTS} names of an MX for SPF (RFC 7208 4.6.4): leave some out`,
    ];
  if (Object.values(hosts).every(({ mxPreference }) => mxPreference === false))
    return ['hosts: each has mxPreference: false, so nobody takes the mail of the domains: leave it out for one of them'];
  const twice = repeated(names, heloNameOf).map(
    ([name, other]) => `hosts: '${other}' and '${name}' are the same name: leave one out`,
  );
  if (!dkim) return twice;
  const selectors = Object.entries(hosts).flatMap(([name, { dkimSelectors }]) =>
    (dkimSelectors ?? defaultSelectors(heloNameOf(name))).map((selector) => ({ name, selector })),
  );
  const shared = repeated(selectors, ({ selector }) => selector).map(
    ([{ name, selector }, other]) =>
      `hosts.${name}.dkimSelectors: '${selector}' is a selector of ${other.name} already, and a name has one key: set others, e.g. ['k1', 'k2']`,
  );
  return [
    ...twice,
    ...('selectors' in dkim ? ['dkim.selectors: each host has its own: set hosts.HOST.dkimSelectors'] : []),
    ...shared,
  ];
}

/** What comes again, each with the one before it. */
function repeated<T>(values: readonly T[], keyOf: (value: T) => string): readonly (readonly [T, T])[] {
  const seen = new Map<string, T>();
  return values.flatMap((value) => {
    const before = seen.get(keyOf(value));
    if (before !== undefined) return [[value, before] as const];
    seen.set(keyOf(value), value);
    return [];
  });
}
