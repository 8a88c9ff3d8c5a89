import { createWriteStream } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startEmulator } from '../aws';
import { DnsServer } from '../dns';
import { changedConditions } from '../model/conditions';
import type { CloudSnapshot } from '../model/contracts';
import { conditionsOf } from '../model/state-folder';
import type { Lab } from '../system';
import { controlSocket, type SupervisorStatus, serveControl } from './control';
import { Reconciler } from './reconciler';

/** Written when it is ready, and after each change. */
export const statusFile = (lab: Lab) => join(lab.stateDir, 'supervisor.json');
export const logFile = (lab: Lab) => join(lab.stateDir, 'supervisor.log');

const nothing: CloudSnapshot = { instances: [], elasticIps: [], zones: [], volumeIds: [] };

/**
 * The background process of a lab: runs the AWS emulator and makes machines, networks and names what it says, until it is reported
 * to stop or the emulator ends. Expects the internet switch and the machine `dns` to be up.
 */
export async function supervise(lab: Lab, python: string): Promise<void> {
  const file = createWriteStream(logFile(lab), { flags: 'a' });
  const log = (line: string) => file.write(`${new Date().toISOString()} ${line}\n`);
  const conditions = await conditionsOf(lab);
  const dns = new DnsServer(lab, conditions);
  const reconciler = new Reconciler(lab, dns, conditions, log);
  const started = new Date().toISOString();
  let snapshot = nothing;
  const status = (): SupervisorStatus => ({
    pid: process.pid,
    started,
    snapshot,
    delegations: Object.fromEntries(dns.delegations),
    outboundPort25: reconciler.port25IsOpen ? 'open' : 'closed',
    errors: reconciler.errors,
  });

  let writing = Promise.resolve();
  const writeStatus = () => {
    writing = writing.then(async () => {
      await writeFile(`${statusFile(lab)}.new`, `${JSON.stringify(status(), undefined, 2)}\n`);
      await rename(`${statusFile(lab)}.new`, statusFile(lab));
    });
    return writing;
  };
  const offer = (newer: CloudSnapshot) => {
    snapshot = newer;
    reconciler.offer(newer);
    void reconciler.settled().then(writeStatus);
    return reconciler.namesServed();
  };

  await dns.start();
  const emulator = await startEmulator(lab, python, conditions, {
    onSnapshot: offer,
    onLog: (line) => log(`aws: ${line}`),
  });
  const stopped = new Promise<string>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => resolve(signal));
    void emulator.ended.then((how) => resolve(`the AWS emulator ended: ${how}`));
    void serveControl(lab, {
      status: async () => status(),
      settle: async () => {
        await reconciler.settled();
        return status();
      },
      reconcile: async () => {
        reconciler.offer(snapshot);
        await reconciler.settled();
        return status();
      },
      disturb: async (disturbance) => {
        await emulator.setConditions(changedConditions(conditions, { aws: disturbance.aws }));
        await reconciler.disturb(disturbance);
        return status();
      },
      delegate: async (entry) => {
        await dns.delegate(entry, snapshot);
        await writeStatus();
        return status();
      },
      port25: async ({ open }) => {
        await reconciler.setPort25(open);
        await writeStatus();
        return status();
      },
      stop: async () => {
        // After the answer is on its way.
        setImmediate(() => resolve('asked to stop'));
        return { pid: process.pid };
      },
    }).then(writeStatus);
  });
  log(`supervisor ${process.pid} is ready`);
  log(`ends: ${await stopped}`);
  emulator.stop();
  await rm(controlSocket(lab), { force: true });
  await rm(statusFile(lab), { force: true });
  await new Promise((done) => file.end(done));
}
