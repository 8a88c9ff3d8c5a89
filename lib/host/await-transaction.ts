import type { HostConnection } from './host-connection';
import { HostError } from './host-error';
import awaitScript from './remote/await.sh';
import { assignLines } from './shell';

/**
 * What became of a transaction that was not over:
 *
 * - `over`: it came to its end, new state or old.
 * - `interrupted`: nothing works on it any more; the next apply brings it to its end before anything else.
 * - `underWay`: it takes longer than was waited.
 */
export type TransactionState = 'over' | 'interrupted' | 'underWay';

const states: readonly TransactionState[] = ['over', 'interrupted', 'underWay'];

export interface AwaitOptions {
  /** How long to wait at most, in seconds. */
  readonly seconds: number;
  /** One line when there is something to wait for. */
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** The connection may need a moment more than the host waits. Seconds. */
const spare = 30;

/**
 * Waits on the host until no apply and no rollback is at work on it. Changes nothing.
 *
 * @returns the state, and of one that is under way when it started and what it does
 * @throws {HostError} `connectionLost`, `timeout`, `aborted`, or `failed` when the answer makes no sense
 */
export async function awaitTransaction(
  connection: HostConnection,
  { seconds, onProgress, signal }: AwaitOptions,
): Promise<{ readonly state: TransactionState; readonly detail: string }> {
  let answer: { state: TransactionState; detail: string } | undefined;
  const onLine = (line: string) => {
    const [, word, first = '', detail = ''] = /^::(step|state) (\S+) ?(.*)$/.exec(line) ?? [];
    if (word === 'step') onProgress?.(`${first} ${detail}`);
    const state = states.find((known) => known === first);
    if (word === 'state' && state) answer = { state, detail };
  };
  const script = `${assignLines('SECONDS_TO_WAIT', [String(Math.ceil(seconds))])}${awaitScript}`;
  const { stderr, code } = await connection.exec(script, { onLine, signal, timeoutSeconds: seconds + spare });
  if (answer) return answer;
  const reason = stderr.trim() || `exit ${code}`;
  throw new HostError('failed', `cannot wait for the apply that is under way on ${connection.address}: ${reason}`);
}
