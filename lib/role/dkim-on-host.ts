import type { HostFacts } from '../host/host-facts';

/** What the host makes; its check shows the records. */
export const DKIM_KEYS = 'DKIM keys';

/** A record as the host writes it; whoever owns the host might write anything. */
const RECORD = /^v=DKIM1; k=rsa; p=[A-Za-z0-9+/]{100,1000}={0,2}$/;

/** The public halves of the keys on a host as texts for DNS, by selector; none where it does not sign, or has no keys yet. */
export function dkimRecordsOn({ derived }: Pick<HostFacts, 'derived'>): Record<string, string> {
  const value = derived[DKIM_KEYS]?.value;
  if (value === undefined) return {};
  try {
    const records: unknown = JSON.parse(value);
    const entries = Object.entries(typeof records === 'object' && records !== null ? records : {});
    return Object.fromEntries(
      entries.filter((entry): entry is [string, string] => /^[a-z0-9-]{1,63}$/.test(entry[0]) && RECORD.test(String(entry[1]))),
    );
  } catch {
    return {};
  }
}
