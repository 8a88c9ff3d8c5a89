import { HostError, type HostErrorKind } from './host-error';

const resultKinds = [
  'done',
  'refused',
  'failed',
  'busy',
  'aborted',
  'rolledBack',
  'unwell',
  'interrupted',
  'outdated',
  'notArrived',
] as const;

export interface ApplyResult {
  readonly kind: (typeof resultKinds)[number];
  readonly message: string;
}

/** How many lines of output an error shows. */
const tailLines = 15;

const what: Readonly<Partial<Record<ApplyResult['kind'], string>>> = {
  refused: 'nothing was changed on',
  outdated: 'nothing was changed on',
  notArrived: 'nothing was changed on',
  failed: 'could not bring about the new state on',
  busy: 'cannot apply on',
  aborted: 'stopped on',
  rolledBack: 'the old state was put back on',
  unwell: 'the old files were put back, but not everything runs as before, on',
};

/** Reads what an apply says: `::step`, `::waiting`, `::result`; everything else is output of commands. */
export class ApplyLog {
  /** Lines of the host's log taken so far, to go on from there after a lost connection. */
  lines = 0;
  result: ApplyResult | undefined;
  private readonly tail: string[] = [];
  private readonly start = Date.now();

  constructor(private readonly onProgress: ((line: string) => void) | undefined) {}

  /** @returns `waiting` when the host waits for the confirmation. */
  take(line: string): 'waiting' | undefined {
    this.lines++;
    const [, word, text = ''] = /^::(step|waiting|result) ?(.*)$/.exec(line) ?? [];
    if (word === undefined) this.note(line);
    if (word === 'step') this.note(text, true);
    if (word === 'result') this.result = parseResult(text);
    return word === 'waiting' ? 'waiting' : undefined;
  }

  note(line: string, progress = false): void {
    if (line.trim() === '') return;
    this.tail.push(line);
    if (this.tail.length > tailLines) this.tail.shift();
    if (progress) this.onProgress?.(`[${((Date.now() - this.start) / 1000).toFixed(1)} s] ${line}`);
  }

  throwUnlessDone(address: string): void {
    const { kind, message } = this.result ?? { kind: 'failed', message: 'the host printed no reason' };
    if (kind === 'done') return;
    const output = kind === 'busy' ? '' : `\n\nlast lines of the host:\n${this.tail.map((line) => `  ${line}`).join('\n')}`;
    throw new HostError(errorKind(kind), `${what[kind] ?? 'failed on'} ${address}: ${message}${output}`);
  }
}

function parseResult(text: string): ApplyResult {
  const [, word = '', message = ''] = /^(\S+) ?(.*)$/.exec(text) ?? [];
  const kind = resultKinds.find((known) => known === word);
  return kind ? { kind, message } : { kind: 'failed', message: text };
}

function errorKind(kind: ApplyResult['kind']): HostErrorKind {
  switch (kind) {
    case 'done':
    case 'interrupted':
    case 'outdated':
    case 'notArrived':
      return 'failed';
    default:
      return kind;
  }
}
