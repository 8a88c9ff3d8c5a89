import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fixedPublicKey } from '../support/keys';

const root = resolve(__dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blocks = (language: string) =>
  [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, name, text]) => (name === language && text ? [text] : []));

describe('what a newcomer copies from the README', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'mailserver-readme-'));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const [example = '', program = ''] = blocks('ts');
    const [before, after] = program.split('// … the example\n');
    writeFileSync(
      join(folder, 'main.ts'),
      `${before}${example}${after}`
        .replace(/'ssh-ed25519 AAAA…'/, `'${fixedPublicKey}'`)
        .replace(`'cdktf-mailserver'`, `'${join(root, 'lib')}'`),
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const node = (...args: string[]) =>
    execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8', env: { ...process.env, CDKTF_OUTDIR: folder } });

  test('compiles as it is written', () => {
    const files = [join(folder, 'main.ts'), join(root, 'types/text-modules.d.ts')];
    const compilerOptions = { noEmit: true, rootDir: '/', typeRoots: [join(root, 'node_modules/@types')], types: ['node'] };
    const config = { extends: join(root, 'tsconfig.json'), files, include: [], compilerOptions };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    expect(node('node_modules/typescript/bin/tsc', '-p', folder)).toBe('');
  }, 60_000);

  test('synthesises to one mail host with its name, its zone and its role', () => {
    const [install = ''] = blocks('sh').filter((text) => text.includes('cdktf.json'));
    const { app } = JSON.parse(/echo '(.*)' > cdktf\.json/.exec(install)?.[1] ?? '') as { app: string };
    expect(app).toMatch(/^node --import \S+ main\.ts$/);
    node(...app.split(' ').slice(1, -1), join(folder, 'main.ts'));
    const { resource } = JSON.parse(readFileSync(join(folder, 'stacks/mail/cdk.tf.json'), 'utf8'));
    const [role] = Object.values(resource.mailserver_role);
    expect(role).toMatchObject({ helo_name: 'mail.example.com', antivirus: true });
    expect(Object.keys(resource)).toEqual(expect.arrayContaining(['aws_instance', 'aws_eip_domain_name', 'aws_route53_record']));
  }, 60_000);

  test('has every package that its commands call', () => {
    const install = blocks('sh').join('');
    for (const [command, name] of [
      ['npx cdktf', 'cdktf-cli'],
      ['--import tsx', 'tsx'],
    ] as const) {
      expect(readme).toContain(command);
      expect(install).toMatch(new RegExp(`^npm install .*\\b${name}\\b`, 'm'));
    }
  });
});
