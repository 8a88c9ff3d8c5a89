import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { utils } from 'ssh2';
import { run } from '../../lab/system';
import { installPacked, pack } from '../support/packed-package';

const root = resolve(__dirname, '../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages as Record<
  string,
  { hasInstallScript?: boolean; dependencies?: Record<string, string>; optionalDependencies?: Record<string, string> }
>;

/** A host that refuses the connection: by then the provider has loaded everything that SSH takes. */
const PROGRAM = `
const { App, TerraformStack } = require('cdktf');
const { MailserverRole } = require('cdktf-mailserver');
const app = new App();
const connection = { host: '127.0.0.1', port: 1, user: 'nobody', timeoutSeconds: 5, privateKeyPath: __dirname + '/key' };
new MailserverRole(new TerraformStack(app, 'mail'), 'role', { heloName: 'mail.example.com', connection });
app.synth();
`;

let place: string;
let tarballs: string[];
let installed: string;

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'mailserver-package-'));
  mkdirSync(join(place, 'another'));
  tarballs = await Promise.all([
    pack(join(place, 'one'), { umask: '022', env: { TZ: 'UTC', LC_ALL: 'C' } }),
    pack(join(place, 'another/place'), { umask: '077', env: { TZ: 'Pacific/Auckland', LC_ALL: 'C.UTF-8' } }),
  ]);
  installed = join(place, 'installed');
  await installPacked(tarballs[0] ?? '', installed);
}, 300_000);
afterAll(() => rmSync(place, { recursive: true, force: true }));

interface Component {
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses: readonly { readonly license: { readonly id: string } }[];
  readonly hashes: readonly unknown[];
}

/** Packages that sources import for their code, but those of the user. */
function importedBySources(): string[] {
  const sources = ['lib', 'lab'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(root, folder, name)),
  );
  const imports = sources
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) => [
      ...readFileSync(path, 'utf8').matchAll(/^(?:import|export) (?!type )[^;]*? from '((?:@[\w-]+\/)?[\w-]+)[^']*';$/gm),
    ])
    .map(([, name]) => String(name));
  const known = [...builtinModules, 'node', ...Object.keys(manifest.peerDependencies)];
  return [...new Set(imports)].filter((name) => !known.includes(name));
}

const packed = (path: string) => readFileSync(join(installed, 'node_modules/cdktf-mailserver', path), 'utf8');

describe('the package', () => {
  it('is the same, byte for byte, wherever, by whom and under whatever umask and time zone it is built', () => {
    const [one, other] = tarballs.map((path) => createHash('sha256').update(readFileSync(path)).digest('hex'));
    expect(one).toBe(other);
  });

  it('needs nothing at run time that runs a script when it is installed', () => {
    const withScripts: string[] = [];
    const visit = (name: string, from: string) => {
      // Node looks next to the one that asks first, then further out.
      const found = [`${from}/node_modules/${name}`, `node_modules/${name}`].find((path) => lock[path]) ?? name;
      if (lock[found]?.hasInstallScript) withScripts.push(found);
      const next = { ...lock[found]?.dependencies, ...lock[found]?.optionalDependencies };
      for (const each of Object.keys(next)) visit(each, found);
    };
    for (const name of Object.keys(manifest.dependencies)) visit(name, '');
    expect(withScripts).toEqual([]);
    for (const script of ['preinstall', 'install', 'postinstall', 'prepare']) expect(manifest.scripts).not.toHaveProperty(script);
  });

  it('has scripts that load nothing but Node, the packages of the user, and what they try in vain', () => {
    const scripts = ['lib/index.js', 'cli/mailserver.js', 'provider/provider.js', 'provider/terraform-provider-mailserver.js'];
    const loaded = scripts.flatMap((script) =>
      [...packed(`dist/${script}`).matchAll(/\brequire\(["']([^"'$]+)["']\)|\bimport\(["']([^"'$]+)["']\)/g)].map(
        ([, required, imported]) => String(required ?? imported),
      ),
    );
    const known = [...builtinModules, ...Object.keys(manifest.peerDependencies)];
    const foreign = loaded.filter((name) => !known.some((each) => `${name.replace(/^node:/, '')}/`.startsWith(`${each}/`)));
    expect([...new Set(foreign)].filter((name) => !name.startsWith('./')).sort()).toEqual([
      // Signatures for several regions at once, which no call of ours needs.
      '@aws-sdk/signature-v4-crt',
      '@aws-sdk/signature-v4a',
      // ssh2 does without it: a compiled module that looks for instructions of the processor.
      'cpu-features',
    ]);
  });

  it('runs from an empty folder, without any script of an installation', async () => {
    const mailserver = join(installed, 'node_modules/.bin/mailserver');
    expect((await run(mailserver, ['--version'])).stdout.trim()).toBe(manifest.version);
    const packages = readdirSync(join(installed, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(packages.sort()).toEqual(['cdktf-mailserver', 'zod']);
  });

  it('says of every package whose code it holds under which licence, and where it comes from', () => {
    const texts = packed('dist/THIRD-PARTY-LICENSES.txt')
      .split(`\n${'='.repeat(80)}\n\n`)
      .slice(1);
    const listed = texts.map((text) => /^(\S+) (\S+)\nLicence: (\S.*)\n\n\S[\s\S]{200,}/.exec(text)?.slice(1, 4));
    const bill = JSON.parse(packed('dist/sbom.cdx.json'));
    const components = bill.components.map((each: Component) => [
      each.group ? `${each.group}/${each.name}` : each.name,
      each.version,
      each.licenses.map(({ license }) => license.id).join(),
    ]);
    expect(listed).toEqual(expect.arrayContaining(components));
    expect(components).toHaveLength(listed.length);
    for (const { purl, hashes } of bill.components as Component[]) {
      expect(purl).toMatch(/^pkg:npm\/(%40[\w.-]+\/)?[\w.-]+@\d+\.\d+\.\d+/);
      expect(hashes).toEqual([{ alg: 'SHA-512', content: expect.stringMatching(/^[0-9a-f]{128}$/) }]);
    }
    // Seen from the sources: nothing that they import is missing.
    const names = new Set(components.map(([name]: [string]) => name));
    expect(importedBySources().filter((name) => !names.has(name))).toEqual([]);
  });

  it('synthesises next to the packages of the user, and its provider reaches for a host by SSH', async () => {
    for (const peer of ['cdktf', 'constructs'])
      symlinkSync(join(root, 'node_modules', peer), join(installed, 'node_modules', peer));
    writeFileSync(join(installed, 'main.js'), PROGRAM);
    writeFileSync(join(installed, 'terraformrc'), '');
    writeFileSync(join(installed, 'key'), utils.generateKeyPairSync('ed25519').private, { mode: 0o600 });
    const folder = { cwd: installed, env: { HOME: place, TF_CLI_CONFIG_FILE: join(installed, 'terraformrc') } };
    await run(process.execPath, ['--preserve-symlinks', 'main.js'], folder);
    const stack = { ...folder, cwd: join(installed, 'cdktf.out/stacks/mail') };
    await run('terraform', ['init', '-input=false'], stack);
    const { stdout } = await run('terraform', ['plan', '-input=false', '-no-color'], stack);
    expect(stdout).toContain('cannot reach 127.0.0.1:1: connection refused');
  }, 60_000);
});
