import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findPython, type RecordedCall, recordedCalls } from '../../../lab/aws';
import { type Emulator, runEmulator } from '../../../lab/aws/emulator';
import { type ChangedConditions, changedConditions, realConditions } from '../../../lab/model/conditions';
import type { CloudSnapshot } from '../../../lab/model/contracts';
import { defaultCacheDir, waitFor } from '../../../lab/system';

/** What an API call came to. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Text of the first element with this name, empty when there is none. */
export const element = (text: string, name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? '';

/** Status and error code: `[400, 'InvalidParameterValue']`. */
export const refusal = ({ status, text }: Answer) => [status, element(text, 'Code')];

type RecordChange = readonly [action: string, name: string, type: string, ...values: string[]];

/** The emulator alone, without a lab: who tests its rules talks to it over HTTP. */
export class AwsEmulator {
  readonly snapshots: CloudSnapshot[] = [];
  readonly log: string[] = [];
  /** Until when the name servers of the world need for a snapshot. Default: they have it at once. */
  served: Promise<void> = Promise.resolve();

  private constructor(
    readonly folder: string,
    private readonly port: number,
    private readonly conditions: ChangedConditions,
  ) {}

  private emulator!: Emulator;

  /** @param conditions In which it differs from the real ones. */
  static async start(conditions: ChangedConditions = {}): Promise<AwsEmulator> {
    const one = new AwsEmulator(await mkdtemp(join(tmpdir(), 'aws-')), await freePort(), conditions);
    const python = await findPython(defaultCacheDir());
    const command = (script: readonly string[]): [string, ...string[]] => [python, ...script];
    one.emulator = await runEmulator(one.folder, one.port, command, changedConditions(realConditions, conditions), {
      onSnapshot: (snapshot) => {
        one.snapshots.push(snapshot);
        return one.served;
      },
      onLog: (line) => one.log.push(line),
    });
    return one;
  }

  /** The environment of a client of this AWS. */
  get environment(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${this.port}`,
      AWS_ACCESS_KEY_ID: 'testing',
      AWS_SECRET_ACCESS_KEY: 'testing',
      AWS_REGION: 'eu-central-1',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_CONFIG_FILE: '/dev/null',
    };
  }

  async stop(): Promise<void> {
    this.emulator.stop();
    await this.emulator.ended;
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Conditions in which it differs from those it was started with; none: as at the start. */
  set(conditions: ChangedConditions = {}): Promise<void> {
    return this.emulator.setConditions(changedConditions(changedConditions(realConditions, this.conditions), conditions));
  }

  /** The emulator reads region and service from the signature, and does not check it. */
  async call(
    service: string,
    path: string,
    init: RequestInit,
    options: { invocation?: string; region?: string } = {},
  ): Promise<Answer> {
    const scope = `testing/20260101/${options.region ?? 'eu-central-1'}/${service}/aws4_request`;
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, {
      ...init,
      headers: {
        ...init.headers,
        authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
        ...(options.invocation && { 'amz-sdk-invocation-id': options.invocation }),
      },
    });
    return { status: response.status, text: await response.text() };
  }

  ec2(
    Action: string,
    fields: Record<string, string> = {},
    options: { invocation?: string; region?: string } = {},
  ): Promise<Answer> {
    const body = new URLSearchParams({ Action, Version: '2016-11-15', ...fields });
    return this.call('ec2', '/', { method: 'POST', body }, options);
  }

  route53(method: string, path: string, body?: string): Promise<Answer> {
    return this.call('route53', `/2013-04-01/${path}`, { method, ...(body && { body }) });
  }

  createZone(name: string, more = ''): Promise<Answer> {
    const reference = `${name} ${Math.random()}`;
    const fields = `<Name>${name}</Name><CallerReference>${reference}</CallerReference>${more}`;
    return this.route53('POST', 'hostedzone', xml('CreateHostedZoneRequest', fields));
  }

  /** Its id. */
  async zone(name: string): Promise<string> {
    const { text } = await this.createZone(name);
    return element(text, 'Id').replace('/hostedzone/', '');
  }

  /** As the SDKs do: again when the zone is taking in another change. */
  async change(zone: string, ...changes: readonly RecordChange[]): Promise<Answer> {
    for (;;) {
      const answer = await this.changeOnce(zone, ...changes);
      if (refusal(answer)[1] !== 'PriorRequestNotComplete') return answer;
      await sleep(5);
    }
  }

  changeOnce(zone: string, ...changes: readonly RecordChange[]): Promise<Answer> {
    const list = changes.map(([action, name, type, ...values]) => {
      const records = values.map((value) => `<ResourceRecord><Value>${value}</Value></ResourceRecord>`).join('');
      const set = `<Name>${name}</Name><Type>${type}</Type><TTL>60</TTL><ResourceRecords>${records}</ResourceRecords>`;
      return `<Change><Action>${action}</Action><ResourceRecordSet>${set}</ResourceRecordSet></Change>`;
    });
    const batch = `<ChangeBatch><Changes>${list.join('')}</Changes></ChangeBatch>`;
    return this.route53('POST', `hostedzone/${zone}/rrset`, xml('ChangeResourceRecordSetsRequest', batch));
  }

  /** What it has written down. */
  calls(): Promise<readonly RecordedCall[]> {
    return recordedCalls(this.folder);
  }

  /** The first snapshot from now on of which this is true. */
  snapshotWith(what: string, test: (snapshot: CloudSnapshot) => boolean): Promise<CloudSnapshot> {
    const newest = () => this.snapshots.at(-1);
    return waitFor(what, async () => newest() && test(newest() as CloudSnapshot) && newest(), { deadline: 5000 });
  }
}

const xml = (name: string, fields: string) =>
  `<${name} xmlns="https://route53.amazonaws.com/doc/2013-04-01/">${fields}</${name}>`;

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
