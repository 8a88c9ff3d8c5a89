import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultCacheDir } from '../../lab';
import { ensureImages } from '../../lab/images';
import layer from '../../lab/images/scripts/layer.sh';
import { checkPreconditions, run } from '../../lab/system';

/**
 * Builds a layer where `/dev` and the package folder are a namespace's own, so that a build that reaches for them harms nobody.
 * arguments: FOLDER LOWER PACKAGE_DIR SCRIPT CUSTOMIZE
 */
const guarded = `
folder=$1 lower=$2 package_dir=$3 script=$4 customize=$5
mount -t tmpfs tmpfs /dev
mknod -m 666 /dev/null c 1 3
ln -s /proc/self/fd /dev/fd
mkdir "$folder"/{packages,upper,work}
mount -t overlay overlay -o "lowerdir=$package_dir,upperdir=$folder/upper,workdir=$folder/work" "$folder/packages"
before=$(ls "$folder/packages" | wc -l)
code=0
unshare --mount --propagation=private --pid --fork --kill-child --mount-proc \\
  bash -c "$script" layer.sh "$folder/target" "$lower" "$folder/packages" acl "$customize" >/dev/null 2>&1 || code=$?
echo "exit $code, devices: $(ls /dev | xargs), packages gone: $((before - $(ls "$folder/packages" | wc -l)))"
echo "left: $(ls "$folder" | xargs)"`;

let folder: string;
let layers: readonly string[];
let packageDir: string;

beforeAll(async () => {
  await checkPreconditions();
  const images = await ensureImages(defaultCacheDir(), ['debian-13'], () => undefined);
  [layers, packageDir] = [images.layersOf('debian-13'), images.packageDir];
  folder = await mkdtemp(join(tmpdir(), 'mailserver-layer-'));
});
afterAll(() => folder && rm(folder, { recursive: true, force: true }));

test.each([
  ['leaves a process behind that keeps its devices busy', 'sleep 1000 <>/dev/null >&0 2>&1 &', 0],
  ['removes all devices and fails', 'rm -rf /dev/* || true; exit 3', 3],
])(
  'a build that %s harms nothing outside of the image',
  async (_, customize, code) => {
    const own = await mkdtemp(join(folder, 'case-'));
    const how = ['--mount', '--propagation=private', 'bash', '-ec', guarded, 'guarded', own, layers.join(':'), packageDir];
    const { stdout } = await run('unshare', [...how, layer, customize], { timeout: 900_000 });
    expect(stdout.trim().split('\n')).toEqual([
      `exit ${code}, devices: fd null, packages gone: 0`,
      'left: packages target upper work',
    ]);
  },
  240_000,
);
