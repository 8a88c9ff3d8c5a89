import type { Component } from '../component';

/**
 * SpamAssassin (R6) works inside amavis as a library: no daemon of its own. Debian leaves the daily rule update off; its hook
 * restarts amavis when rules changed. gnupg checks their signature.
 */
export const spamassassin: Component = () => ({
  packages: ['gnupg', 'spamassassin'],
  services: [{ unit: 'spamassassin-maintenance.timer', state: 'running', restartOn: [], reloadOn: [] }],
});
