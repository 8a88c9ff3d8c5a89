import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DesiredState } from '../../lib/host/desired-state';
import { capacityOf } from '../../lib/role/capacity';
import { renderRole } from '../../lib/role/render';
import { roleSettings } from '../../lib/role/settings';
import { type Setup, setups } from './setups';

/** `npm run golden` writes these files; a reviewer reads the difference. */
const GOLDEN = join(__dirname, 'golden');

describe.each(Object.entries(setups))('the host of %s', (name, setup) => {
  const rendered = kept(setup);
  const folder = join(GOLDEN, name);
  if (process.env.UPDATE_GOLDEN) write(folder, rendered);

  it.each(Object.keys(rendered))('has the reviewed %s', (path) => {
    expect(rendered[path]).toBe(readFileSync(join(folder, path), 'utf8'));
  });

  it('has no other files than the reviewed ones', () => {
    expect(Object.keys(rendered).sort()).toEqual(walk(folder).sort());
  });
});

test('one setup has every property', () => {
  expect(Object.keys(setups.everything?.settings ?? {}).sort()).toEqual(Object.keys(roleSettings.shape).sort());
});

/** The files of a setup, without those that are the same in the one it is compared with. */
function kept(setup: Setup): Record<string, string> {
  const files = filesOf(setup);
  const other = setups[setup.comparedWith ?? ''];
  if (!other) return files;
  const same = filesOf(other);
  return Object.fromEntries(Object.entries(files).filter(([path, content]) => same[path] !== content));
}

function filesOf({ settings, cores, memoryMiB }: Setup): Record<string, string> {
  return goldenFiles(renderRole(roleSettings.parse(settings), capacityOf(cores, memoryMiB, settings.antivirus ?? false)));
}

/** Every configuration file at its path, and one page with all the rest. Programs are left out: they are files of their own. */
function goldenFiles(state: DesiredState): Record<string, string> {
  const files: Record<string, string> = { 'host.txt': overview(state) };
  for (const { path, content, mode } of [...state.files, ...state.seeds])
    if (mode !== '0755' && !/\.(py|pl)$|postfix-parameters/.test(path)) files[path.slice(1)] = content;
  return files;
}

function overview(state: DesiredState): string {
  const owned = (entry: { path: string; owner: string; group: string; mode: string }) =>
    `${entry.mode} ${`${entry.owner}:${entry.group}`.padEnd(12)} ${entry.path}`;
  const sections: Record<string, readonly string[]> = {
    volume: state.volume ? [`${state.volume.volumeId} on ${state.volume.mountPoint}`, ...state.volume.directories] : [],
    groups: state.groups.map((group) => group.name),
    users: state.users.map((user) => `${user.name} in ${user.groups.join(', ')}${user.fromPackage ? ' (of a package)' : ''}`),
    packages: state.packages,
    'absent packages': state.absentPackages,
    directories: state.directories.map(owned),
    files: state.files.map(owned),
    'created once': state.seeds.map(owned),
    validators: state.validators.map((validator) => `${validator.name}: ${validator.command}`),
    derived: state.derived.map((derived) => `${derived.name}: ${derived.build}`),
    services: state.services.map((service) =>
      [
        `${service.unit} ${service.state}`,
        ...restarts('restart', service.restartOn),
        ...restarts('reload', service.reloadOn),
      ].join('; '),
    ),
    probes: state.probes.map((probe) => `${probe.name} (${probe.timeoutSeconds} s): ${probe.command}`),
  };
  return Object.entries(sections)
    .map(([title, entries]) => [`${title}:`, ...entries.map((entry) => `  ${entry}`), ''].join('\n'))
    .join('\n');
}

function restarts(verb: string, on: readonly string[]): string[] {
  return on.length > 0 ? [`${verb} on ${on.join(', ')}`] : [];
}

function walk(folder: string, prefix = ''): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? walk(path, `${prefix}${name}/`) : [`${prefix}${name}`];
  });
}

function write(folder: string, files: Record<string, string>): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}
