/** Names of processor architectures as Debian writes them. */
export type Architecture = 'amd64' | 'arm64';

/** What an instance type says about its processor: the architecture, or why it says nothing usable. */
export type ArchitectureOfType = { readonly architecture: Architecture } | { readonly problem: string };

/**
 * The architecture of an EC2 instance type, from its name: a `g` among the letters after the generation means AWS Graviton
 * (`t4g`, `c7gn`, `im4gn`), and `a1` was the first of them.
 */
export function architectureOf(instanceType: string): ArchitectureOfType {
  const parts = partsOf(instanceType);
  if (!parts) return { problem: 'it is not of the form family.size, e.g. c7i-flex.large' };
  const [, family = '', generation = '', attributes = ''] = parts;
  if (family === 'mac') return { problem: 'Debian does not run on Mac instances' };
  const graviton = (family === 'a' && generation === '1') || /^[a-z]*g/.test(attributes);
  return { architecture: graviton ? 'arm64' : 'amd64' };
}

/**
 * Whether the name leaves no doubt: Graviton is always named, and so are Intel (`i`) and AMD (`a`) since the sixth generation;
 * before that, what is not named is Intel.
 */
export function isArchitectureSure(instanceType: string): boolean {
  const [, family = '', generation = '', attributes = ''] = partsOf(instanceType) ?? [];
  if (family === '') return false;
  return family === 'a' || /^[a-z]*[gia]/.test(attributes) || (/^[cmrt]$/.test(family) && Number(generation) < 6);
}

function partsOf(instanceType: string): RegExpExecArray | null {
  return /^([a-z]+(?:-[a-z0-9]+)?)(\d*)([a-z0-9-]*)\.([a-z0-9-]+)$/.exec(instanceType);
}
