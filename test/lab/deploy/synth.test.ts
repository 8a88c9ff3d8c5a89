import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, synthesise } from '../../../lab/deploy/synth';

describe('the program to deploy', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'program-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const lab = () => ({ name: 'lab', stateDir: join(folder, 'state'), cacheDir: '/nowhere' });
  const environment = () => ({ ...process.env, OUT: join(folder, 'state/cdktf.out') }) as Record<string, string>;
  const synth = (stacks: string[], wanted?: string) => {
    const manifest = JSON.stringify({
      stacks: Object.fromEntries(stacks.map((name) => [name, { name, workingDirectory: `stacks/${name}` }])),
    });
    const app = `mkdir -p "$OUT" && echo '${manifest}' >"$OUT/manifest.json"`;
    return synthesise(lab(), { dir: folder, app }, environment(), wanted);
  };

  it('is that of the named folder', async () => {
    await mkdir(join(folder, 'mine'));
    await writeFile(join(folder, 'mine/cdktf.json'), '{"app": "node main.js"}');
    expect(await findProgram('mine', folder)).toEqual({ dir: join(folder, 'mine'), app: 'node main.js' });
  });

  it('is that of the current folder before the example', async () => {
    await writeFile(join(folder, 'cdktf.json'), '{"app": "true"}');
    expect(await findProgram(undefined, folder)).toMatchObject({ dir: folder });
  });

  it('is the example of the package at last', async () => {
    expect((await findProgram(undefined, folder)).app).toContain('stacks/main.ts');
  });

  it('is missed in a named folder without one', async () => {
    await expect(findProgram('.', folder)).rejects.toThrow(/no cdktf\.json in .*--app/);
  });

  it('may have several stacks, of which one is named', async () => {
    expect(await synth(['mail', 'other'], 'other')).toEqual({ name: 'other', dir: join(folder, 'state/cdktf.out/stacks/other') });
    await expect(synth(['mail', 'other'])).rejects.toThrow(/several stacks; name one of these with --stack: mail, other/);
    await expect(synth(['mail'], 'nix')).rejects.toThrow(/no stack "nix"/);
  });

  it('fails with what it says itself', async () => {
    const app = 'echo "heloName is wrong" >&2; exit 1';
    await expect(synthesise(lab(), { dir: folder, app }, environment())).rejects.toThrow(/synth failed .*\nheloName is wrong/);
  });
});
