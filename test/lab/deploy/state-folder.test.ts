import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimStateDir, defaultStateDir, readRecord, removeStateDir, writeRecord } from '../../../lab/model/state-folder';
import type { Lab } from '../../../lab/system';

describe('the state folder of a lab', () => {
  let folder: string;
  let lab: Lab;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'state-'));
    lab = { name: 'lab', stateDir: join(folder, 'state'), cacheDir: join(folder, 'cache') };
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is made, found again, and removed with everything in it', async () => {
    await claimStateDir(lab);
    await writeRecord(lab, { program: '/program' });
    expect(await claimStateDir(lab)).toMatchObject({ name: 'lab', cacheDir: lab.cacheDir, program: '/program' });
    await removeStateDir(lab);
    expect(existsSync(lab.stateDir)).toBe(false);
    expect(await readRecord(lab.stateDir)).toBeUndefined();
  });

  it('is not taken from another lab', async () => {
    await claimStateDir(lab);
    await expect(claimStateDir({ ...lab, name: 'other' })).rejects.toThrow('is the state folder of lab "lab", not of "other"');
  });

  it('is not a folder with other files, and none such is removed', async () => {
    await writeFile(join(folder, 'thesis.txt'), '');
    const home = { ...lab, stateDir: folder };
    await expect(claimStateDir(home)).rejects.toThrow(/has other files in it/);
    await removeStateDir(home);
    expect(existsSync(join(folder, 'thesis.txt'))).toBe(true);
  });

  it('is below the user’s state by default', () => {
    expect(defaultStateDir('two', { XDG_STATE_HOME: '/s' })).toBe('/s/cdktf-mailserver/two');
  });
});
