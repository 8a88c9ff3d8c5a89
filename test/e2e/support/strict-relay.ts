import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { inOperatorNetwork } from '../../../lab/network';
import { type Lab, run, waitFor } from '../../../lab/system';
import program from './strict-relay.py';

export interface RelayedMail {
  /** Port that it came to. */
  readonly peer: string;
  readonly said: readonly string[];
  readonly text: string;
}

export type RelayMode = 'well' | 'down' | 'busy' | 'expired' | 'strange' | 'unloved' | 'unverified';

/** The provider's smart hosts, in the operator's namespace: strict-relay.py says how they answer. Their login is `mail`. */
export class StrictRelay {
  static readonly password = 'the right password';
  readonly mails: RelayedMail[] = [];
  private readonly answers: string[] = [];

  private constructor(
    private readonly child: ChildProcess,
    /** Of the authority that vouches for it. */
    readonly authority: string,
  ) {}

  /** @param name what the certificate is for */
  static async open(lab: Lab, address: string, name: string, ports: readonly number[]): Promise<StrictRelay> {
    const place = (file: string) => join(lab.stateDir, file);
    const openssl = (...args: string[]) => run('openssl', args);
    const common = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '30'];
    await openssl(
      'req',
      '-x509',
      ...common,
      '-subj',
      '/CN=Authority of a test',
      '-keyout',
      place('ca.key'),
      '-out',
      place('ca.crt'),
    );
    const issued = ['-CA', place('ca.crt'), '-CAkey', place('ca.key'), '-addext', `subjectAltName=DNS:${name}`];
    const own = ['-subj', `/CN=${name}`, '-addext', 'basicConstraints=critical,CA:false'];
    await openssl('req', '-x509', ...common, ...issued, ...own, '-keyout', place('relay.key'), '-out', place('relay.crt'));
    const files = [place('relay.crt'), place('relay.key')];
    const [file, ...args] = inOperatorNetwork(lab, ['python3', '-c', program, address, ...files, ...ports.map(String)]);
    const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const relay = new StrictRelay(child, readFileSync(place('ca.crt'), 'utf8'));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = JSON.parse(line) as RelayedMail | string;
      if (typeof said === 'string') relay.answers.push(said);
      else relay.mails.push(said);
    });
    return relay;
  }

  async become(port: number, mode: RelayMode): Promise<void> {
    const before = this.answers.length;
    this.child.stdin?.write(`${port} ${mode}\n`);
    await waitFor(`the smart host to be ${mode}`, async () => this.answers[before], { deadline: 10_000, interval: 20 });
  }

  close(): void {
    this.child.kill();
  }
}
