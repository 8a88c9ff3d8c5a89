/** Names of processor architectures as Debian writes them. */
export type Architecture = 'amd64' | 'arm64';

/** What an instance type says about its processor: the architecture, or why it says nothing usable. */
export type ArchitectureOfType = { readonly architecture: Architecture } | { readonly problem: string };

/**
 * The architecture of an EC2 instance type, from its name: a `g` among the letters after the generation means AWS Graviton
 * (`t4g`, `c7gn`, `im4gn`), and `a1` was the first of them.
 */
export function architectureOf(instanceType: string): ArchitectureOfType {
  const parts = /^([a-z]+(?:-[a-z0-9]+)?)(\d*)([a-z0-9-]*)\.([a-z0-9-]+)$/.exec(instanceType);
  if (!parts) return { problem: 'it is not of the form family.size, e.g. t3.medium' };
  const [, family = '', generation = '', attributes = ''] = parts;
  if (family === 'mac') return { problem: 'Debian does not run on Mac instances' };
  const graviton = (family === 'a' && generation === '1') || /^[a-z]*g/.test(attributes);
  return { architecture: graviton ? 'arm64' : 'amd64' };
}
