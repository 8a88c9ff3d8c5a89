import { run } from '../system';

/** One archive as this host's apt has it configured. */
interface Target {
  readonly uri: string;
  readonly release: string;
  readonly component: string;
  readonly signedBy?: string;
}

/** Fields of `apt-get indextargets --format`, tab-separated. An unset field prints its own name. */
const format = ['$(REPO_URI)', '$(RELEASE)', '$(COMPONENT)', '$(SIGNED_BY)'].join('\t');
const codenames = ['bullseye', 'bookworm', 'trixie', 'forky', 'sid', 'stable', 'testing', 'unstable', 'oldstable'];
const defaultKeyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * Lines of sources.list for a release of Debian, from the mirrors that this host's apt uses.
 * @throws when this host has no Debian mirror configured.
 */
export async function debianSources(suite: string): Promise<readonly string[]> {
  const targets = await run('apt-get', ['indextargets', '--format', format, 'Created-By: Packages']);
  return sourcesFrom(targets.stdout, suite);
}

/** As `debianSources`, from what `apt-get indextargets` printed. */
export function sourcesFrom(indexTargets: string, suite: string): readonly string[] {
  const targets = indexTargets.split('\n').flatMap(parseTarget);
  const at = (release: (name: string) => string) =>
    targets.filter((target) => target.component === 'main' && codenames.some((name) => target.release === release(name)));
  const [archives, updates, security] = [at((n) => n), at((n) => `${n}-updates`), at((n) => `${n}-security`)];
  // Others use Debian's code names for their releases too, but only Debian's archive has updates next to them.
  const archive = archives.find((one) => updates.some((other) => other.uri === one.uri)) ?? archives[0];
  if (!archive) {
    throw new Error(
      'the lab takes Debian packages from the mirror that apt uses here, but apt has no Debian mirror configured; ' +
        'use a Debian machine, or add a mirror of Debian with component main to /etc/apt/sources.list.d',
    );
  }
  const line = (target: Target, release: string) =>
    `deb [signed-by=${target.signedBy ?? defaultKeyring}] ${target.uri} ${release} main`;
  return [
    line(archive, suite),
    ...updates.slice(0, 1).map((target) => line(target, `${suite}-updates`)),
    ...security.slice(0, 1).map((target) => line(target, `${suite}-security`)),
  ];
}

function parseTarget(line: string): Target[] {
  const [uri, release, component, signedBy] = line
    .split('\t')
    .map((field) => (field.startsWith('$(') ? undefined : field.trim()));
  return uri && release && component ? [{ uri, release, component, signedBy: signedBy || undefined }] : [];
}
