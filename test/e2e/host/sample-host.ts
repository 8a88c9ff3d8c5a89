import { applyChanges } from '../../../lib/host/apply';
import { collectFacts } from '../../../lib/host/collect-facts';
import { connectHost } from '../../../lib/host/connect';
import type { DesiredState } from '../../../lib/host/desired-state';
import { diff, isEmpty } from '../../../lib/host/diff';
import { factsRequest } from '../../../lib/host/facts-request';
import { HostError } from '../../../lib/host/host-error';
import { HostLab, type TestMachine } from '../support/host-lab';
import { type Sample, sampleState } from '../support/sample-state';

/** A probe that holds the apply, with everything in place, until `release` is called. */
export const held = 'test -e /run/release';

export const versionLines = (number: number) => `version = v${number}\nversion = v${number}\n  identity: "v${number}"`;

/** What work failed with. */
export async function failure(work: Promise<unknown>): Promise<HostError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(HostError);
  return error as HostError;
}

/** The machine of all tests, in the sample state of some version. */
export class SampleHost {
  lab!: HostLab;
  machine!: TestMachine;
  /** Grows, so that every state differs from the one before. */
  version = 0;

  async start(): Promise<void> {
    this.lab = await HostLab.start('debian-13', 'debian-12');
  }

  next(sample: Partial<Sample> = {}): DesiredState {
    return sampleState({ version: `v${++this.version}`, ...sample });
  }

  current(sample: Partial<Sample> = {}): DesiredState {
    return sampleState({ version: `v${this.version}`, ...sample });
  }

  /** An apply as Terraform's provider does it, without a look afterwards. */
  async push(
    desired: DesiredState,
    /** `port`: the way to the machine, if not the usual one. */
    options: { onLine?: (line: string) => void; confirmationSeconds?: number; port?: number; timeoutSeconds?: number } = {},
  ) {
    const { port = this.machine.settings.port, timeoutSeconds = 6 } = options;
    const settings = { ...this.machine.settings, port };
    const reconnect = () => connectHost({ ...settings, timeoutSeconds });
    const connection = await connectHost(settings);
    try {
      const changes = diff(await collectFacts(connection, factsRequest(desired)), desired);
      const { onLine: onProgress, confirmationSeconds } = options;
      if (!isEmpty(changes)) await applyChanges({ connection, reconnect, desired, changes, onProgress, confirmationSeconds });
    } finally {
      await connection.close();
    }
  }

  pidOf(unit: string): Promise<string> {
    return this.machine.inside(`systemctl show -p MainPID --value ${unit}`);
  }

  liveVersion(): Promise<string> {
    return this.machine.inside('cat /etc/sample/parts/10_version /etc/sample/all; grep identity /etc/nsd/nsd.conf');
  }

  /** Nothing of a change may be left: old files, old derived state, daemons that run. */
  async expectOldState(number: number): Promise<void> {
    expect(await this.liveVersion()).toBe(versionLines(number));
    expect(await this.machine.inside('systemctl is-active nsd ticker')).toBe('active\nactive');
    expect(await this.machine.inside('find /etc -name ".*mailserver-*"')).toBe('');
  }

  release(): Promise<string> {
    return this.machine.inside('touch /run/release');
  }

  /** Starts work when the apply is at its probe. */
  atProbe(work: () => Promise<unknown>) {
    let started: Promise<unknown> | undefined;
    const onLine = (line: string) => {
      if (line.includes('probe: nsd')) started ??= work();
    };
    return { onLine, done: () => started };
  }
}
