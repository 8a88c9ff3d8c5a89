import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, TerraformStack, Testing } from 'cdktf';
import { Ec2Host, ExistingHost, type IMailDns, type IMailHost, MailServer, Route53Dns } from '../../lib';
import { fixedPublicKey } from '../support/keys';
import { TerraformProject } from '../support/terraform';

jest.setTimeout(120_000);

/** Which stack each part is in. */
interface Places {
  readonly host: string;
  readonly dns: string;
  readonly mail: string;
}

type Make<T> = (stack: TerraformStack) => T;
const ec2: Make<IMailHost> = (stack) =>
  new Ec2Host(stack, 'host', { sshPublicKey: fixedPublicKey, adminCidrs: ['198.51.100.1/32'] });
const rented: Make<IMailHost> = (stack) =>
  new ExistingHost(stack, 'host', {
    publicIpv4: '198.51.100.25',
    reverseDns: new Route53Dns(stack, 'reverse', { zones: { '100.51.198.in-addr.arpa': 'lookup' } }),
  });
const created: Make<IMailDns> = (stack) => new Route53Dns(stack, 'dns', { zones: { 'example.com': 'create' } });

function built({ host, dns, mail }: Places, makeHost = ec2, makeDns = created) {
  const outdir = mkdtempSync(join(tmpdir(), 'stacks-apart-'));
  const app = Testing.stubVersion(new App({ stackTraces: false, outdir }));
  const stacks = new Map<string, TerraformStack>();
  const stackOf = (id: string) => {
    const stack = stacks.get(id) ?? new TerraformStack(app, id);
    if (!stacks.has(id)) new AwsProvider(stack, 'aws', { region: id === host ? 'eu-west-1' : 'eu-central-1' });
    stacks.set(id, stack);
    return stack;
  };
  const parts = { host: makeHost(stackOf(host)), dns: makeDns(stackOf(dns)) };
  new MailServer(stackOf(mail), 'mail', {
    heloName: 'mail.example.com',
    ...parts,
    domains: { 'example.com': { deliverTo: 'webapp' } },
  });
  return { app, outdir, stacks };
}

type Blocks = Record<string, Record<string, { readonly depends_on?: string[]; readonly [name: string]: unknown }>>;

/** What Terraform reads of each stack, and in which order the stacks are deployed. */
function synthesised(...given: Parameters<typeof built>) {
  const { app, outdir, stacks } = built(...given);
  try {
    app.synth();
    const { stacks: known } = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8'));
    const of = (id: string) =>
      JSON.parse(readFileSync(join(outdir, 'stacks', id, 'cdk.tf.json'), 'utf8')) as { resource: Blocks };
    return { known, resources: Object.fromEntries([...stacks.keys()].map((id) => [id, of(id).resource ?? {}])) };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

const ways: readonly Places[] = [
  { host: 'a', dns: 'b', mail: 'c' },
  { host: 'a', dns: 'b', mail: 'b' },
  { host: 'a', dns: 'a', mail: 'b' },
  { host: 'a', dns: 'b', mail: 'a' },
  { host: 'a', dns: 'a', mail: 'a' },
];

describe.each(ways.map((way) => [`host in ${way.host}, DNS in ${way.dns}, mail server in ${way.mail}`, way] as const))(
  '%s',
  (_, way) => {
    test.each<[string, Make<IMailHost>, string]>([
      ['of AWS', ec2, 'mailserver_reverse_name'],
      ['with a reverse zone', rented, 'aws_route53_record'],
    ])('a host %s gets its chain in order: A, the world sees it, PTR, agreement, role, MX', (_name, makeHost, ptrType) => {
      const { known, resources } = synthesised(way, makeHost);
      const mail = resources[way.mail] as Blocks;
      const all = Object.entries(mail).flatMap(([type, blocks]) =>
        Object.entries(blocks).map(([id, block]) => ({ address: `${type}.${id}`, type, block })),
      );
      const find = (what: (each: (typeof all)[number]) => boolean) => all.find(what) as (typeof all)[number];
      const record = (type: string) => find((each) => each.type === 'aws_route53_record' && each.block.type === type);
      const agreement = (property: string) => find((each) => each.type === 'mailserver_dns_agreement' && property in each.block);
      const chain = [
        record('A'),
        agreement('claims'),
        ptrType === 'aws_route53_record' ? record('PTR') : find(({ type }) => type === ptrType),
        agreement('helo_name'),
        find(({ type }) => type === 'mailserver_role'),
        record('MX'),
      ];
      for (const [index, each] of chain.slice(1).entries()) expect(each.block.depends_on).toContain(chain[index]?.address);
      // Terraform knows no order across states: cdktf deploys the stack of the mail server last, and destroys it first.
      const others = [way.host, way.dns].filter((id) => id !== way.mail);
      expect(new Set(known[way.mail].dependencies)).toEqual(new Set(others));
      const waits = Object.values(resources)
        .flatMap((blocks) => Object.values(blocks).flatMap(Object.values))
        .flatMap((block) => block.depends_on ?? []);
      expect(waits.filter((address: string) => address.includes('terraform_remote_state'))).toEqual([]);
    });
  },
);

test('the reverse name is set in the region of the host', () => {
  const { resources } = synthesised({ host: 'a', dns: 'b', mail: 'c' });
  expect(Object.values(resources.c?.mailserver_reverse_name ?? {})).toMatchObject([{ aws: { region: 'eu-west-1' } }]);
});

test('Terraform accepts each of three stacks', async () => {
  const { stacks } = built({ host: 'a', dns: 'b', mail: 'c' });
  for (const stack of stacks.values()) stack.prepareStack();
  for (const stack of stacks.values()) {
    const project = await TerraformProject.init(stack);
    try {
      expect(project.validate()).toEqual({ ok: true, text: expect.stringContaining('Success! The configuration is valid.') });
    } finally {
      project.dispose();
    }
  }
});

describe('a zone of another account', () => {
  const other = (stack: TerraformStack) =>
    new AwsProvider(stack, 'other', { alias: 'other', region: 'eu-central-1', profile: 'other' });
  const elsewhere: Make<IMailDns> = (stack) =>
    new Route53Dns(stack, 'dns', { zones: { 'example.com': { zone: 'lookup', provider: other(stack) } } });

  test('is written through the provider of the same alias in the stack of the mail server', () => {
    const withOther: Make<IMailHost> = (stack) => {
      other(stack);
      return ec2(stack);
    };
    const { resources } = synthesised({ host: 'a', dns: 'b', mail: 'a' }, withOther, elsewhere);
    expect(Object.values(resources.a?.aws_route53_record ?? {}).map(({ provider }) => provider)).toEqual(
      Array(9).fill('aws.other'),
    );
  });

  test('is refused where there is none, with the fix', () => {
    expect(() => built({ host: 'a', dns: 'b', mail: 'a' }, ec2, elsewhere)).toThrow(
      "records of the zone 'example.com' are written through b/other, which is in another stack: add an AWS provider with the alias 'other' to the stack a (at a/mail)",
    );
  });
});
