/** What the authors of the packages in the bundles ask for: their licence texts go where their code goes. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const HEAD = `Third-party licences

The scripts of this package hold code of the packages below. Each is listed with its version, its licence as its
authors name it, and their text.
`;

/** What a package may call the file: LICENSE, License.md, LICENCE-MIT, COPYING, UNLICENSE; a NOTICE has to be passed on too. */
const TEXT = /^(un)?licen[cs]e([-._].*)?$|^copying([-._].*)?$|^notice([-._].*)?$/i;

/**
 * @param {string} root folder of this package
 * @param {readonly import('./bundled-packages.mjs').BundledPackage[]} packages
 * @returns {string} one text with all of them
 * @throws when a package has no licence text, and none stands in scripts/licenses for it
 */
export function licenseTexts(root, packages) {
  return [HEAD, ...packages.map((each) => entry(root, each))].join(`\n${'='.repeat(80)}\n\n`);
}

function entry(root, { name, version, folder, manifest }) {
  const texts = textsOf(root, name, folder);
  if (texts.length === 0) throw new Error(missing(name, version, folder));
  return `${name} ${version}\nLicence: ${manifest.license ?? 'see its text'}\n\n${texts.join('\n\n')}\n`;
}

function textsOf(root, name, folder) {
  const own = readdirSync(join(root, folder), { withFileTypes: true })
    .filter((file) => file.isFile() && TEXT.test(file.name))
    .map((file) => join(root, folder, file.name))
    .sort();
  const added = join(root, replacement(name));
  const files = own.length === 0 && existsSync(added) ? [added] : own;
  return files.map((file) => readFileSync(file, 'utf8').replaceAll('\r\n', '\n').trim()).filter(Boolean);
}

/** The text for a package that comes without one. */
const replacement = (name) => `scripts/licenses/${name.replace('/', '+')}.txt`;

const missing = (name, version, folder) =>
  `${name} ${version} is in the bundles and has no licence text in ${folder}: put what its authors publish into ${replacement(name)}, or do without the package`;
