import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { inOperatorNetwork } from '../../../lab/network';
import { type Lab, waitFor } from '../../../lab/system';
import program from './smtp-sink.py';

export interface SunkMail {
  /** Address that the client came from. */
  readonly peer: string;
  /** What it said before the text: EHLO, MAIL, RCPT … */
  readonly said: readonly string[];
  readonly text: string;
  /** When it came, in seconds since 1970. */
  readonly at: number;
}

/** A mail server in the operator's namespace: smtp-sink.py says how it answers. */
export class SmtpSink {
  /** Those of this process that listen. */
  static readonly opened = new Set<SmtpSink>();
  readonly mails: SunkMail[] = [];

  private constructor(private readonly child: ChildProcess) {}

  static open(lab: Lab, addresses: readonly string[]): SmtpSink {
    const [file, ...args] = inOperatorNetwork(lab, ['python3', '-c', program, ...addresses]);
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const sink = new SmtpSink(child);
    SmtpSink.opened.add(sink);
    createInterface({ input: child.stdout }).on('line', (line) => sink.mails.push(JSON.parse(line)));
    return sink;
  }

  /** The mail for a recipient, once it is there. */
  mailFor(recipient: string, deadline = 30_000): Promise<SunkMail> {
    const found = () => this.mails.find(({ said }) => said.some((line) => line.startsWith(`RCPT TO:<${recipient}>`)));
    return waitFor(`a mail for ${recipient} outside`, async () => found(), { deadline, interval: 100 });
  }

  close(): void {
    SmtpSink.opened.delete(this);
    this.child.kill();
  }
}
