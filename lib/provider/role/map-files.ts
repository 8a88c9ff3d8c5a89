import { describeList } from '../../host/lists/describe';
import { type MapsFromFiles, unreadMaps } from '../../role/map-files/contents';
import { MAP_FILES, MAP_NAMES, type MapName } from '../../role/map-files/names';
import { readMaps } from '../../role/map-files/read-maps';
import { MAIL_DIRECTORY } from '../../role/paths';
import type { RoleSettings } from '../../role/settings';
import type { Diagnostic } from '../framework/diagnostics';
import { attributeSteps } from '../framework/diagnostics';
import { attributeName } from '../framework/names';
import { isObject, isWhollyKnown, type TerraformObject } from '../framework/values';
import { roleAttributes } from './attributes';
import type { RoleLogic, RoleResourceParts } from './role-logic';

/**
 * The map files of a configuration, read and judged; what is known after apply only is left out.
 *
 * @param made what each of them had in it when the configuration was made, by its attribute (`map_contents`)
 */
export function mapFilesOf(
  settings: Readonly<Record<string, unknown>>,
  made: unknown,
): { readonly maps: MapsFromFiles; readonly diagnostics: readonly Diagnostic[] } {
  const { heloName, domains, mainCf, mapFiles } = settings;
  if (!isObject(mapFiles)) return { maps: {}, diagnostics: [] };
  const isKnown = isWhollyKnown([heloName, domains, mainCf]);
  const { maps, problems } = readMaps(mapFiles, isKnown ? (settings as RoleSettings) : undefined);
  const before = (name: string) => {
    const text = isObject(made) ? made[attributeName(name)] : undefined;
    return typeof text === 'string' ? text : undefined;
  };
  const unusable = problems.map(({ name, problems: lines }) => {
    const what = lines.length === 1 ? `${lines[0]}` : 'entries of the file are wrong';
    const detail = [...(lines.length === 1 ? [] : lines), ...(before(name) ? [`${since(before(name))}.`, advice] : [])];
    return problem(name, what, detail);
  });
  const changed = MAP_NAMES.flatMap((name) => {
    const contents = maps[name];
    const known = before(name);
    if (contents === undefined || known === undefined || known === describeList(contents)) return [];
    return [problem(name, `${contents.source} changed`, [`${since(known)}; now it has ${describeList(contents)}.`, advice])];
  });
  return { maps, diagnostics: [...unusable, ...changed] };
}

const since = (known = '') => `When the stack was synthesised, the file had ${known}`;
const advice =
  'Nothing was changed on the mail host. Plan again: "cdktf diff" and "cdktf deploy" read the file anew, and show its changed lines.';

function problem(name: MapName, what: string, detail: readonly string[]): Diagnostic {
  const summary = `map_files.${attributeName(name)}: ${what}`;
  return {
    severity: 'error',
    summary,
    detail: detail.length === 0 ? summary : detail.join('\n'),
    attribute: attributeSteps(['mapFiles', name], roleAttributes),
  };
}

/** Files that are not what the plan was made of. */
export function changedSincePlan({ files }: TerraformObject, maps: MapsFromFiles): readonly Diagnostic[] {
  return MAP_NAMES.flatMap((name): readonly Diagnostic[] => {
    const contents = maps[name];
    const planned = isObject(files) ? files[`${MAIL_DIRECTORY}/${MAP_FILES[name]}`] : undefined;
    if (contents === undefined || typeof planned !== 'string' || planned === describeList(contents)) return [];
    const detail = `Nothing was changed on the mail host. Planned: ${planned}; now it has ${describeList(contents)}. Make a new plan and look at it.`;
    return [problem(name, `${contents.source} changed since the plan was made`, [detail])];
  });
}

/** The parts of a plan or an apply for which these map files were read. */
export function withMaps(parts: RoleResourceParts, maps: MapsFromFiles): RoleResourceParts {
  const renderRole: RoleLogic['renderRole'] = (settings, capacity) =>
    parts.role.renderRole(settings, capacity, { ...unreadMaps(settings.mapFiles), ...maps });
  return { ...parts, role: { ...parts.role, renderRole } };
}
