import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { providerFiles } from '../../../lib/installer/provider-files';
import { decodeObject, encodeObject } from '../../../lib/provider/framework/codec';
import type { DynamicValue } from '../../../lib/provider/protocol/messages';
import { controllerService, healthService, providerService } from '../../../lib/provider/protocol/services';
import { attributes } from '../../../lib/provider/role/attributes';
import { cookie, eventually, gone, isAlive, type ProviderProcess, startProvider } from '../support/provider-process';

const folder = mkdtempSync(join(tmpdir(), 'mailserver-process-'));
const script = join(folder, 'terraform-provider-mailserver');
const running: ProviderProcess[] = [];

const start = async (...options: Parameters<typeof startProvider> extends [string, ...infer Rest] ? Rest : never) => {
  const provider = await startProvider(script, ...options);
  running.push(provider);
  return provider;
};

beforeAll(() => {
  for (const { name, content } of providerFiles()) {
    writeFileSync(name.startsWith('terraform') ? script : join(folder, name), content, { mode: 0o755 });
  }
}, 60_000);

afterEach(() => {
  for (const { child, disconnect } of running.splice(0)) {
    disconnect();
    child.kill('SIGKILL');
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('the provider as a process', () => {
  it('tells a person who starts it by hand what it is', () => {
    const { status, stdout, stderr } = spawnSync(script, { env: { PATH: process.env.PATH }, encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('is a Terraform provider and is not meant to be started by hand');
  });

  it('refuses a Terraform that does not speak protocol 6', () => {
    const env = { PATH: process.env.PATH, ...cookie, PLUGIN_PROTOCOL_VERSIONS: '4,5' };
    const { status, stderr } = spawnSync(script, { env, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toContain('this Terraform offers only 4, 5');
  });

  it('does not let Node read certificates that it has no use for', async () => {
    const provider = await start({ env: { NODE_EXTRA_CA_CERTS: join(folder, 'missing.pem') } });
    await provider.call(healthService, 'Check', { service: 'plugin' });
    expect(provider.errors()).not.toContain('extra certs');
  });

  it.each(['--use-bundled-ca', '--use-openssl-ca', '--max-old-space-size=512'])(
    'starts where NODE_OPTIONS has %s',
    async (option) => {
      const provider = await start({ env: { NODE_OPTIONS: option } });
      expect(await provider.call(healthService, 'Check', { service: 'plugin' })).toEqual({ status: 1 });
    },
  );

  it('answers over mutual TLS, on a socket of its own', async () => {
    const provider = await start();
    expect(await provider.call(healthService, 'Check', { service: 'plugin' })).toEqual({ status: 1 });
    const schema = await provider.call(providerService, 'GetProviderSchema');
    expect(Object.keys(schema.resource_schemas as object)).toContain('mailserver_role');
    expect(statSync(dirname(provider.socket)).mode & 0o777).toBe(0o700);
  });

  it('lets nobody in but the Terraform that started it', async () => {
    const provider = await start({ impostor: true });
    await expect(provider.call(healthService, 'Check')).rejects.toThrow(/UNAVAILABLE/);
  });

  it('prints nothing but the handshake, and logs in a form that Terraform reads', async () => {
    const provider = await start();
    await provider.call(providerService, 'GetMetadata');
    expect(provider.output()).toBe('');
    for (const line of provider.errors().split('\n').filter(Boolean)) {
      expect(JSON.parse(line)).toMatchObject({
        '@module': 'mailserver',
        '@level': expect.any(String),
        '@timestamp': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
      });
    }
  });

  it('has answers for newer Terraform versions', async () => {
    const provider = await start();
    expect(await provider.call(providerService, 'GetResourceIdentitySchemas')).toMatchObject({ identity_schemas: {} });
    expect(await provider.call(providerService, 'GetFunctions')).toMatchObject({ functions: {} });
    await expect(provider.call(providerService, 'GenerateResourceConfig')).rejects.toThrow('UNIMPLEMENTED');
  });

  it('validates a configuration', async () => {
    const provider = await start();
    const config = encodeObject({ helo_name: 'mail', ssh: { host: '198.51.100.25' } }, attributes);
    const { diagnostics } = await provider.call(providerService, 'ValidateResourceConfig', {
      type_name: 'mailserver_role',
      config,
    });
    expect(diagnostics).toEqual([
      expect.objectContaining({ severity: 1, attribute: { steps: [expect.objectContaining({ attribute_name: 'helo_name' })] } }),
    ]);
  });

  it('imports', async () => {
    const provider = await start();
    const { imported_resources: imported } = await provider.call(providerService, 'ImportResourceState', {
      type_name: 'mailserver_role',
      id: 'admin@198.51.100.25',
    });
    const [first] = imported as { state: DynamicValue }[];
    expect(decodeObject(first?.state)).toMatchObject({ id: '198.51.100.25:22', ssh: { user: 'admin' } });
  });

  it('keeps the compiled code of the parts it used once it looked for a host, and runs from it', async () => {
    const env = { XDG_CACHE_HOME: join(folder, 'cache') };
    const kept = join(env.XDG_CACHE_HOME, 'cdktf-mailserver/provider');
    const look = async () => {
      const provider = await start({ env });
      const ssh = { host: '127.0.0.1', port: 1, timeout_seconds: 1, private_key_path: '/nonexistent' };
      const current_state = encodeObject({ helo_name: 'mail.example.com', ssh }, attributes);
      const answer = await provider.call(providerService, 'ReadResource', { type_name: 'mailserver_role', current_state });
      await provider.call(controllerService, 'Shutdown');
      expect(await provider.ended).toEqual({ code: 0, signal: null });
      return answer;
    };
    const first = await look();
    const files = () => new Map(readdirSync(kept).map((name) => [name, statSync(join(kept, name)).ino]));
    const written = files();
    const parts = [...written.keys()].join('\n');
    for (const part of [/-main\.js$/m, /-calls-\w+\.js$/m, /-real-parts-\w+\.js$/m]) expect(parts).toMatch(part);
    expect(parts).not.toMatch(/-apply-|-dns-/);
    expect(await look()).toEqual(first);
    expect(files()).toEqual(written);
  });

  it('ends when it is told to, and removes its socket', async () => {
    const provider = await start();
    await provider.call(controllerService, 'Shutdown');
    expect(await provider.ended).toEqual({ code: 0, signal: null });
    expect(existsSync(dirname(provider.socket))).toBe(false);
  });

  it('ends on SIGTERM, and removes its socket', async () => {
    const provider = await start();
    provider.child.kill('SIGTERM');
    expect(await provider.ended).toEqual({ code: 143, signal: null });
    expect(existsSync(dirname(provider.socket))).toBe(false);
  });

  it('leaves SIGINT to Terraform, which sends StopProvider', async () => {
    const provider = await start();
    provider.child.kill('SIGINT');
    await eventually(() => provider.errors().includes('interrupt is left to Terraform'));
    expect(await provider.call(providerService, 'StopProvider')).toEqual({ Error: '' });
  });

  it('does not outlive a Terraform that was killed', async () => {
    const sockets = mkdtempSync(join(folder, 'sockets-'));
    const env = { ...process.env, ...cookie, PLUGIN_UNIX_SOCKET_DIR: sockets };
    const parent = spawn('sh', ['-c', '"$0" & echo $! >"$1"; wait', script, join(folder, 'pid')], { env, stdio: 'ignore' });
    await eventually(() => readdirSync(sockets).some((name) => existsSync(join(sockets, name, 'provider.sock'))));
    const pid = Number(spawnSync('cat', [join(folder, 'pid')], { encoding: 'utf8' }).stdout);
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await eventually(() => gone(join(sockets, readdirSync(sockets)[0] ?? 'none')) && !isAlive(pid));
    expect(readdirSync(sockets)).toEqual([]);
  });
});
