import { createHash } from 'node:crypto';
import type { Recipe } from './recipes';
import core from './scripts/core.sh';
import layer from './scripts/layer.sh';
import packages from './scripts/packages.sh';

/** Folder name of an image's layer in the cache: its name and a hash of all that it is made of. */
export function layerKey(recipe: Recipe): string {
  if (recipe.kind === 'core') return `${recipe.name}-${digest([body(core), recipe])}`;
  return `${recipe.name}-${digest([body(layer), recipe.customize, recipe.packages, layerKey(recipe.below)])}`;
}

/** Folder name of the package folder in the cache. */
export function packagesKey(suite: string, names: readonly string[]): string {
  return `packages-${suite}-${digest([body(packages), suite, names])}`;
}

/** The script without its first line: jest takes it away from all it loads, and tests are to use the same images. */
function body(script: string): string {
  return script.replace(/^(#!.*)?\n/, '');
}

function digest(value: unknown): string {
  return createHash('sha256').update(`${process.arch}\n`).update(JSON.stringify(value)).digest('hex').slice(0, 12);
}
