import type { DesiredState } from './desired-state';
import type { Manifest } from './host-facts';

/** What is managed once the desired state is in place. */
export function manifestOf(desired: DesiredState): Manifest {
  return {
    files: [...desired.files, ...(desired.lists ?? [])].map((file) => file.path).sort(),
    directories: desired.directories.map((directory) => directory.path).sort(),
    units: desired.services.map((service) => service.unit).sort(),
  };
}

/** The form it is kept in: one `file PATH`, `directory PATH` or `unit NAME` a line, so that `sh` reads it too. */
export function formatManifest(manifest: Manifest): string {
  const lines = [
    ...manifest.files.map((path) => `file ${path}`),
    ...manifest.directories.map((path) => `directory ${path}`),
    ...manifest.units.map((unit) => `unit ${unit}`),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** Reads {@link formatManifest}'s form; lines of another version are ignored. */
export function parseManifest(text: string): Manifest {
  const lines = text.split('\n');
  const of = (word: string) => lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  return { files: of('file'), directories: of('directory'), units: of('unit') };
}

export function sameManifest(one: Manifest, other: Manifest): boolean {
  const sorted = (manifest: Manifest) =>
    formatManifest({
      files: [...manifest.files].sort(),
      directories: [...manifest.directories].sort(),
      units: [...manifest.units].sort(),
    });
  return sorted(one) === sorted(other);
}
