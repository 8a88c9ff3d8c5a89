import { commandLine } from '../../lab/command-line';
import { defaultStateDir } from '../../lab/state-folder';

test.each([
  ['lab', undefined, 'npx mailserver lab down'],
  ['second', undefined, 'npx mailserver lab down --name second'],
  ['lab', '/srv/lab', 'npx mailserver lab down --state /srv/lab'],
  ['second', '/srv/lab', 'npx mailserver lab down --name second --state /srv/lab'],
])('a hint for lab %s in %s names that lab', (name, folder, line) => {
  expect(commandLine({ name, stateDir: folder ?? defaultStateDir(name) }, 'down')).toBe(line);
});
