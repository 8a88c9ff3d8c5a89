import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, LocalBackend, S3Backend, TerraformOutput, TerraformStack, Testing } from 'cdktf';
import { MailserverProvider } from '../../../lib';

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'kept-state-'));
const outdir = join(folder, 'cdktf.out');
afterEach(() => rmSync(outdir, { recursive: true, force: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Synthesises stacks with these backends; what was warned of. */
function synth(...stacks: readonly (readonly [id: string, backend?: (stack: TerraformStack) => void])[]): string {
  const app = Testing.stubVersion(new App({ outdir, stackTraces: false }));
  for (const [id, backend] of stacks) {
    const stack = new TerraformStack(app, id);
    new MailserverProvider(stack, 'provider');
    new TerraformOutput(stack, 'name', { value: id });
    backend?.(stack);
  }
  app.synth();
  const { stacks: made } = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8'));
  return Object.values(made as Record<string, { annotations: { message: string }[] }>)
    .flatMap(({ annotations }) => annotations.map(({ message }) => message))
    .join();
}

const local = (path?: string) => (stack: TerraformStack) => void new LocalBackend(stack, path === undefined ? {} : { path });
const state = (count: number) => JSON.stringify({ version: 4, resources: Array(count).fill({ mode: 'managed' }) });
function put(path: string, text: string): void {
  mkdirSync(join(outdir, 'stacks', path, '..'), { recursive: true });
  writeFileSync(join(outdir, 'stacks', path), text);
}

describe('a state inside the folder that cdktf writes to', () => {
  test.each(['terraform.tfstate', './state/mail.tfstate', '../mail.tfstate', join(outdir, 'mail.tfstate')])(
    'is warned of, with the way out: %s',
    (path) => {
      expect(synth(['mail', local(path)])).toMatch(
        /^Terraform's state is kept in .*\.tfstate, a folder that cdktf deletes .* Leave out the path of its LocalBackend \(the state is then terraform\.mail\.tfstate .*npx cdktf deploy --migrate-state/,
      );
    },
  );

  test.each<[string, ((stack: TerraformStack) => void) | undefined]>([
    ['where no backend is named', undefined],
    ['where no path is named', local()],
    ['next to the folder', local('../../../state/mail.tfstate')],
    ['at a path of its own', local(join(folder, 'mail.tfstate'))],
    ['in a folder whose name only begins the same', local(`${outdir}.state/mail.tfstate`)],
    ['elsewhere', (stack) => void new S3Backend(stack, { bucket: 'b', key: 'k' })],
  ])('is not one %s', (_, backend) => expect(synth(['mail', backend])).toBe(''));
});

describe('the state of a stack that the program no longer has', () => {
  test.each(['mail/terraform.tfstate', 'mail/terraform.tfstate.d/trial/terraform.tfstate'])(
    'is not given to cdktf to delete: %s',
    (path) => {
      put(path, state(9));
      expect(() => synth(['post'])).toThrow(
        /is the state of the stack 'mail', which this program does not have \(post\): cdktf would delete it now, .* 9 resources\. If the stack was renamed, move the state/,
      );
      expect(existsSync(join(outdir, 'stacks', path))).toBe(true);
    },
  );

  test('is kept, too, where it cannot be read', () => {
    put('mail/terraform.tfstate', '{"version": 4, "resour');
    expect(() => synth(['post'])).toThrow("is the state of the stack 'mail'");
  });

  test('is nothing to keep where nothing is in it, or the stack is still there', () => {
    put('mail/terraform.tfstate', state(0));
    put('empty/cdk.tf.json', '{}');
    synth(['post']);
    put('post/terraform.tfstate', state(3));
    synth(['post'], ['other']);
  });
});

test('the way out takes the state along', () => {
  const terraform = (...args: string[]) =>
    execFileSync('terraform', [...args, '-no-color'], {
      cwd: join(outdir, 'stacks/mail'),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, HOME: folder, CHECKPOINT_DISABLE: '1', TF_CLI_CONFIG_FILE: join(folder, 'none') },
    });
  writeFileSync(join(folder, 'none'), '');
  synth(['mail', local('terraform.tfstate')]);
  terraform('init');
  terraform('apply', '-auto-approve');
  synth(['mail', local(join(folder, 'kept.tfstate'))]);
  expect(() => terraform('init', '-input=false')).toThrow(/migrate-state/);
  terraform('init', '-migrate-state', '-force-copy');
  expect(terraform('output', '-raw', 'name')).toBe('mail');
  expect(JSON.parse(readFileSync(join(folder, 'kept.tfstate'), 'utf8')).outputs.name.value).toBe('mail');
});
