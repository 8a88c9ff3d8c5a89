/** Images a machine can be booted from. */
export const imageNames = ['debian-13', 'debian-12', 'world'] as const;
export type ImageName = (typeof imageNames)[number];

/** The user that public keys are installed for: `admin` on the images of AWS instances, `root` on `world`. */
export function loginOf(image: ImageName): string {
  return image === 'world' ? 'root' : 'admin';
}
