import type { DesiredState } from '../../host/desired-state';
import type { HostFacts } from '../../host/host-facts';
import { showFile } from '../../host/view';
import { harmlessLines } from '../../text/harmless';
import { isObject, type TerraformObject, type TerraformValue } from '../framework/values';

/**
 * The files of the service users stand in the state next to the managed ones, as the last refresh saw them. They are never
 * planned to be another; but when the stack takes one over, the plan can show what is lost, line by line, and when it gives one
 * back, that nothing is.
 */
export function serviceFiles(facts: HostFacts, { seeds }: DesiredState): Readonly<Record<string, string>> {
  return Object.fromEntries(
    seeds.flatMap(({ path }) => {
      const live = facts.files[path];
      return live ? [[path, harmlessLines(showFile(live), live.content.length)]] : [];
    }),
  );
}

/**
 * `files` of a plan or a new state, which holds managed files only, with the service users' files of `before` that are still
 * theirs: by `createdOnce`, the attribute of the same plan or state.
 */
export function keepServiceFiles(
  files: TerraformValue,
  createdOnce: TerraformValue,
  before: TerraformValue | undefined,
): TerraformValue {
  if (!isObject(files) || !isObject(createdOnce) || !isObject(before)) return files;
  const kept = Object.keys(createdOnce).filter((path) => Object.hasOwn(before, path));
  const all: TerraformObject = { ...files, ...Object.fromEntries(kept.map((path) => [path, before[path] ?? null])) };
  return Object.fromEntries(Object.entries(all).sort(([one], [other]) => (one < other ? -1 : 1)));
}
