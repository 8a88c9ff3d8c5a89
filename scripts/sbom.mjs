/** A software bill of materials (CycloneDX 1.6, JSON) of what is in the package. */
import { createRequire } from 'node:module';

const { Contrib, Enums, Models, Serialize, Spec } = createRequire(import.meta.url)('@cyclonedx/cyclonedx-library');

const references = new Contrib.FromNodePackageJson.Factories.ExternalReferenceFactory();
const builder = new Contrib.FromNodePackageJson.Builders.ComponentBuilder(
  references,
  new Contrib.License.Factories.LicenseFactory(),
);

/**
 * Says nothing of when or where it was made, so that the same sources give the same bytes.
 * @param {Record<string, unknown>} own package.json of this package
 * @param {readonly import('./bundled-packages.mjs').BundledPackage[]} packages in the bundles
 * @param {{ packages: Record<string, { integrity?: string }> }} lock package-lock.json: hashes of what was installed
 * @returns {string}
 */
export function sbom(own, packages, lock) {
  const bom = new Models.Bom();
  bom.metadata.component = component(own, Enums.ComponentType.Library);
  for (const each of packages) {
    const part = component(each.manifest, Enums.ComponentType.Library);
    const [algorithm, digest] = lock.packages[each.folder]?.integrity?.split('-') ?? [];
    if (algorithm !== 'sha512') throw new Error(`package-lock.json has no SHA-512 of ${each.folder}`);
    part.hashes.set(Enums.HashAlgorithm['SHA-512'], Buffer.from(digest, 'base64').toString('hex'));
    part.scope = Enums.ComponentScope.Required;
    bom.components.add(part);
    bom.metadata.component.dependencies.add(part.bomRef);
  }
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function component(manifest, type) {
  const made = builder.makeComponent(manifest, type);
  const [name, version] = [manifest.name, manifest.version].map(encodeURIComponent);
  // A scope is a part of the path.
  made.purl = `pkg:npm/${name.replace('%2F', '/')}@${version}`;
  made.bomRef.value = made.purl;
  return made;
}
