import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { whileAlone } from '../../../lab/deploy/alone';
import { outputDir, outputDirOf } from '../../../lab/deploy/output-folder';

const folder = mkdtempSync(join(tmpdir(), 'output-folder-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('every program in a lab has a folder that cdktf may clear, and the first keeps the usual one', async () => {
  const lab = { name: 'lab', stateDir: join(folder, 'lab'), cacheDir: '/nowhere' };
  const [first, second, third] = await Promise.all(['/a', '/a', '/a'].map((program) => outputDirOf(lab, program)));
  expect([first, second, third]).toEqual(Array(3).fill(outputDir(lab)));
  const other = await outputDirOf(lab, '/b');
  expect(other).toMatch(/lab\/programs\/[0-9a-f]{12}\/cdktf\.out$/);
  expect(await outputDirOf(lab, '/b')).toBe(other);
  expect(await outputDirOf(lab, '/c')).not.toBe(other);
  expect(await outputDirOf(lab)).toBe(outputDir(lab));
});

describe('commands in one folder', () => {
  const out = join(folder, 'program/cdktf.out');

  test('take turns, and the one that waits says for whom', async () => {
    const order: string[] = [];
    const told: number[] = [];
    let release = () => {};
    const first = whileAlone(
      out,
      () => undefined,
      async () => {
        order.push('first begins');
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        order.push('first ends');
      },
    );
    const second = whileAlone(
      out,
      (pid) => {
        told.push(pid);
        release();
      },
      async () => void order.push('second'),
    );
    await Promise.all([first, second]);
    expect(order).toEqual(['first begins', 'first ends', 'second']);
    expect(told).toEqual([process.pid]);
    expect(existsSync(`${out}.lock`)).toBe(false);
  });

  test('do not wait for one that is dead', async () => {
    writeFileSync(`${out}.lock`, '999999999');
    expect(
      await whileAlone(
        out,
        () => undefined,
        async () => readFileSync(`${out}.lock`, 'utf8'),
      ),
    ).toBe(String(process.pid));
  });

  test('let go when they fail', async () => {
    await expect(
      whileAlone(
        out,
        () => undefined,
        () => Promise.reject(new Error('no')),
      ),
    ).rejects.toThrow('no');
    expect(existsSync(`${out}.lock`)).toBe(false);
  });
});
