import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Lab } from '../system';
import { defaultConditions, type LabConditions } from './conditions';

/** What is remembered of a lab between commands. */
export interface LabRecord {
  readonly name: string;
  readonly cacheDir: string;
  /** What the lab was brought up with. */
  readonly conditions: LabConditions;
  /** Folder of the CDKTF program and name of the stack, once deployed. */
  readonly program?: string;
  readonly stack?: { readonly name: string; readonly dir: string };
}

const recordFile = (stateDir: string) => join(stateDir, 'lab.json');

/** `$XDG_STATE_HOME/cdktf-mailserver/NAME`, by default below `~/.local/state`. */
export function defaultStateDir(name: string, environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment.XDG_STATE_HOME || join(homedir(), '.local/state'), 'cdktf-mailserver', name);
}

/** The record in a state folder; undefined when no lab lives there. */
export async function readRecord(stateDir: string): Promise<LabRecord | undefined> {
  if (!existsSync(recordFile(stateDir))) return undefined;
  return JSON.parse(await readFile(recordFile(stateDir), 'utf8')) as LabRecord;
}

/**
 * Makes a folder the state folder of a lab, or finds that it is already.
 * @throws when it belongs to another lab or has other files in it: `lab down` removes everything in it.
 */
export async function claimStateDir(lab: Lab): Promise<LabRecord> {
  const record = await readRecord(lab.stateDir);
  if (record && record.name !== lab.name) {
    throw new Error(
      `${lab.stateDir} is the state folder of lab "${record.name}", not of "${lab.name}"; give this one another by --state`,
    );
  }
  if (!record && existsSync(lab.stateDir) && readdirSync(lab.stateDir).length > 0) {
    throw new Error(`${lab.stateDir} has other files in it; a lab needs a state folder of its own, which "lab down" removes`);
  }
  await mkdir(lab.stateDir, { recursive: true, mode: 0o700 });
  return writeRecord(lab, record ?? {});
}

export async function writeRecord(lab: Lab, values: Partial<LabRecord>): Promise<LabRecord> {
  const record = { conditions: defaultConditions, ...values, name: lab.name, cacheDir: lab.cacheDir };
  await writeFile(recordFile(lab.stateDir), `${JSON.stringify(record, undefined, 2)}\n`);
  return record;
}

/** Conditions of a lab; the default ones of a lab that is not there. */
export async function conditionsOf(lab: Lab): Promise<LabConditions> {
  return (await readRecord(lab.stateDir))?.conditions ?? defaultConditions;
}

/** Removes the state folder, but only one that is a lab's; also one that an interrupted removal left empty. */
export async function removeStateDir(lab: Lab): Promise<void> {
  if (await readRecord(lab.stateDir)) await rm(lab.stateDir, { recursive: true, force: true });
  else await rmdir(lab.stateDir).catch(() => undefined);
}
