import { setTimeout as sleep } from 'node:timers/promises';
import { shortened } from './model/conditions';
import type { CloudZone } from './model/contracts';
import { conditionsOf } from './model/state-folder';
import { control } from './supervisor';
import { type Lab, type OnStep, step } from './system';

/** How long the owner and the registry take to delegate a zone whose name servers are known, in seconds of the real world. */
const personSeconds = 120;

/** Milliseconds between two looks for new zones. */
const interval = 200;

/**
 * Plays the owner of the domains while `work` runs: enters the name servers of each new zone at the registrar. A domain that has an
 * entry keeps it.
 */
export async function withRegistrar<T>(lab: Lab, onStep: OnStep, work: () => Promise<T>): Promise<T> {
  const { delegation, timeFactor } = await conditionsOf(lab);
  if (delegation === 'at once') return work();
  const over = new AbortController();
  const owner = (async () => {
    while (!over.signal.aborted) {
      const { snapshot, delegations } = await control(lab, 'status');
      for (const zone of newDomains(snapshot.zones, delegations)) {
        await step(onStep, `enter the name servers of ${zone.replace(/\.$/, '')} at its registrar`, async () => {
          await sleep(shortened(personSeconds, timeFactor) * 1000, undefined, { signal: over.signal });
          await control(lab, 'delegate', { zone });
        });
      }
      await sleep(interval, undefined, { signal: over.signal });
    }
  })().catch((error: Error) => {
    if (!over.signal.aborted) onStep({ title: `play the registrar: ${error.message}`, state: 'failed' });
  });
  try {
    return await work();
  } finally {
    over.abort();
    await owner;
  }
}

/** Domains with exactly one zone and no entry yet. What is below another zone of the cloud is for the owner of that zone to delegate. */
export function newDomains(
  zones: readonly CloudZone[],
  delegations: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  const names = zones.map(({ name }) => name);
  return names.filter(
    (name, index) =>
      names.indexOf(name) === index &&
      names.lastIndexOf(name) === index &&
      !(name in delegations) &&
      !names.some((other) => other !== name && name.endsWith(`.${other}`)),
  );
}
