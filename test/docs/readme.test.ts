import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fixedPublicKey } from '../support/keys';
import { installPacked, pack } from '../support/packed-package';

const root = resolve(__dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blocks = (language: string) =>
  [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, name, text]) => (name === language && text ? [text] : []));

describe('what a newcomer copies from the README', () => {
  let place: string;
  let folder: string;
  beforeAll(async () => {
    place = mkdtempSync(join(tmpdir(), 'mailserver-readme-'));
    folder = join(place, 'mail');
    await installPacked(await pack(join(place, 'sources')), folder);
    // The other packages of the README's line are what this package is developed with.
    for (const part of ['node_modules', 'node_modules/.bin'])
      for (const name of readdirSync(join(root, part)))
        if (!existsSync(join(folder, part, name))) symlinkSync(join(root, part, name), join(folder, part, name));
    const [example = '', program = ''] = blocks('ts');
    const [before, after] = program.split('// … the example\n');
    writeFileSync(join(folder, 'main.ts'), `${before}${example}${after}`.replace(/'ssh-ed25519 AAAA…'/, `'${fixedPublicKey}'`));
  }, 300_000);
  const app = () => {
    const [, settings = ''] = /> cdktf\.json <<'END'\n([\s\S]*?)^END$/m.exec(readme) ?? [];
    return (JSON.parse(settings) as { app: string }).app;
  };
  const shell = (command: string) => spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' });
  afterAll(() => rmSync(place, { recursive: true, force: true }));

  test('compiles as it is written', () => {
    const compilerOptions = {
      noEmit: true,
      strict: true,
      target: 'ES2022',
      module: 'Node16',
      skipLibCheck: true,
      types: ['node'],
    };
    const config = { files: [join(folder, 'main.ts')], compilerOptions };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const tsc = ['node_modules/typescript/bin/tsc', '-p', join(folder, 'tsconfig.json')];
    expect(execFileSync(process.execPath, tsc, { cwd: root, encoding: 'utf8' })).toBe('');
  }, 60_000);

  test('synthesises to one mail host with its name, its zone and its role', () => {
    const { status, stdout, stderr } = shell(app());
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
    const { resource } = JSON.parse(readFileSync(join(folder, 'cdktf.out/stacks/mail/cdk.tf.json'), 'utf8'));
    const [role] = Object.values(resource.mailserver_role);
    expect(role).toMatchObject({ helo_name: 'mail.example.com', antivirus: true });
    expect(Object.keys(resource)).toEqual(
      expect.arrayContaining(['aws_instance', 'mailserver_reverse_name', 'aws_route53_record']),
    );
  }, 60_000);

  test.each([
    ['built into one file', () => app().replaceAll('main.ts', 'wrong.ts')],
    ['run by tsx', () => 'node --import tsx wrong.ts'],
  ])(
    'says what is wrong with a name within a screen, %s',
    (_, command) => {
      const program = readFileSync(join(folder, 'main.ts'), 'utf8');
      writeFileSync(join(folder, 'wrong.ts'), program.replace("'mail.example.com'", "'mail_1.example.com'"));
      const { status, stderr } = shell(command());
      expect(status).not.toBe(0);
      expect(stderr).toMatch(
        /^MailServerInputError: heloName: 'mail_1\.example\.com' is not a HELO name: .* \(at mail\/mail\)$/m,
      );
      expect(stderr.length).toBeLessThan(80 * 25);
    },
    60_000,
  );

  test('has every package that its commands call', () => {
    const install = blocks('sh').join('');
    for (const [command, name] of [
      ['npx cdktf', 'cdktf-cli'],
      ['node_modules/.bin/esbuild', 'esbuild'],
    ] as const) {
      expect(readme).toContain(command);
      expect(install).toMatch(new RegExp(`^npm install .*\\b${name}\\b`, 'm'));
    }
  });
});
