import { findPython } from './aws';
import { findMirror, mirrorDataDir } from './deploy';
import { ensureHostTools, ensureImages } from './images';
import { bootMachine, labKey } from './machines';
import { type ChangedConditions, changedConditions, conditionsFromEnvironment } from './model/conditions';
import { claimStateDir, writeRecord } from './model/state-folder';
import { ensureInternet } from './network';
import { control, NoSupervisorError, spawnSupervisor } from './supervisor';
import { checkInotify, checkPreconditions, type Lab, type OnStep, step, together } from './system';
import { startReceiver, worldMachines } from './world';

/** Whether a lab is up: its supervisor answers. */
export async function isUp(lab: Lab): Promise<boolean> {
  try {
    await control(lab, 'status');
    return true;
  } catch (error) {
    if (error instanceof NoSupervisorError) return false;
    throw error;
  }
}

/**
 * Brings up a lab without anything in its cloud: images, networks, the world outside, AWS. A lab that is up already is left as
 * it is. After a failure `down` cleans up.
 * @param conditions In which it differs from the default ones.
 */
export async function startLab(lab: Lab, onStep: OnStep, conditions: ChangedConditions = {}): Promise<void> {
  await checkPreconditions();
  const record = await claimStateDir(lab);
  if (await isUp(lab)) return;
  await writeRecord(lab, { ...record, conditions: changedConditions(conditionsFromEnvironment(), conditions) });
  await checkInotify();
  await ensureHostTools(onStep);
  // For whoever runs Terraform in the lab by hand, before anything was deployed.
  await mirrorDataDir(lab, await findMirror());
  const python = step(onStep, 'find moto for the AWS API', () => findPython(lab.cacheDir));
  const world = startWorld(lab, onStep, python);
  await together(python, world);
}

async function startWorld(lab: Lab, onStep: OnStep, python: Promise<string>): Promise<void> {
  const [{ publicKey }] = await together(labKey(lab), ensureImages(lab.cacheDir, ['debian-13', 'world'], onStep));
  const boot = (name: keyof typeof worldMachines) =>
    step(onStep, `boot machine ${name}`, () => bootMachine(lab, { ...worldMachines[name], publicKeys: [publicKey] }));
  await step(onStep, 'connect the internet switch', () => ensureInternet(lab));
  const cloud = async () => {
    await boot('dns');
    const found = await python;
    await step(onStep, 'start AWS and the name servers', () => spawnSupervisor(lab, found));
  };
  const receiver = async () => {
    await boot('receiver');
    await step(onStep, 'start the receiving mail server', () => startReceiver(lab));
  };
  await together(cloud(), receiver(), boot('sender'));
}
