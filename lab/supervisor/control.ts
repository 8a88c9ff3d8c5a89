import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createConnection, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ChangedAws } from '../aws';
import type { DnsFaults, Entry } from '../dns';
import type { LabConditions } from '../model/conditions';
import type { CloudSnapshot } from '../model/contracts';
import { labCommandLine } from '../model/lab-command-line';
import type { Lab } from '../system';

/** What a supervisor tells about itself and its lab. */
export interface SupervisorStatus {
  readonly pid: number;
  /** ISO 8601. */
  readonly started: string;
  readonly snapshot: CloudSnapshot;
  /** Name servers that the world asks, by absolute name of the domain. */
  readonly delegations: Readonly<Record<string, readonly string[]>>;
  /** Whether instances can send to port 25 of others. */
  readonly outboundPort25: LabConditions['outboundPort25'];
  /** What could not be done, by part of the lab; empty when all is as the cloud says. */
  readonly errors: Readonly<Record<string, string>>;
}

/** What is wrong on the lab's internet on purpose. What is left out is well. */
export interface Disturbance {
  readonly dns?: DnsFaults;
  /** How AWS differs from its ordinary days in this lab. */
  readonly aws?: ChangedAws;
  /** Connections to port 25 of others are dropped without a word, whatever AWS was asked for. Default: false. */
  readonly outboundPort25Blocked?: boolean;
  /** What instances that boot meanwhile have. Default: what the lab's conditions say. */
  readonly instancePackages?: LabConditions['instancePackages'];
}

/** Requests over the control socket: one line of JSON each, answered by one. */
export interface ControlRequests {
  status: { args: Record<string, never>; result: SupervisorStatus };
  /** Waits until machines, networks and names are as the cloud says; the status then. */
  settle: { args: Record<string, never>; result: SupervisorStatus };
  /** Looks at the machines again, e.g. after a power cut: those that should run are booted. */
  reconcile: { args: Record<string, never>; result: SupervisorStatus };
  /** Makes the lab's internet as bad as described, in place of what was asked before; the status when it is. */
  disturb: { args: Disturbance; result: SupervisorStatus };
  /** Plays the registrar: enters name servers for a domain; the status when the world knows. */
  delegate: { args: Entry; result: SupervisorStatus };
  /** Plays AWS's support: lets instances send to port 25, or no more; the status when it is so. */
  port25: { args: { readonly open: boolean }; result: SupervisorStatus };
  /** Ends the supervisor and the AWS it runs; machines are left to their fate. */
  stop: { args: Record<string, never>; result: { pid: number } };
}

export type ControlHandlers = {
  [K in keyof ControlRequests]: (args: ControlRequests[K]['args']) => Promise<ControlRequests[K]['result']>;
};

/** The longest path of a Unix socket: sun_path of unix(7), without its final zero. */
const maxSocketPath = 107;

/** @throws when the state folder's path is too long for a socket. */
export function controlSocket(lab: Lab): string {
  const path = join(lab.stateDir, 'control.sock');
  if (Buffer.byteLength(path) > maxSocketPath) {
    throw new Error(
      `the state folder "${lab.stateDir}" of lab ${lab.name} has too long a path for a socket; choose one of at most ${maxSocketPath - 13} bytes with --state`,
    );
  }
  return path;
}

export async function serveControl(lab: Lab, handlers: ControlHandlers): Promise<Server> {
  const path = controlSocket(lab);
  await rm(path, { force: true });
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    createInterface({ input: socket }).on('line', (line) => {
      const answer = async () => {
        const { op, args = {} } = JSON.parse(line) as { op: keyof ControlRequests; args?: never };
        if (!Object.hasOwn(handlers, op)) throw new Error(`unknown request "${op}"`);
        return { result: await handlers[op](args as never) };
      };
      answer()
        .catch((error: Error) => ({ error: error.message }))
        .then((reply) => socket.end(`${JSON.stringify(reply)}\n`));
    });
  });
  server.listen(path);
  await once(server, 'listening');
  return server;
}

/**
 * Asks the supervisor of a lab.
 * @throws NoSupervisorError when none listens.
 */
export async function control<K extends keyof ControlRequests>(
  lab: Lab,
  op: K,
  args: ControlRequests[K]['args'] = {} as ControlRequests[K]['args'],
): Promise<ControlRequests[K]['result']> {
  const socket = createConnection(controlSocket(lab));
  try {
    await once(socket, 'connect');
  } catch (error) {
    throw new NoSupervisorError(
      `the lab "${lab.name}" is not up (no supervisor answers in ${lab.stateDir}); run "${labCommandLine(lab, 'up')}"`,
      { cause: error },
    );
  }
  socket.write(`${JSON.stringify({ op, args })}\n`);
  let text = '';
  for await (const piece of socket.setEncoding('utf8')) text += piece;
  if (!text) throw new Error(`the supervisor of lab ${lab.name} ended without an answer to "${op}"`);
  const reply = JSON.parse(text) as { result: ControlRequests[K]['result']; error?: string };
  if (reply.error) throw new Error(reply.error);
  return reply.result;
}

export class NoSupervisorError extends Error {
  override readonly name = 'NoSupervisorError';
}
