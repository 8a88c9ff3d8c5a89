import { statSync } from 'node:fs';
import type { RoleSettings } from '../settings';
import type { MapContents, MapsFromFiles } from './contents';
import { MAP_NAMES, type MapName } from './names';
import { type ReadMap, readMap } from './read-map';

/** All map files of some settings. */
export interface ReadMaps {
  readonly maps: MapsFromFiles;
  readonly problems: readonly { readonly name: MapName; readonly problems: readonly string[] }[];
}

/**
 * Reads all map files of some settings.
 *
 * @param files path by map; what is not text, such as a value that is not known yet, is passed over
 * @param settings what entries are judged by; absent, for some of it is not known yet: they are judged later
 * @param locate where a path is on this machine. Default: relative to the working directory.
 */
export function readMaps(
  files: Readonly<Partial<Record<MapName, unknown>>>,
  settings: RoleSettings | undefined,
  locate: (path: string) => string = (path) => path,
): ReadMaps {
  const read = MAP_NAMES.flatMap((name) => {
    const path = files[name];
    return typeof path === 'string' ? [{ name, ...readOnce(name, locate(path), path, settings) }] : [];
  });
  const maps = read.flatMap(({ name, contents }): (readonly [MapName, MapContents])[] => (contents ? [[name, contents]] : []));
  return { maps: Object.fromEntries(maps), problems: read.filter(({ problems }) => problems.length > 0) };
}

/** Another text for another content. */
function version(path: string): string {
  try {
    const { ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return [ino, size, mtimeNs, ctimeNs].join(' ');
  } catch {
    return 'unreadable';
  }
}

/** Terraform plans and applies in one process, and the program reads a file for more than one construct. */
const before = new Map<string, ReadMap>();

function readOnce(name: MapName, source: string, shown: string, settings: RoleSettings | undefined): ReadMap {
  const { heloName, domains, mainCf } = settings ?? {};
  const key = JSON.stringify([name, source, shown, version(source), settings ? [heloName, domains, mainCf] : null]);
  const read = before.get(key) ?? readMap(name, source, settings, shown);
  before.set(key, read);
  return read;
}
