import type { OnStep } from '../system';
import type { ImageName } from './recipes';

/** What is in the cache after `ensureImages`. */
export interface Images {
  /** Folders of the image for an overlay, the uppermost first. */
  layersOf(image: ImageName): readonly string[];
  /** Flat package folder, in machines at /srv/apt. */
  readonly packageDir: string;
}

/**
 * Builds what the cache lacks of the wanted images and of the package folder. Safe when several labs do it at once. Installs the
 * host's tools too (`ensureHostTools`).
 * @param cacheDir `Lab.cacheDir`.
 * @throws CommandError with the end of the build's log.
 */
export async function ensureImages(_cacheDir: string, _wanted: readonly ImageName[], _onStep: OnStep): Promise<Images> {
  throw new Error('not built yet');
}
