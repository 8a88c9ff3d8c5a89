import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { CloudSnapshot } from '../contracts';
import { inOperatorNetwork } from '../network';
import type { Lab } from '../system';
import ec2Rules from './ec2_rules.py';
import program from './emulator.py';
import images from './images.py';
import route53Rules from './route53_rules.py';
import snapshot from './snapshot.py';

const sources = {
  'emulator.py': program,
  'ec2_rules.py': ec2Rules,
  'images.py': images,
  'route53_rules.py': route53Rules,
  'snapshot.py': snapshot,
};

/** Port of the AWS API on the loopback address of the operator's namespace. */
export const awsPort = 4566;

/** The AWS API as seen from the operator's namespace. */
export const awsEndpoint = `http://127.0.0.1:${awsPort}`;

export interface Emulator {
  /** Resolves when it has ended, with how. */
  readonly ended: Promise<string>;
  stop(): void;
}

interface EmulatorEvents {
  readonly onSnapshot: (snapshot: CloudSnapshot) => void;
  readonly onLog: (line: string) => void;
}

/**
 * Starts the emulator in the operator's namespace; returns when its API answers. What it keeps is in memory only: it must live
 * as long as the lab.
 */
export function startEmulator(lab: Lab, python: string, events: EmulatorEvents): Promise<Emulator> {
  return runEmulator(join(lab.stateDir, 'aws'), awsPort, (script) => inOperatorNetwork(lab, [python, ...script]), events);
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
  events: EmulatorEvents,
): Promise<Emulator> {
  await mkdir(folder, { recursive: true });
  await Promise.all(Object.entries(sources).map(([name, text]) => writeFile(join(folder, name), text)));
  const [file, ...args] = command(['-B', join(folder, 'emulator.py'), '--port', String(port)]);
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
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const message = JSON.parse(line) as CloudSnapshot & { ready?: true };
      if (message.ready) resolve();
      else events.onSnapshot(message);
    });
    void ended.then((how) => reject(new Error(`the AWS emulator did not start (${how})\n${last.join('\n')}`)));
  });
  return { ended, stop: () => child.stdin.end() };
}
