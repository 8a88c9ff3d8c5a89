import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { TerraformAsset, Token } from 'cdktf';
import type { IConstruct } from 'constructs';
import { describeList } from '../../host/lists/describe';
import { attributeName } from '../../provider/framework/names';
import type { MapsFromFiles } from '../../role/map-files/contents';
import { MAP_NAMES, type MapName } from '../../role/map-files/names';
import { readMaps } from '../../role/map-files/read-maps';
import type { RoleSettings } from '../../role/settings';
import { settingsInvalid } from '../synth/errors';
import { hasToken } from '../synth/tokens';

/** Settings as they are at synth, where tokens may stand for values. */
type Settings = { readonly [K in 'heloName' | 'domains' | 'mainCf' | 'mapFiles']?: unknown };

/**
 * Reads and judges the map files of a program, as far as their paths are known.
 *
 * @throws MailServerInputError naming each line that breaks a rule
 */
export function readMapFiles(scope: IConstruct, settings: Settings): MapsFromFiles {
  const { heloName, domains, mainCf } = settings;
  const judged = [heloName, domains, mainCf].some(hasToken) ? undefined : (settings as RoleSettings);
  const { maps, problems } = readMaps(knownFiles(settings.mapFiles), judged, (path) => locate(scope, path));
  if (problems.length > 0) {
    const lines = problems.flatMap(({ name, problems: told }) => told.map((problem) => `mapFiles.${name}: ${problem}`));
    throw settingsInvalid(scope, lines);
  }
  return maps;
}

/**
 * What the map files of a program have in them, by the name of the attribute: whoever plans or applies the stack refuses others. Without
 * it a file that changes between plan and apply would be a plan that Terraform calls inconsistent.
 */
export function describeMaps(maps: MapsFromFiles): Readonly<Record<string, string>> | undefined {
  const entries = Object.entries(maps).map(([name, contents]) => [attributeName(name), describeList(contents)] as const);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/**
 * The map files with their paths in the synthesised stack, into which they are copied: it can be deployed from another folder or
 * machine. The path stays the same when the content changes, so that plans show only that.
 */
export function placeMapFiles(scope: IConstruct, mapFiles: unknown): unknown {
  const placed = Object.entries(knownFiles(mapFiles)).map(([name, path]) => {
    const asset = new TerraformAsset(scope, `mapFiles-${name}`, { path: resolve(locate(scope, path)), assetHash: 'current' });
    return [name, asset.path];
  });
  return placed.length === 0 ? mapFiles : { ...(mapFiles as object), ...Object.fromEntries(placed) };
}

function knownFiles(mapFiles: unknown): Partial<Record<MapName, string>> {
  if (typeof mapFiles !== 'object' || mapFiles === null || Token.isUnresolved(mapFiles)) return {};
  const entries = MAP_NAMES.flatMap((name): [MapName, string][] => {
    const path: unknown = Reflect.get(mapFiles, name);
    return typeof path === 'string' && !Token.isUnresolved(path) ? [[name, path]] : [];
  });
  return Object.fromEntries(entries);
}

/** As all assets of cdktf: relative to the folder of cdktf.json, without one to the working directory. */
function locate(scope: IConstruct, path: string): string {
  if (isAbsolute(path)) return path;
  const known: unknown = scope.node.tryGetContext('cdktfJsonPath');
  const file = typeof known === 'string' ? known : fileAbove(process.cwd());
  return file === undefined ? path : resolve(dirname(file), path);
}

function fileAbove(folder: string): string | undefined {
  const file = join(folder, 'cdktf.json');
  if (existsSync(file)) return file;
  const parent = dirname(folder);
  return parent === folder ? undefined : fileAbove(parent);
}
