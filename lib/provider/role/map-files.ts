import { describeList } from '../../host/lists/describe';
import { readMaps } from '../../map-files/read-maps';
import { type MapsFromFiles, unreadMaps } from '../../role/map-files/contents';
import { MAP_FILES, MAP_NAMES } from '../../role/map-files/names';
import { MAIL_DIRECTORY } from '../../role/paths';
import type { RoleSettings } from '../../role/settings';
import type { Diagnostic } from '../framework/diagnostics';
import { attributeSteps } from '../framework/diagnostics';
import { attributeName } from '../framework/names';
import { isObject, isWhollyKnown, type TerraformObject } from '../framework/values';
import { roleAttributes } from './attributes';
import type { RoleLogic, RoleResourceParts } from './role-logic';

/** The map files of a configuration, read and judged; what is known after apply only is left out. */
export function mapFilesOf(settings: Readonly<Record<string, unknown>>): {
  readonly maps: MapsFromFiles;
  readonly diagnostics: readonly Diagnostic[];
} {
  const { heloName, domains, mainCf, mapFiles } = settings;
  if (!isObject(mapFiles)) return { maps: {}, diagnostics: [] };
  const isKnown = isWhollyKnown([heloName, domains, mainCf]);
  const { maps, problems } = readMaps(mapFiles, isKnown ? (settings as RoleSettings) : undefined);
  const diagnostics = problems.map(({ name, problems: lines }): Diagnostic => {
    const where = `map_files.${attributeName(name)}`;
    return {
      severity: 'error',
      summary: lines.length === 1 ? `${where}: ${lines[0]}` : `${where}: entries of the file are wrong`,
      detail: lines.length === 1 ? `${where}: ${lines[0]}` : lines.join('\n'),
      attribute: attributeSteps(['mapFiles', name], roleAttributes),
    };
  });
  return { maps, diagnostics };
}

/** Files that are not what the plan was made of. */
export function changedSincePlan({ files }: TerraformObject, maps: MapsFromFiles): readonly Diagnostic[] {
  return MAP_NAMES.flatMap((name): readonly Diagnostic[] => {
    const contents = maps[name];
    const planned = isObject(files) ? files[`${MAIL_DIRECTORY}/${MAP_FILES[name]}`] : undefined;
    if (contents === undefined || typeof planned !== 'string' || planned === describeList(contents)) return [];
    return [
      {
        severity: 'error',
        summary: `map_files.${attributeName(name)}: ${contents.source} changed since the plan was made`,
        detail: `Nothing was changed. Planned: ${planned}; now there are ${describeList(contents)}. Make a new plan and look at it.`,
        attribute: attributeSteps(['mapFiles', name], roleAttributes),
      },
    ];
  });
}

/** The parts of a plan or an apply for which these map files were read. */
export function withMaps(parts: RoleResourceParts, maps: MapsFromFiles): RoleResourceParts {
  const renderRole: RoleLogic['renderRole'] = (settings, capacity) =>
    parts.role.renderRole(settings, capacity, { ...unreadMaps(settings.mapFiles), ...maps });
  return { ...parts, role: { ...parts.role, renderRole } };
}
