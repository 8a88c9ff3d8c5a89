import type { UnitFacts } from './host-facts';

/**
 * What systemd says about a unit, in the words of `ManagedService.state` where it fits: `running` (active, comes back after a
 * reboot), `masked`; else what is odd about it, e.g. `stopped` (inactive, stays so), `failed` or `running, not enabled`.
 */
export function serviceState(unit: UnitFacts | undefined): string {
  if (unit === undefined || unit.enabled === 'absent') return 'absent';
  const active = unit.active === 'active' || unit.active === 'reloading';
  if (unit.enabled.startsWith('masked')) return active ? 'masked, running' : 'masked';
  if (active) return unit.enabled === 'disabled' ? 'running, not enabled' : 'running';
  if (unit.active === 'inactive') return startsAtBoot(unit) ? 'stopped, enabled' : 'stopped';
  return unit.active;
}

/** Nothing of it runs or would after a reboot, and anyone may start it: as a unit is that nobody is in charge of. */
export function isAtRest(unit: UnitFacts | undefined): boolean {
  const state = serviceState(unit);
  return state === 'absent' || state === 'stopped' || (state === 'failed' && unit !== undefined && !startsAtBoot(unit));
}

function startsAtBoot(unit: UnitFacts): boolean {
  return unit.enabled.startsWith('enabled');
}
