import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { median } from '../statistics';

/** What a mail host did between two moments. */
export interface Usage {
  /** Of wall clock. */
  readonly seconds: number;
  /** Seconds of CPU of the whole host, and of the filter's processes among them (amavis with SpamAssassin). */
  readonly cpu: number;
  readonly filterCpu: number;
  /** How many cores of this machine were busy on average, whoever kept them so. */
  readonly busyCores: number;
  /** How many of them by something that is not a part of the lab: what is measured next to that is provisional. */
  readonly disturbedCores: number;
  /** Filters that had a mail in hand, on average, and those of them that waited for something else than a core. */
  readonly busyWorkers: number;
  readonly waitingWorkers: number;
  /** Filters that there were most of the time, whether they had a mail or not. */
  readonly workers: number;
}

/** A filter's title while it works on a mail: its number of the mail. */
const WORKING = /amavisd \((ch\d+-)?\d+-\d+(?!\S*-idle)/;

/** Any filter's title: what comes and goes next to it is the master. */
const WORKER = /amavisd \((ch\d|virgin|\d)/;

/** A look at the workers this often, in milliseconds. */
const INTERVAL = 200;

/** Watches a machine from outside; what it costs is not the machine's. */
export class Meter {
  private readonly begin = performance.now();
  private readonly cpu: number;
  private readonly filterCpu: number;
  private readonly labCpu: number;
  private readonly idle = idleTicks();
  private looks = 0;
  private busy = 0;
  private waiting = 0;
  private readonly workers: number[] = [];
  private readonly timer: NodeJS.Timeout;

  /** @param cgroup of the machine (version 2), below that of the lab. */
  constructor(private readonly cgroup: string) {
    this.cpu = cpuSeconds(cgroup);
    this.labCpu = cpuSeconds(dirname(cgroup));
    this.filterCpu = cpuSeconds(this.filterCgroup());
    this.timer = setInterval(() => this.look(), INTERVAL);
  }

  private filterCgroup(): string {
    const found = findFolder(this.cgroup, 'amavis.service');
    if (!found) throw new Error(`amavis does not run in ${this.cgroup}`);
    return found;
  }

  private look(): void {
    const pids = readFileSync(join(this.filterCgroup(), 'cgroup.procs'), 'utf8').split('\n').filter(Boolean);
    this.looks += 1;
    let workers = 0;
    for (const pid of pids) {
      try {
        const title = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        if (WORKER.test(title)) workers += 1;
        if (!WORKING.test(title)) continue;
        this.busy += 1;
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        if (stat.charAt(stat.lastIndexOf(')') + 2) === 'S') this.waiting += 1;
      } catch {
        // It ended meanwhile.
      }
    }
    this.workers.push(workers);
  }

  stop(): Usage {
    clearInterval(this.timer);
    const seconds = (performance.now() - this.begin) / 1000;
    const { total, idle } = idleTicks();
    const busyCores = cores() * (1 - (idle - this.idle.idle) / (total - this.idle.total));
    const labCores = (cpuSeconds(dirname(this.cgroup)) - this.labCpu) / seconds;
    return {
      seconds,
      cpu: cpuSeconds(this.cgroup) - this.cpu,
      filterCpu: cpuSeconds(this.filterCgroup()) - this.filterCpu,
      busyCores,
      disturbedCores: Math.max(0, busyCores - labCores),
      busyWorkers: this.busy / Math.max(1, this.looks),
      waitingWorkers: this.waiting / Math.max(1, this.looks),
      workers: this.workers.length > 0 ? Math.floor(median(this.workers)) : 0,
    };
  }
}

/** Processors that this machine has. */
export function cores(): number {
  return readFileSync('/proc/stat', 'utf8').match(/^cpu\d/gm)?.length ?? 1;
}

function cpuSeconds(cgroup: string): number {
  return Number(/^usage_usec (\d+)$/m.exec(readFileSync(join(cgroup, 'cpu.stat'), 'utf8'))?.[1]) / 1e6;
}

function idleTicks(): { total: number; idle: number } {
  const ticks = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').trim().split(/\s+/).slice(1, 9).map(Number);
  const [, , , idle = 0, ioWait = 0] = ticks;
  return { total: ticks.reduce((sum, value) => sum + value, 0), idle: idle + ioWait };
}

function findFolder(folder: string, name: string): string | undefined {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const path = join(folder, entry.name);
    const found = entry.name === name ? path : findFolder(path, name);
    if (found) return found;
  }
  return undefined;
}
