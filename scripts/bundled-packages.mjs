/** The packages that a bundle has code of. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {object} BundledPackage
 * @property {string} name
 * @property {string} version
 * @property {string} folder from the folder of this package, with slashes
 * @property {Record<string, unknown>} manifest its package.json; an SPDX expression is in `license`, also where it has the old form
 */

/**
 * @param {string} root folder of this package
 * @param {readonly string[]} paths files in the bundle, from `root`, as esbuild's metafile has them
 * @returns {BundledPackage[]} in the order of their names and versions, each once
 */
export function bundledPackages(root, paths) {
  const folders = new Set(paths.map(folderOf).filter(Boolean));
  const packages = [...folders].map((folder) => {
    const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const { name, version } = manifest;
    return { name, version, folder, manifest: { ...manifest, license: licenseOf(manifest), licenses: undefined } };
  });
  const id = ({ name, version }) => `${name}@${version}`;
  const once = new Map(packages.map((each) => [id(each), each]));
  return [...once.values()].sort((one, other) => (id(one) < id(other) ? -1 : 1));
}

/** The package that a file belongs to: the innermost folder of node_modules, and a second part where the first is a scope. */
function folderOf(path) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
}

function licenseOf({ license, licenses }) {
  if (typeof license === 'string') return license;
  const listed = [license, licenses]
    .flat()
    .map((each) => each?.type)
    .filter(Boolean);
  return listed.length > 1 ? `(${listed.join(' OR ')})` : listed[0];
}
