import { App, TerraformStack, TerraformVariable, Testing, Token } from 'cdktf';
import { MailserverProvider, MailserverRole, type MailserverRoleConfig, providerOf } from '../../../lib/constructs/resources';
import { literalText } from '../../../lib/constructs/resources/attribute-values';
import { checkCore } from '../../../lib/constructs/resources/core-check';

const connection = { host: '198.51.100.25' };
const config: MailserverRoleConfig = { heloName: 'mail.example.com', connection };

// Not Testing.app(), which leaves a folder behind for every stack.
const newStack = () => new TerraformStack(Testing.stubVersion(new App({ stackTraces: false })), 'mail');

function synthesize(build: (stack: TerraformStack) => void) {
  const stack = newStack();
  build(stack);
  return JSON.parse(Testing.synth(stack));
}

const roleOf = (settings: Partial<MailserverRoleConfig>) =>
  synthesize((stack) => new MailserverRole(stack, 'role', { ...config, ...settings })).resource.mailserver_role.role;

describe('MailserverRole', () => {
  it('brings its provider along, once for a stack', () => {
    const json = synthesize((stack) => {
      new MailserverRole(stack, 'one', config);
      new MailserverRole(stack, 'two', config);
    });
    expect(json.provider.mailserver).toEqual([{}]);
    expect(json.terraform.required_providers.mailserver).toEqual({
      source: 'mailserver.local/mail/mailserver',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
  });

  it('uses a provider that the stack has made itself', () => {
    const stack = newStack();
    const own = new MailserverProvider(stack, 'own');
    expect(providerOf(stack)).toBe(own);
  });

  it('takes a password from a variable, and nothing else than a token', () => {
    const secret = 'correct horse battery';
    const json = synthesize((stack) => {
      const password = new TerraformVariable(stack, 'password', { type: 'string', sensitive: true }).stringValue;
      new MailserverRole(stack, 'role', { ...config, submissionUsers: { alice: { password, passwordVersion: 2 } } });
      for (const wrong of [secret, `${password}${secret}`, 'short']) {
        const build = () => new MailserverRole(stack, 'wrong', { ...config, submissionUsers: { bob: { password: wrong } } });
        expect(build).toThrow(/^submissionUsers\.bob\.password is a literal string, which would be readable in cdk\.tf\.json/);
        expect(build).not.toThrow(/horse|short/);
        stack.node.tryRemoveChild('wrong');
      }
    });
    expect(json.resource.mailserver_role.role.submission_users).toEqual({
      alice: { password: expect.stringMatching(/^\$\{var\.password\}$/), password_version: 2 },
    });
  });

  it('writes settings and connection in the words of Terraform', () => {
    const role = roleOf({
      connection: { host: '198.51.100.25', privateKeyPath: '~/.ssh/mail', bastion: { host: 'jump.example.com' } },
      instanceId: 'i-1',
      onDestroy: 'remove',
      bindIpv4: '10.0.0.25',
      virtualAliases: { 'info@example.com': ['a@example.com'] },
      domains: { 'example.com': { relayTo: 'smtp:[10.0.0.5]:25' } },
      stateVolume: { volumeId: 'vol-1' },
    });
    expect(role).toMatchObject({
      helo_name: 'mail.example.com',
      ssh: { host: '198.51.100.25', private_key_path: '~/.ssh/mail', bastion: { host: 'jump.example.com' } },
      instance_id: 'i-1',
      on_destroy: 'remove',
      bind_ipv4: '10.0.0.25',
      virtual_aliases: { 'info@example.com': ['a@example.com'] },
      domains: { 'example.com': { relay_to: 'smtp:[10.0.0.5]:25' } },
      state_volume: { volume_id: 'vol-1' },
    });
    expect(role).not.toHaveProperty('connection');
    expect(role).not.toHaveProperty('antivirus');
  });

  it('lets tokens through everywhere, and outputs be used by others', () => {
    const json = synthesize((stack) => {
      const text = new TerraformVariable(stack, 'text', { type: 'string' });
      const list = new TerraformVariable(stack, 'list', { type: 'list(string)' });
      const map = new TerraformVariable(stack, 'map', { type: 'map(string)' });
      const role = new MailserverRole(stack, 'role', {
        heloName: `mail.${text.stringValue}`,
        connection: { host: text.stringValue },
        instanceId: text.stringValue,
        proxyAddresses: [text.stringValue],
        externalNetworks: list.listValue,
        transport: Token.asStringMap(map.value),
        antivirus: text.booleanValue,
        messageSizeLimit: text.numberValue,
      });
      new MailserverRole(stack, 'other', { ...config, instanceId: role.hostKey });
    });
    expect(json.resource.mailserver_role.role).toMatchObject({
      helo_name: 'mail.${var.text}',
      ssh: { host: '${var.text}' },
      proxy_addresses: ['${var.text}'],
      external_networks: '${var.list}',
      transport: '${var.map}',
      antivirus: '${var.text}',
      message_size_limit: '${var.text}',
    });
    expect(json.resource.mailserver_role.other.instance_id).toBe('${mailserver_role.role.host_key}');
  });

  it('takes texts literally, as Postfix writes ${name} too', () => {
    expect(roleOf({ mainCf: { smtpd_banner: '$myhostname ${mail_name} %{x}' } }).main_cf).toEqual({
      smtpd_banner: '$myhostname $${mail_name} %%{x}',
    });
    expect(literalText('a ${TfToken[TOKEN.1]} ${b}')).toBe('a ${TfToken[TOKEN.1]} $${b}');
  });

  it('passes meta-arguments on', () => {
    const role = roleOf({ lifecycle: { preventDestroy: true, precondition: [{ condition: '${true}', errorMessage: 'no' }] } });
    expect(role.lifecycle).toMatchObject({ prevent_destroy: true, precondition: [{ error_message: 'no' }] });
  });

  it.each<[string, Partial<MailserverRoleConfig>, RegExp]>([
    ['a HELO name that is none', { heloName: 'mail' }, /heloName.*\(at mail\/role\)/s],
    ['a port that is none', { connection: { host: 'x', port: 0 } }, /connection\.port.*\(at mail\/role\)/s],
    ['a property that does not exist', { heloNmae: 'x' } as object, /heloNmae/],
    ['a fate that does not exist', { onDestroy: 'explode' as 'keep' }, /onDestroy/],
  ])('refuses %s at synthesis, with property and construct', (_what, settings, message) => {
    expect(() => roleOf(settings)).toThrow(message);
  });
});

describe('a stack of another core', () => {
  class ForeignStack {
    readonly node = { path: 'mail', tryGetContext: () => '0.1.0' };
  }

  it('is refused with the alias lines for package.json', () => {
    const stack = new ForeignStack() as unknown as TerraformStack;
    expect(() => checkCore(stack, stack)).toThrow(/version 0\.1\.0.*"cdktf": "npm:cdktn@/s);
  });
});
