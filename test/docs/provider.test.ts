import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { providerPages } from './provider-pages';

const folder = join(__dirname, '../../docs/provider');
const pages = providerPages();

/** `npm run golden` writes the pages. */
if (process.env.UPDATE_GOLDEN) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(pages)) writeFileSync(join(folder, name), text);
}

test.each(Object.entries(pages))(
  'docs/provider/%s is what the schema of the provider says; else run npm run golden',
  (name, text) => {
    expect(readFileSync(join(folder, name), 'utf8')).toBe(text);
  },
);

test('there are no pages of what the provider does not have', () => {
  expect(readdirSync(folder).sort()).toEqual(Object.keys(pages).sort());
});

test('every attribute that can be set has a description', () => {
  const bare = Object.values(pages).flatMap((text) => text.split('\n').filter((line) => /^- `[^`]+` \([^)]*\)$/.test(line)));
  expect(bare).toEqual([]);
});
