import type { DesiredState, ManagedFile, ManagedService } from '../host/desired-state';
import type { Capacity } from './capacity';
import type { MapsFromFiles } from './map-files/contents';
import type { RoleSettings } from './settings';

/** What every component is rendered from. */
export interface RoleContext {
  readonly settings: RoleSettings;
  readonly capacity: Capacity;
  /** The maps that come from files, by the names in `mapFiles`. */
  readonly maps: MapsFromFiles;
}

/** A component's share of the host: whatever it leaves out, it has no say in. */
export type ComponentState = Partial<Omit<DesiredState, 'os'>>;

/** One piece of the mail host: a pure function from settings to its share. */
export type Component = (context: RoleContext) => ComponentState;

/** A configuration file of the system: readable by everyone, written by root only. */
export function configFile(path: string, content: string): ManagedFile {
  return { path, content, owner: 'root', group: 'root', mode: '0644' };
}

/** An executable of the role. */
export function executable(path: string, content: string): ManagedFile {
  return { path, content, owner: 'root', group: 'root', mode: '0755' };
}

/** A file that belongs to the service users: created once with this content, theirs from then on (R26). */
export function serviceFile(path: string, content: string): ManagedFile {
  return { path, content, owner: 'root', group: SERVICE_GROUP, mode: '0664' };
}

/** The group of the service users (R20, R26). */
export const SERVICE_GROUP = 'service';

/** A unit that must never run, whatever its package does. */
export function masked(unit: string): ManagedService {
  return { unit, state: 'masked', restartOn: [], reloadOn: [] };
}

/** Joins lines to the content of a file. */
export function lines(...parts: readonly (string | readonly string[])[]): string {
  return `${parts.flat().join('\n')}\n`;
}
