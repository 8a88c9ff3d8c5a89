import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type OnStep, run, step } from '../system';
import { ensureHostTools } from './host-tools';
import { layerKey, packagesKey } from './keys';
import { withLock } from './lock';
import { type ImageName, packageFolderContents, type Recipe, recipeOf, suite } from './recipes';
import core from './scripts/core.sh';
import layer from './scripts/layer.sh';
import packages from './scripts/packages.sh';
import { debianSources } from './sources';

/** What is in the cache after `ensureImages`. */
export interface Images {
  /** Folders of the image for an overlay, the uppermost first. */
  layersOf(image: ImageName): readonly string[];
  /** Flat package folder, in machines at /srv/apt. */
  readonly packageDir: string;
}

const lockName = 'lock';
/** Begins the names of folders in the making. */
const unfinished = 'building-';
/** Milliseconds: 30 days. A lab uses its images each time it comes up. */
const longUnused = 30 * 24 * 3600 * 1000;

/**
 * Builds what the cache lacks of the wanted images and of the package folder. Safe when several labs do it at once. Installs the
 * host's tools too (`ensureHostTools`).
 * @param cacheDir `Lab.cacheDir`.
 * @throws CommandError with the end of the build's log.
 */
export async function ensureImages(cacheDir: string, wanted: readonly ImageName[], onStep: OnStep): Promise<Images> {
  await ensureHostTools(onStep);
  const images = imagesIn(cacheDir);
  const folders = [images.packageDir, ...wanted.flatMap((image) => images.layersOf(image))];
  if (!folders.every(existsSync)) {
    await mkdir(cacheDir, { recursive: true });
    const wait = (locked: Promise<void>) => step(onStep, 'wait for another lab that builds images', () => locked);
    await withLock(join(cacheDir, lockName), wait, () => new Build(cacheDir, images, onStep).all(wanted));
  }
  await Promise.all(folders.map(markUsed));
  return images;
}

/** Where the images are in the cache, built or not. */
export function imagesIn(cacheDir: string): Images {
  const folders = (recipe: Recipe): string[] => [
    join(cacheDir, layerKey(recipe)),
    ...(recipe.kind === 'layer' ? folders(recipe.below) : []),
  ];
  return {
    packageDir: join(cacheDir, packagesKey(suite, packageFolderContents())),
    layersOf: (image) => folders(recipeOf(image)),
  };
}

/** One run of building; what is independent is built side by side, and each folder once. */
class Build {
  private readonly started = new Map<string, Promise<string>>();

  constructor(
    private readonly cacheDir: string,
    private readonly images: Images,
    private readonly onStep: OnStep,
  ) {}

  async all(wanted: readonly ImageName[]): Promise<void> {
    await this.clean();
    const builds = [this.packages(), ...wanted.map((image) => this.image(image))];
    const failed = (await Promise.allSettled(builds)).find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /** Removes what a crash left in the making, and what no lab has used for long: recipes change, and nobody asks for old ones. */
  private async clean(): Promise<void> {
    for (const name of (await readdir(this.cacheDir)).filter((entry) => entry !== lockName)) {
      const folder = join(this.cacheDir, name);
      const age = Date.now() - (await stat(folder)).mtimeMs;
      if (name.startsWith(unfinished) || age > longUnused) await rm(folder, { recursive: true, force: true });
    }
  }

  private packages(): Promise<string> {
    return this.once(this.images.packageDir, 'download the packages of the mail role', async (target) =>
      this.script('packages.sh', packages, [target, suite, packageFolderContents().join(','), ...(await debianSources(suite))]),
    );
  }

  private image(name: ImageName): Promise<string> {
    return this.recipe(recipeOf(name), this.images.layersOf(name));
  }

  /** @param folders Of the recipe and of all below it. */
  private recipe(recipe: Recipe, [folder = '', ...below]: readonly string[]): Promise<string> {
    const title = `build image ${recipe.name}`;
    const list = recipe.packages.join(',');
    if (recipe.kind === 'core') {
      return this.once(folder, title, async (target) =>
        this.script('core.sh', core, [target, recipe.suite, recipe.login ?? '', list, ...(await debianSources(recipe.suite))]),
      );
    }
    const needs = [this.recipe(recipe.below, below), this.packages()];
    return this.once(
      folder,
      title,
      (target) => this.script('layer.sh', layer, [target, below.join(':'), this.images.packageDir, list, recipe.customize]),
      needs,
    );
  }

  /** Builds next to and renames, so that a folder in the cache is always whole. */
  private once(folder: string, title: string, build: (target: string) => Promise<void>, needs: Promise<string>[] = []) {
    const begun = this.started.get(folder) ?? this.make(folder, title, build, needs);
    this.started.set(folder, begun);
    return begun;
  }

  private async make(folder: string, title: string, build: (target: string) => Promise<void>, needs: Promise<string>[]) {
    await Promise.all(needs);
    if (existsSync(folder)) return folder;
    const target = join(this.cacheDir, `${unfinished}${basename(folder)}`);
    await step(this.onStep, title, () => build(target));
    await rename(target, folder);
    return folder;
  }

  /** In namespaces of its own that end with this process: no process, mount or device outlives a crash. */
  private async script(name: string, text: string, args: readonly string[]): Promise<void> {
    const own = ['unshare', '--mount', '--propagation=private', '--pid', '--fork', '--kill-child', '--mount-proc'];
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await run('setpriv', ['--pdeathsig=KILL', '--', ...own, 'bash', '-c', text, name, ...args], { name, env });
  }
}

/** The time of last use: what is old is removed. */
async function markUsed(folder: string): Promise<void> {
  const now = new Date();
  await utimes(folder, now, now);
}
