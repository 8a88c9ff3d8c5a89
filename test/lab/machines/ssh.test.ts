import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { labKey } from '../../../lab/machines';
import { describeLab } from '../../../lab/system';

const stateDir = mkdtempSync(join(tmpdir(), 'mailserver-key-'));
afterAll(() => rmSync(stateDir, { recursive: true }));

test('the key of a lab is one, however many ask for it at the same time', async () => {
  const lab = describeLab({ name: 'key', stateDir, cacheDir: stateDir });
  const keys = await Promise.all(Array.from({ length: 6 }, () => labKey(lab)));
  const { path, publicKey } = keys[0] as (typeof keys)[number];
  expect(new Set(keys.map((key) => key.publicKey))).toEqual(new Set([publicKey]));
  expect(publicKey).toMatch(/^ssh-ed25519 \S+ lab key$/);
  expect(readFileSync(path, 'utf8')).toContain('PRIVATE KEY');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(dirname(path)).sort()).toEqual(['id_ed25519', 'id_ed25519.pub']);
});
