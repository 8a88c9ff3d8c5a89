import type { ManagedService } from './desired-state';
import type { UnitFacts } from './host-facts';

/**
 * What systemd says about a unit, in the words of {@link ManagedService.state} where it fits: `running` (active, comes back
 * after a reboot), `stopped` (inactive, stays so), `masked`; else what is odd about it, e.g. `failed` or `running, not enabled`.
 */
export function serviceState(unit: UnitFacts | undefined, wanted: ManagedService['state'] | undefined): string {
  if (unit === undefined || unit.enabled === 'absent') return wanted === 'stopped' ? 'stopped' : 'absent';
  const active = unit.active === 'active' || unit.active === 'reloading';
  if (unit.enabled.startsWith('masked')) return active ? 'masked, running' : 'masked';
  if (active) return unit.enabled === 'disabled' ? 'running, not enabled' : 'running';
  const enabled = unit.enabled.startsWith('enabled');
  if (unit.active === 'inactive') return enabled ? 'stopped, enabled' : 'stopped';
  if (unit.active === 'failed' && wanted === 'stopped' && !enabled) return 'stopped';
  return unit.active;
}
