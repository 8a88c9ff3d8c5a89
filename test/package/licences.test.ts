import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const root = resolve(__dirname, '../..');

/** A function of a build script: an ECMAScript module, which jest does not load, so it runs in a process of its own. */
function call<Result>(script: string, name: string, ...args: unknown[]): Result {
  const program = `import { ${name} } from ${JSON.stringify(join(root, 'scripts', script))};
    const { args } = JSON.parse(await new Response(process.stdin).text());
    console.log(JSON.stringify(await ${name}(...args) ?? null));`;
  const input = JSON.stringify({ args });
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: root,
    input,
    encoding: 'utf8',
    stdio: 'pipe',
  });
  return JSON.parse(output);
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailserver-licences-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes files below the folder; gives their paths. */
function files(contents: Readonly<Record<string, string>>): string[] {
  for (const [path, text] of Object.entries(contents)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return Object.keys(contents);
}

const manifest = (name: string, version = '1.0.0', more: object = {}) =>
  JSON.stringify({ name, version, license: 'MIT', ...more });
interface Found {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
  readonly manifest: { readonly license?: string };
}
const found = (paths: readonly string[]) => call<Found[]>('bundled-packages.mjs', 'bundledPackages', folder, paths);
const texts = (paths: readonly string[]) => call<string>('license-texts.mjs', 'licenseTexts', folder, found(paths));

describe('the packages of a bundle', () => {
  it('are those that its files are of: with a scope, inside another one, each once', () => {
    files({
      'node_modules/plain/package.json': manifest('plain'),
      'node_modules/@a/scoped/package.json': manifest('@a/scoped', '2.0.0'),
      'node_modules/plain/node_modules/inner/package.json': manifest('inner', '3.0.0'),
      'node_modules/inner/package.json': manifest('inner', '4.0.0'),
      // Of a part of a package that is loaded by itself.
      'node_modules/plain/mini/package.json': '{ "type": "module" }',
    });
    const paths = [
      'lib/index.ts',
      'lazy-binding:@cdktf/provider-aws/lib/eip',
      'node_modules/plain/index.js',
      'node_modules/plain/mini/index.js',
      'node_modules/@a/scoped/lib/index.js',
      'node_modules/plain/node_modules/inner/index.js',
      'node_modules/inner/index.js',
    ];
    expect(found(paths).map(({ name, version, folder }) => [name, version, folder])).toEqual([
      ['@a/scoped', '2.0.0', 'node_modules/@a/scoped'],
      ['inner', '3.0.0', 'node_modules/plain/node_modules/inner'],
      ['inner', '4.0.0', 'node_modules/inner'],
      ['plain', '1.0.0', 'node_modules/plain'],
    ]);
  });

  it.each([
    [{ license: 'ISC' }, 'ISC'],
    [{ license: { type: 'MIT' } }, 'MIT'],
    [{ license: undefined, licenses: [{ type: 'MIT' }] }, 'MIT'],
    [{ license: undefined, licenses: [{ type: 'MIT' }, { type: 'GPL-2.0' }] }, '(MIT OR GPL-2.0)'],
    [{ license: undefined }, undefined],
  ])('have the licence that package.json names, in each form that it may have: %j', (more, expected) => {
    files({ 'node_modules/a/package.json': manifest('a', '1.0.0', more) });
    expect(found(['node_modules/a/index.js'])[0]?.manifest.license).toBe(expected);
  });
});

describe('licence texts', () => {
  it.each(['LICENSE', 'license', 'LICENCE.md', 'License-MIT.txt', 'COPYING', 'UNLICENSE'])(
    'are found in a file called %s, and a NOTICE with them',
    (name) => {
      files({
        'node_modules/a/package.json': manifest('a'),
        [`node_modules/a/${name}`]: 'Do as\r\nyou like',
        'node_modules/a/NOTICE': 'By us',
      });
      const text = texts(['node_modules/a/index.js']);
      expect(text).toContain('a 1.0.0\nLicence: MIT\n\n');
      expect(text).toContain('Do as\nyou like');
      expect(text).toContain('By us');
    },
  );

  it('may be added for a package that has none', () => {
    files({ 'node_modules/@s/a/package.json': manifest('@s/a'), 'scripts/licenses/@s+a.txt': 'As its authors say' });
    expect(texts(['node_modules/@s/a/index.js'])).toContain('@s/a 1.0.0\nLicence: MIT\n\nAs its authors say\n');
  });

  it.each([
    ['none', {}],
    ['an empty one', { 'node_modules/a/LICENSE': '\n' }],
    ['one of a part of it only', { 'node_modules/a/lib/LICENSE': 'text' }],
    ['code with such a name', { 'node_modules/a/license/index.js': 'text' }],
  ])('fail the build where a package has %s, and it says what to do', (_, more) => {
    files({ 'node_modules/a/package.json': manifest('a', '1.2.3'), ...more });
    expect(() => texts(['node_modules/a/index.js'])).toThrow(
      /a 1\.2\.3 is in the bundles and has no licence text in node_modules\/a: put what its authors publish into scripts\/licenses\/a\.txt, or do without the package/,
    );
  });
});

describe('the bill of materials', () => {
  it('refuses a package whose hash nobody knows', () => {
    files({ 'node_modules/a/package.json': manifest('a') });
    const own = { name: 'own', version: '1.0.0' };
    expect(() => call('sbom.mjs', 'sbom', own, found(['node_modules/a/index.js']), { packages: {} })).toThrow(
      /package-lock\.json has no SHA-512 of node_modules\/a/,
    );
  });
});
