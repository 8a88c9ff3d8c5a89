/**
 * How much mail a host may take in at once. The figures are texts because at plan time they may be unknown, and a text
 * flows through rendering as it is.
 */
export interface Capacity {
  /** amavis children, and for this reason also `smtpd` processes on port 25: every one of them needs a filter (R5). */
  readonly workers: string;
  /** `smtpd_client_connection_count_limit`: connections that one client may hold at once. */
  readonly connectionsPerClient: string;
}

/** Below this a virus scanner with the official signatures has no room: a machine sold with 3 GiB reports a little less. */
const ANTIVIRUS_MINIMUM_MIB = 2800;

/** Kernel, journal, sshd, Postfix and the policy services. */
const BASE_MIB = 450;

/** `clamd` with the official signatures, measured at rest; a reload does not double it (`ConcurrentDatabaseReload no`). */
const CLAMD_MIB = 1500;

/** One more amavis child: 40 MiB of its own after small mails (measured), more while it unpacks a large one; the rest is shared. */
const WORKER_MIB = 100;

/**
 * A mail needs a processor for a quarter of a second, and its connection two: it waits for DNS for the rest, where answers take as
 * long as on the internet (`bench/load`). So many at once keep a core busy; more would only wait for it.
 */
const WORKERS_PER_CORE = 8;

const MINIMUM_WORKERS = 2;

/**
 * The capacity of a machine. `memoryMiB` is what the system reports as total.
 *
 * @throws Error when `antivirus` is wanted on a machine below 3 GiB
 */
export function capacityOf(cores: number, memoryMiB: number, antivirus: boolean): Capacity {
  if (antivirus && memoryMiB < ANTIVIRUS_MINIMUM_MIB) {
    throw new Error(
      `antivirus needs 3 GiB of memory, this host has ${memoryMiB} MiB: the virus signatures alone take more than 1 GiB. ` +
        'Take an instance type with more memory (e.g. t3.medium), or set antivirus to false',
    );
  }
  const room = Math.floor((memoryMiB - BASE_MIB - (antivirus ? CLAMD_MIB : 0)) / WORKER_MIB);
  const workers = Math.max(MINIMUM_WORKERS, Math.min(cores * WORKERS_PER_CORE, room));
  return { workers: String(workers), connectionsPerClient: String(Math.max(1, Math.floor(workers / 2))) };
}

/** Stands in for the capacity of a host that is not there yet: every figure is the sentinel. */
export function unknownCapacity(sentinel: string): Capacity {
  return { workers: sentinel, connectionsPerClient: sentinel };
}
