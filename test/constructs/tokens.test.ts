import { type TerraformStack, TerraformVariable, Testing, Token } from 'cdktf';
import {
  ExistingHost,
  ExternalDns,
  MailServer,
  MailServerInputError,
  type MailServerProps,
  MailserverRole,
  Route53Dns,
  SplitDns,
} from '../../lib';
import { existingMailServer } from '../support/mail-stack';
import { all, newStack, only, refusal, synthesise } from '../support/synth';
import { type PropertyPath, propertyPaths } from './tokens/property-paths';
import { exampleKey, type Subject, siblings, subjects } from './tokens/subjects';
import { kinds, reference, type TokenKind, token } from './tokens/tokens';

/** `{ a: { b: value } }` of the path a, b; what stands there already stays. */
function placed(base: unknown, [step, ...rest]: PropertyPath, value: unknown): unknown {
  if (step === undefined) return value;
  if (typeof step === 'number') return [placed(undefined, rest, value)];
  const inside = (typeof base === 'object' && base !== null ? base : {}) as Record<string, unknown>;
  return { ...inside, [step]: placed(inside[step], rest, value) };
}

function merged(base: object, more: object): object {
  const all = base as Record<string, object>;
  return {
    ...base,
    ...Object.fromEntries(
      Object.entries(more).map(([key, value]) => [
        key,
        typeof value === 'object' && !('creationStack' in value) ? { ...all[key], ...value } : value,
      ]),
    ),
  };
}

/** What becomes of a token: it is in what Terraform reads, or it is refused with the property; anything else is reported as it is. */
function fate(subject: Subject, path: PropertyPath, kind: TokenKind): string {
  let stack: TerraformStack | undefined;
  try {
    stack = newStack((made) => {
      const base = merged(subject.base(made), siblings(made, path));
      subject.make(made, placed(base, path, token(made, kind)) as never);
    });
    const text = Testing.synth(stack, true);
    if (/TfToken\[|[-.\d]+e\+\d{3}|\[object|undefined|NaN/.test(text))
      return `garbled: ${/.{40}(TfToken\[|[-.\d]+e\+\d{3}|\[object|undefined|NaN).{10}/.exec(text)?.[0]}`;
    const { variable, ...rest } = JSON.parse(text);
    return JSON.stringify(rest).includes(reference) ? 'honoured' : 'dropped';
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (!(error instanceof MailServerInputError)) return `crashed: ${message.slice(0, 200)}`;
    const [property = ''] = path.map(String);
    return message.includes(property) && !message.includes('TfToken[') ? 'refused' : `refused in other words: ${message}`;
  }
}

describe.each(subjects.map((subject) => [subject.name, subject] as const))('%s', (_, subject) => {
  const paths = subject.schemas.flatMap(({ schema, at = [], without = [] }) =>
    propertyPaths(schema, exampleKey)
      .filter(([first]) => !without.includes(String(first)))
      .map((path) => [...at, ...path]),
  );
  test.each(paths.map((path) => [path.join('.'), path] as const))('a token at %s is honoured or refused', (_name, path) => {
    const fates = Object.fromEntries(kinds.map((kind) => [kind, fate(subject, path, kind)]));
    const bad = Object.entries(fates).filter(([, each]) => each !== 'honoured' && each !== 'refused');
    expect(Object.fromEntries(bad)).toEqual({});
  });
});

describe('records of a mail server', () => {
  const built = (props: (stack: TerraformStack) => Partial<MailServerProps>) =>
    synthesise((stack) => void existingMailServer(stack, props(stack)));
  const refused = (props: (stack: TerraformStack) => Partial<MailServerProps>) =>
    refusal((stack) => void existingMailServer(stack, props(stack)));
  const variable = (stack: TerraformStack) =>
    (stack.node.tryFindChild('given') ?? new TerraformVariable(stack, 'given', { type: 'any' })) as TerraformVariable;
  const text = (stack: TerraformStack) => variable(stack).stringValue;
  const texts = (stack: TerraformStack) => variable(stack).listValue;
  const map = (stack: TerraformStack) => Token.asAnyMap(variable(stack).value) as never;
  const spfOf = (props: (stack: TerraformStack) => Partial<MailServerProps>) =>
    all(built(props).resource, 'aws_route53_record').find(({ name, type }) => type === 'TXT' && name === 'example.com')?.records;

  test.each<[string, string, (stack: TerraformStack) => Partial<MailServerProps>]>([
    ['domains', 'domains is only known after apply', (stack) => ({ domains: map(stack) })],
    ['a domain', 'a key of domains is only known after apply', (stack) => ({ domains: { [text(stack)]: {} } })],
    ['relayDomains', 'relayDomains is only known after apply', (stack) => ({ relayDomains: texts(stack) })],
    ['a relay domain', 'relayDomains.1 is only known after apply', (stack) => ({ relayDomains: ['example.com', text(stack)] })],
    ['virtualAliases', 'virtualAliases is only known after apply', (stack) => ({ virtualAliases: map(stack) })],
    [
      'the domain of an alias',
      'the domain of a key of virtualAliases is only known after apply',
      (stack) => ({ virtualAliases: { [`info@${text(stack)}`]: ['root'] } }),
    ],
  ])('are not left out where Terraform fills in %s: it is refused, or mxDomains says which get them', (_, message, props) => {
    const said = refused(props);
    expect(said).toContain(message);
    expect(said).toMatch(/say in mxDomains which of them get an MX \(at test\/mail\)$/);
    expect(said).not.toContain('TfToken');
    const { resource } = built((stack) => ({ ...props(stack), mxDomains: ['example.com'] }));
    expect(JSON.stringify(only(resource, 'mailserver_role'))).toContain('var.given');
    expect(all(resource, 'aws_route53_record').filter(({ type }) => type === 'MX')).toHaveLength(1);
  });

  test('have the texts of SPF and DMARC that Terraform fills in, each address with its family', () => {
    expect(spfOf((stack) => ({ spf: { addresses: [text(stack), '198.51.100.9'], include: ['_spf.example.net'] } }))).toEqual([
      'v=spf1 mx ${strcontains(var.given, ":") ? "ip6" : "ip4"}:${var.given} ip4:198.51.100.9 include:_spf.example.net -all',
    ]);
    expect(spfOf((stack) => ({ spf: { include: [text(stack)] } }))).toEqual(['v=spf1 mx include:${var.given} -all']);
    expect(spfOf((stack) => ({ domainRecords: { 'example.com': { txt: [`a "${text(stack)}"`] } } }))).toEqual([
      'v=spf1 mx -all',
      'a \\"${var.given}\\"',
    ]);
    const dmarc = all(
      built((stack) => ({ dmarc: { policy: text(stack) as 'none', reportsTo: [`${text(stack)}@example.com`] } })).resource,
      'aws_route53_record',
    );
    expect(dmarc.find(({ name }) => name === '_dmarc.example.com')?.records).toEqual([
      'v=DMARC1; p=${var.given}; rua=mailto:${var.given}@example.com',
    ]);
  });

  test('are written for users whom Terraform names, too', () => {
    const users = (props: (stack: TerraformStack) => Partial<MailServerProps>) =>
      only(built(props).resource, 'mailserver_role').service_users;
    expect(users((stack) => ({ serviceUsers: texts(stack) }))).toBe('${distinct(concat(var.given, ["webapp"]))}');
    expect(users((stack) => ({ serviceUsers: ['shop'], domains: { 'example.com': { deliverTo: text(stack) } } }))).toBe(
      '${distinct(concat(["shop"], [var.given]))}',
    );
  });

  test('are kept for as long as the longest time to live says, of several name services', () => {
    const { ttlSeconds } = new SplitDns([
      { zoneNames: ['example.com'], ttlSeconds: 60, addRecord: () => undefined as never },
      { zoneNames: ['example.net'], ttlSeconds: Token.asNumber('${var.given}'), addRecord: () => undefined as never },
    ]);
    expect(Token.isUnresolved(ttlSeconds)).toBe(true);
  });
});

test('what Terraform fills in compiles wherever a value may stand, and lists that nobody may change', () => {
  const domains = ['example.com'] as const;
  const { resource } = synthesise((stack) => {
    const given = new TerraformVariable(stack, 'given', { type: 'any' });
    const settings = {
      antivirus: given.booleanValue,
      serviceUsers: domains.map(() => 'webapp') as readonly string[],
      relayDomains: domains,
      spam: given.value,
      quarantine: { maxMib: given.numberValue },
      localAliases: { info: ['root@example.com'] as const },
    };
    new MailServer(stack, 'mail', {
      heloName: 'mail.example.com',
      host: new ExistingHost(stack, 'host', { publicIpv4: '198.51.100.25' }),
      dns: new SplitDns([
        new ExternalDns(stack, 'names', { zones: domains }),
        new Route53Dns(stack, 'r53', { zones: { 'example.net': 'lookup' } }),
      ]),
      ...settings,
    });
    new MailserverRole(stack, 'role', { heloName: 'mail.example.com', connection: { host: '198.51.100.26' }, ...settings });
  });
  for (const role of all(resource, 'mailserver_role')) {
    expect(role).toMatchObject({ antivirus: '${var.given}', spam: '${var.given}', quarantine: { max_mib: '${var.given}' } });
  }
});
