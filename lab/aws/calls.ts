import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { labAgent } from './call';
import { callsFile } from './emulator';

/** One call of the lab's AWS, in IAM's words. */
export interface RecordedCall {
  /** Seconds since 1970. */
  readonly time: number;
  /** `ec2`, `route53`, `sts`. */
  readonly service: string;
  /** `DescribeInstances`; method and path of a call that the recorder does not know. */
  readonly action: string;
  /** Ids and paths that the call names. */
  readonly resources: readonly string[];
  /** HTTP status of the answer. */
  readonly status: number;
  /** `User-Agent` of the caller. */
  readonly agent: string;
}

/** All calls since the emulator's start, in order of their answers. `folder` is where its source is. */
export async function recordedCalls(folder: string): Promise<readonly RecordedCall[]> {
  const text = await readFile(join(folder, callsFile), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as RecordedCall);
}

/** `ec2:DescribeInstances`, as IAM's policies name actions: each once, sorted. What the lab itself has called is left out. */
export function calledActions(calls: readonly RecordedCall[]): readonly string[] {
  const others = calls.filter(({ agent }) => agent !== labAgent);
  return [...new Set(others.map(({ service, action }) => `${service}:${action}`))].sort();
}
