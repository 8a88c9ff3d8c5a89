import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { LabConditions } from '../model/conditions';
import type { CloudSnapshot } from '../model/contracts';
import { inOperatorNetwork } from '../network';
import type { Lab } from '../system';
import { sources } from './sources';

/** Port of the AWS API on the loopback address of the operator's namespace. */
export const awsPort = 4566;

/** The AWS API as seen from the operator's namespace. */
export const awsEndpoint = `http://127.0.0.1:${awsPort}`;

/** Where the emulator writes down every call, in its folder: one JSON line each, see `RecordedCall`. */
export const callsFile = 'calls.jsonl';

export interface Emulator {
  /** Resolves when it has ended, with how. */
  readonly ended: Promise<string>;
  /** Takes the place of the conditions before; resolves when they hold. */
  setConditions(conditions: LabConditions): Promise<void>;
  stop(): void;
}

interface EmulatorEvents {
  /** Resolves when the name servers of the lab say what the snapshot says. */
  readonly onSnapshot: (snapshot: CloudSnapshot) => Promise<void> | void;
  readonly onLog: (line: string) => void;
}

/**
 * Starts the emulator in the operator's namespace; returns when its API answers. What it keeps is in memory only: it must live
 * as long as the lab.
 */
export function startEmulator(lab: Lab, python: string, conditions: LabConditions, events: EmulatorEvents): Promise<Emulator> {
  const command = (script: readonly string[]) => inOperatorNetwork(lab, [python, ...script]);
  return runEmulator(join(lab.stateDir, 'aws'), awsPort, command, conditions, events);
}

/**
 * Runs the emulator on a port of the loopback address.
 * @param folder Where its source is put.
 * @param command The whole command line, from the arguments that Python is to get.
 */
export async function runEmulator(
  folder: string,
  port: number,
  command: (script: readonly string[]) => readonly [string, ...string[]],
  conditions: LabConditions,
  events: EmulatorEvents,
): Promise<Emulator> {
  await mkdir(join(folder, 'rules'), { recursive: true });
  await Promise.all(Object.entries(sources).map(([name, text]) => writeFile(join(folder, name), text)));
  const [file, ...args] = command([
    '-B',
    join(folder, 'emulator.py'),
    '--port',
    String(port),
    '--record',
    join(folder, callsFile),
  ]);
  const child = spawn(file, args, { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => undefined);
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(signal ? `ended by ${signal}` : `exit code ${code}`));
  });
  const last: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    last.push(line);
    if (last.length > 20) last.shift();
    events.onLog(line);
  });
  const obeyed: (() => void)[] = [];
  const tell = (message: object) => child.stdin.write(`${JSON.stringify(message)}\n`);
  const tellConditions = ({ timeFactor, aws }: LabConditions) => tell({ conditions: { timeFactor, ...aws } });
  tellConditions(conditions);
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const message = JSON.parse(line) as { ready: true } | { conditions: true } | { number: number; snapshot: CloudSnapshot };
      if ('ready' in message) resolve();
      else if ('conditions' in message) obeyed.shift()?.();
      else {
        const served = async () => events.onSnapshot(message.snapshot);
        served().then(
          () => tell({ served: message.number }),
          // What is not served stays PENDING; the lab's status says why.
          () => undefined,
        );
      }
    });
    void ended.then((how) => reject(new Error(`the AWS emulator did not start (${how})\n${last.join('\n')}`)));
  });
  return {
    ended,
    setConditions: (changed) =>
      new Promise((resolve, reject) => {
        obeyed.push(resolve);
        tellConditions(changed);
        void ended.then((how) => reject(new Error(`the AWS emulator ended: ${how}`)));
      }),
    stop: () => child.stdin.end(),
  };
}
