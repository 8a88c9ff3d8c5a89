import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

const root = join(__dirname, '../..');

interface Room {
  readonly folder: string;
  readonly mayImport: readonly string[];
}

/** Rows of the table "Rooms" in docs/architecture.md, from top to bottom. */
const rooms: readonly Room[] = readFileSync(join(root, 'docs/architecture.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| `/.test(line))
  .flatMap((line) => {
    const [, folders = '', , imports = ''] = line.split('|');
    const names = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
    const each = [...imports.matchAll(/(all of )?`([^`]+)`/g)].map(([, all, name = '']) => (all ? `${name}/**` : name));
    return names(folders).map((folder) => ({ folder, mayImport: each }));
  });

/** Files that the table is about, with the room each belongs to: that of the longest folder which holds it. */
const roomOf = (file: string): string | undefined =>
  rooms
    .map(({ folder }) => folder)
    .filter((folder) => file.startsWith(`${folder}/`))
    .sort((one, other) => other.length - one.length)[0];

const sources = [
  ...new Set(
    rooms.map(({ folder }) =>
      folder
        .split('/')
        .slice(0, folder.startsWith('test/') ? 2 : 1)
        .join('/'),
    ),
  ),
]
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && /\.(ts|mjs|cjs)$/.test(entry.name) && !/\.test\.ts$/.test(entry.name))
  .map((entry) => relative(root, join(entry.parentPath, entry.name)))
  .filter((file) => !file.includes('node_modules/'));

/** What is imported from another room, types included, by the file that does it. */
const imports = sources
  .flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return [...text.matchAll(/(?:from|import|require)\s*\(?\s*'(\.{1,2}(?:\/[^']*)?)'/g)].map(([, path = '']) => {
      const target = normalize(join(dirname(file), path));
      return { file, from: roomOf(file), target, to: roomOf(`${target}/`) };
    });
  })
  .filter(({ target }) => target !== 'package.json');

const allows = (room: Room | undefined, other: string) =>
  room?.mayImport.some((name) => (name.endsWith('/**') ? `${other}/`.startsWith(name.slice(0, -2)) : name === other)) ?? false;

test('the table of rooms has at most 16 in lib', () => {
  expect(rooms.filter(({ folder }) => folder.startsWith('lib/')).length).toBeLessThanOrEqual(16);
});

test('each source file is in a room of the table', () => {
  expect(sources.length).toBeGreaterThan(500);
  expect(sources.filter((file) => roomOf(file) === undefined)).toEqual([]);
});

test('each room may import only rooms above it in the table, so that there are no circles', () => {
  const upwards = rooms.flatMap(({ folder, mayImport }, row) => {
    const above = new Set(rooms.slice(0, row).map((room) => room.folder));
    const reached = mayImport.flatMap((name) =>
      name.endsWith('/**')
        ? rooms.map((room) => room.folder).filter((other) => allows({ folder, mayImport: [name] }, other))
        : [name],
    );
    return reached.filter((name) => name !== folder && !above.has(name)).map((name) => `${folder} -> ${name}`);
  });
  expect(upwards).toEqual([]);
});

test('no file imports from a room that the table does not allow', () => {
  expect(imports.length).toBeGreaterThan(1000);
  const refused = imports.filter(
    ({ from, to }) =>
      from !== to &&
      !allows(
        rooms.find(({ folder }) => folder === from),
        to ?? '',
      ),
  );
  expect(refused.map(({ file, target }) => `${file} -> ${target}`)).toEqual([]);
});

test('the table allows nothing that no file needs', () => {
  const used = new Set(imports.map(({ from, to }) => `${from} -> ${to}`));
  const unused = rooms.flatMap(({ folder, mayImport }) =>
    mayImport.filter((name) => !name.endsWith('/**') && !used.has(`${folder} -> ${name}`)).map((name) => `${folder} -> ${name}`),
  );
  expect(unused).toEqual([]);
});
