import { existsSync, readFileSync } from 'node:fs';
import { installedFile } from '../../lib/installer/installed-file';
import { packageInfo } from '../../lib/installer/package-info';

test('a file of a package is found where that is installed', () => {
  expect(JSON.parse(readFileSync(installedFile('cdktf/package.json'), 'utf8')).name).toBe('cdktf');
});

test('this package finds itself', () => {
  const { root, version } = packageInfo();
  expect(existsSync(`${root}/lib/index.ts`)).toBe(true);
  expect(version).toMatch(/^\d+\.\d+\.\d+$/);
});

test('a package that is not installed is an error that says what a bundled program needs', () => {
  expect(() => installedFile('not-installed/package.json')).toThrow(
    /^not-installed\/package\.json is in no node_modules of .*\/lib\/installer or above; a program that is bundled .* install them/,
  );
});
