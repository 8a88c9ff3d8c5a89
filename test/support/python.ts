import { existsSync } from 'node:fs';

const ON_THE_HOST = '/usr/bin/python3';

/** What runs the Python programs of the role: as their first line says, so that no wrapper in PATH is started for each of them. */
export const hostPython = existsSync(ON_THE_HOST) ? ON_THE_HOST : 'python3';
