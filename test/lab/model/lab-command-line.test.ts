import { labCommandLine } from '../../../lab/model/lab-command-line';
import { defaultStateDir } from '../../../lab/model/state-folder';

test.each([
  ['lab', undefined, 'npx mailserver lab down'],
  ['second', undefined, 'npx mailserver lab down --name second'],
  ['lab', '/srv/lab', 'npx mailserver lab down --state /srv/lab'],
  ['lab', '/srv/my lab', "npx mailserver lab down --state '/srv/my lab'"],
  ['second', '/srv/lab', 'npx mailserver lab down --name second --state /srv/lab'],
])('a hint for lab %s in %s names that lab', (name, folder, line) => {
  expect(labCommandLine({ name, stateDir: folder ?? defaultStateDir(name) }, 'down')).toBe(line);
});
