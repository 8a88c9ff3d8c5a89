import cloudInit from './scripts/cloud-init.sh';
import mail from './scripts/mail.sh';
import world from './scripts/world.sh';

/** Images a machine can be booted from. `debian-13-mail` is `debian-13` with the packages of the mail role. */
export const imageNames = ['debian-13', 'debian-13-mail', 'debian-12', 'world'] as const;
export type ImageName = (typeof imageNames)[number];

/** The user that public keys are installed for: `admin` on the images of AWS instances, `root` on `world`. */
export function loginOf(image: ImageName): string {
  return image === 'world' ? 'root' : 'admin';
}

/** Whether the image has cloud-init; on others the machine's keys are written directly and user data has no effect. */
export function hasCloudInit(image: ImageName): boolean {
  return image === 'debian-13' || image === 'debian-13-mail';
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
  readonly below: Recipe;
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

/** What the mail role installs, whatever its settings are. */
export const rolePackages: readonly string[] = [
  '7zip',
  'amavisd-new',
  'ca-certificates',
  'clamav-daemon',
  'clamav-freshclam',
  'gnupg',
  'iproute2',
  'libarchive-tools',
  'libfile-libmagic-perl',
  'libmail-spf-perl',
  'libsasl2-modules',
  'nftables',
  'opendkim',
  'openssl',
  'policyd-weight',
  'postfix',
  'postfix-cdb',
  'postfix-lmdb',
  'postfix-pcre',
  'postgrey',
  'python3',
  'python3-dnspython',
  'python3-milter',
  'sasl2-bin',
  'spamassassin',
  'sudo',
];

/** What tests install next to it, without Recommends; everything all of these depend on comes along. */
const testPackages = [
  'acl',
  'arj',
  'bzip2',
  'cabextract',
  'clamav-testfiles',
  'clamdscan',
  'cpio',
  'cron',
  'curl',
  'logrotate',
  'lzop',
  'nodejs',
  'opendkim-tools',
  'rsync',
  'rsyslog',
  'ssl-cert',
  'unbound',
  'unzip',
];

const debian13: LayerRecipe = { kind: 'layer', name: 'debian-13', below: trixie, packages: ['cloud-init'], customize: cloudInit };

const recipes: Readonly<Record<ImageName, Recipe>> = {
  'debian-13': debian13,
  'debian-13-mail': { kind: 'layer', name: 'debian-13-mail', below: debian13, packages: rolePackages, customize: mail },
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

/** Names of what the package folder is built for, sorted. */
export function packageFolderContents(): readonly string[] {
  const layers = Object.values(recipes).flatMap((recipe) => (recipe.kind === 'layer' ? recipe.packages : []));
  return [...new Set([...corePackages, ...layers, ...testPackages])].sort();
}
