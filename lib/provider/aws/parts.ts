import { setTimeout as sleep } from 'node:timers/promises';
import type { DnsParts } from '../dns/parts';
import type { Addresses } from './addresses';
import type { AwsSettings } from './settings';

/** How AWS is asked, and time passes; tests bring their own. */
export interface AwsParts {
  addresses(settings: AwsSettings, signal: AbortSignal): Promise<Addresses>;
  /** Milliseconds. */
  now(): number;
  /** Ends early, without an error, when `signal` does. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
  readonly dns: DnsParts;
}

/** The real AWS. Loaded when it is needed: what finds credentials is large, and most runs need none. */
export function realAws(dns: DnsParts): AwsParts {
  return {
    dns,
    now: () => performance.now(),
    sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => undefined),
    addresses: async (settings, signal) => {
      const [{ ec2Addresses }, { AwsSession }] = await Promise.all([import('./addresses.js'), import('./session.js')]);
      return ec2Addresses(new AwsSession(settings, signal));
    },
  };
}
