/**
 * Root file systems of the lab's machines and the package folder they install from: built from the Debian mirrors that the
 * host's own apt uses, kept in a cache that all labs share.
 */
export { ensureImages, type Images, imagesIn } from './ensure';
export { ensureHostTools } from './host-tools';
export { hasCloudInit, type ImageName, imageNames, loginOf } from './recipes';
