import { access, readFile } from 'node:fs/promises';

/** This machine cannot run the lab; the message is one sentence that says why and what to use instead. */
export class UnsupportedMachineError extends Error {
  override readonly name = 'UnsupportedMachineError';
}

/** What is known about a machine before anything is tried on it. */
export interface MachineTraits {
  /** As `process.platform`. */
  readonly platform: string;
  readonly uid: number | undefined;
  readonly hasApt: boolean;
  /** Contents of /proc/filesystems, /proc/self/status and /proc/self/mountinfo. */
  readonly filesystems: string;
  readonly status: string;
  readonly mounts: string;
}

/** capabilities(7). */
const needed = { CAP_NET_ADMIN: 12n, CAP_SYS_ADMIN: 21n, CAP_MKNOD: 27n } as const;
const instead = 'use a Debian machine or virtual machine as root';

/** @throws UnsupportedMachineError unless this is a Debian machine, root, with overlayfs, namespaces and cgroup2. */
export async function checkPreconditions(): Promise<void> {
  const read = (path: string) => readFile(path, 'utf8').catch(() => '');
  const problem = unsupportedBecause({
    platform: process.platform,
    uid: process.getuid?.(),
    hasApt: await access('/usr/bin/apt-get').then(
      () => true,
      () => false,
    ),
    filesystems: await read('/proc/filesystems'),
    status: await read('/proc/self/status'),
    mounts: await read('/proc/self/mountinfo'),
  });
  if (problem) throw new UnsupportedMachineError(problem);
}

/** One sentence, or undefined when the lab can run. */
export function unsupportedBecause(traits: MachineTraits): string | undefined {
  if (traits.platform !== 'linux') {
    const system = { darwin: 'macOS', win32: 'Windows' }[traits.platform] ?? traits.platform;
    const where = traits.platform === 'win32' ? 'in WSL 2 or in a virtual machine' : 'in a virtual machine';
    return `the lab boots real Debian machines with namespaces of the Linux kernel, which ${system} has not: run it on Debian 12 or newer ${where}`;
  }
  if (traits.uid !== 0) {
    return `the lab makes network namespaces, mounts and machines, which only root may: run the same command with sudo, or ${instead}`;
  }
  const missing = missingCapabilities(traits.status);
  if (missing.length > 0) {
    return `root lacks ${missing.join(', ')} here, as in an unprivileged container: ${instead}, or a container started with --privileged`;
  }
  if (!/\toverlay$/m.test(traits.filesystems))
    return `this kernel has no overlayfs, which the machines' disks are made of: ${instead}`;
  if (!/ - cgroup2 /.test(traits.mounts)) {
    return `no cgroup2 file system is mounted here, which the machines are kept together with: mount one on /sys/fs/cgroup, or ${instead}`;
  }
  if (!traits.hasApt) return `the lab takes Debian packages from the mirror that apt uses, and there is no apt here: ${instead}`;
  return undefined;
}

function missingCapabilities(status: string): string[] {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  return Object.entries(needed).flatMap(([name, bit]) => (effective & (1n << bit) ? [] : name));
}
