import cloudInit from './scripts/cloud-init.sh';
import world from './scripts/world.sh';

/** Images a machine can be booted from. */
export const imageNames = ['debian-13', 'debian-12', 'world'] as const;
export type ImageName = (typeof imageNames)[number];

/** The user that public keys are installed for: `admin` on the images of AWS instances, `root` on `world`. */
export function loginOf(image: ImageName): string {
  return image === 'world' ? 'root' : 'admin';
}

/** Whether the image has cloud-init; on others the machine's keys are written directly and user data has no effect. */
export function hasCloudInit(image: ImageName): boolean {
  return image === 'debian-13';
}

/** A root file system made from the mirrors. */
export interface CoreRecipe {
  readonly kind: 'core';
  readonly name: string;
  readonly suite: string;
  /** User with sudo without password. Default: cloud-init makes it. */
  readonly login?: string;
  readonly packages: readonly string[];
}

/** What a script and packages of the package folder change in the image below. */
export interface LayerRecipe {
  readonly kind: 'layer';
  readonly name: string;
  readonly below: CoreRecipe;
  readonly packages: readonly string[];
  /** Bash script, run in the image after the packages are installed. */
  readonly customize: string;
}

export type Recipe = CoreRecipe | LayerRecipe;

const corePackages = [
  'adduser',
  'ca-certificates',
  'dbus',
  'e2fsprogs',
  'init',
  'iproute2',
  'less',
  'libpam-systemd',
  'mount',
  'openssh-server',
  'passwd',
  'procps',
  'python3-minimal',
  'sudo',
  'systemd',
  'systemd-sysv',
  'tzdata',
];

/** The release of the mail role, and of the package folder. */
export const suite = 'trixie';

const trixie: CoreRecipe = { kind: 'core', name: 'trixie', suite, packages: corePackages };

const recipes: Readonly<Record<ImageName, Recipe>> = {
  'debian-13': { kind: 'layer', name: 'debian-13', below: trixie, packages: ['cloud-init'], customize: cloudInit },
  'debian-12': { kind: 'core', name: 'debian-12', suite: 'bookworm', login: 'admin', packages: corePackages },
  world: {
    kind: 'layer',
    name: 'world',
    below: trixie,
    packages: [
      'bind9-dnsutils',
      'dnsdist',
      'libauthen-sasl-perl',
      'libio-socket-inet6-perl',
      'libnet-dns-perl',
      'libnet-ssleay-perl',
      'nsd',
      'openssl',
      'postfix',
      'postfix-pcre',
      'postfix-policyd-spf-python',
      'python3-dnspython',
      'ssl-cert',
      'swaks',
      'unbound',
    ],
    customize: world,
  },
};

export function recipeOf(image: ImageName): Recipe {
  return recipes[image];
}

/** What mail hosts install, without Recommends; everything these depend on comes along. */
const mailPackages = [
  'acl',
  'amavisd-new',
  '7zip',
  'arj',
  'bzip2',
  'cabextract',
  'clamav-daemon',
  'clamav-freshclam',
  'clamav-testfiles',
  'clamdscan',
  'cpio',
  'cron',
  'curl',
  'gnupg',
  'iproute2',
  'libarchive-tools',
  'libfile-libmagic-perl',
  'libmail-spf-perl',
  'libsasl2-modules',
  'logrotate',
  'lzop',
  'nftables',
  'nodejs',
  'opendkim',
  'opendkim-tools',
  'openssl',
  'policyd-weight',
  'postfix',
  'postfix-cdb',
  'postfix-lmdb',
  'postfix-pcre',
  'postgrey',
  'python3',
  'python3-milter',
  'rsync',
  'rsyslog',
  'sasl2-bin',
  'spamassassin',
  'ssl-cert',
  'unbound',
  'unzip',
];

/** Names of what the package folder is built for, sorted. */
export function packageFolderContents(): readonly string[] {
  const layers = Object.values(recipes).flatMap((recipe) => (recipe.kind === 'layer' ? recipe.packages : []));
  return [...new Set([...corePackages, ...layers, ...mailPackages])].sort();
}
