import type { DesiredState } from '../../host/desired-state';
import type { HostView } from '../../host/host-view';
import { viewOfDesired } from '../../host/view';
import type { RoleSettings } from '../../role/settings';
import type { Attribute } from '../framework/attributes';
import { isObject, isWhollyKnown, type TerraformObject, type TerraformValue, UNKNOWN } from '../framework/values';
import { roleAttributes, viewNames } from './attributes';

/** How the role is rendered; `placeholder` stands for whatever about the machine is not known yet. */
export type Render = (settings: RoleSettings, placeholder: string) => DesiredState;

/**
 * One way in which unknown values may turn out. What is the same in every world does not depend on them and can be promised
 * in the plan; looking for a placeholder in the result alone would miss values that are hashed, folded or left out.
 */
interface World {
  readonly placeholder: string;
  /** Optional values that are unknown turn out to be absent. */
  readonly absent: boolean;
}

const worlds: readonly World[] = [
  { placeholder: 'unknown-4f7a19', absent: false },
  { placeholder: 'not-yet-known-c83e5d02', absent: false },
  { placeholder: 'unknown-4f7a19', absent: true },
];

const nothingKnown: TerraformObject = Object.fromEntries(viewNames.map((name) => [name, UNKNOWN]));

/**
 * What the host will look like, as far as it can be said before apply. `settings` may hold unknown strings anywhere; with an
 * unknown list, map, number or switch nothing can be promised. Errors of the role are thrown only when all settings are known.
 */
export function plannedView(settings: Readonly<Record<string, unknown>>, render: Render): TerraformObject {
  if (isWhollyKnown(settings)) {
    const views = worlds.slice(0, 2).map(({ placeholder }) => viewOfDesired(render(settings as RoleSettings, placeholder)));
    return commonView(views);
  }
  const variants = worlds.map((world) => ({ world, settings: settle(settings, roleAttributes, world) }));
  if (variants.some((variant) => !isWhollyKnown(variant.settings))) return nothingKnown;
  try {
    return commonView(
      variants.map((variant) => viewOfDesired(render(variant.settings as RoleSettings, variant.world.placeholder))),
    );
  } catch {
    // A placeholder is not an address, no name: a rule of the role may stumble over it, and will look again at the real value.
    return nothingKnown;
  }
}

/** Replaces unknown strings as a world has it; unknown values of other types stay. */
function settle(value: unknown, attributes: readonly Attribute[], world: World): Record<string, unknown> {
  const members = attributes.flatMap(({ property, type, mode }): [string, unknown][] => {
    const member = (value as Record<string, unknown>)[property];
    if (member === undefined) return [];
    if (member !== UNKNOWN) return [[property, settleMember(member, type, world)]];
    if (type.kind !== 'string') return [[property, member]];
    return world.absent && mode === 'optional' ? [] : [[property, world.placeholder]];
  });
  return Object.fromEntries(members);
}

function settleMember(value: unknown, type: Attribute['type'], world: World): unknown {
  if (value === UNKNOWN) return type.kind === 'string' ? world.placeholder : value;
  if (type.kind === 'list' && Array.isArray(value)) return value.map((element) => settleMember(element, type.element, world));
  if (type.kind === 'object') return settle(value, type.attributes, world);
  if (type.kind !== 'map' || !isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, settleMember(element, type.element, world)]));
}

function commonView(views: readonly HostView[]): TerraformObject {
  return Object.fromEntries(viewNames.map((name) => [name, commonMap(views.map((view) => view[name]))]));
}

/** Entries that agree are known, others unknown; where not even the keys agree, the whole map is. */
function commonMap(maps: readonly Readonly<Record<string, string>>[]): TerraformValue {
  const [first = {}, ...others] = maps;
  const keys = Object.keys(first);
  const sameKeys = others.every(
    (other) => Object.keys(other).length === keys.length && keys.every((key) => Object.hasOwn(other, key)),
  );
  if (!sameKeys) return UNKNOWN;
  return Object.fromEntries(
    keys.map((key) => [key, others.every((other) => other[key] === first[key]) ? (first[key] ?? '') : UNKNOWN]),
  );
}
