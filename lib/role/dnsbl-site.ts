import type { RoleSettings } from './settings';

/** An entry of `postscreen_dnsbl_sites`: `zone[=replies][*weight]`. */
export interface DnsblSite {
  readonly zone: string;
  /** Replies that count, e.g. `127.0.0.[2..11]`; undefined: every one. */
  readonly replies?: string;
  readonly weight: number;
}

/** Alive, free for everyone, and the only reply they give is documented: 127.0.0.2. */
const DEFAULT_SITES: readonly string[] = ['bl.spamcop.net=127.0.0.2', 'psbl.surriel.com=127.0.0.2'];

export const DNSBL_SITE = /^([a-z0-9][a-z0-9.-]*)(?:=([0-9.;[\]]+))?(?:\*(-?\d+))?$/i;

/** The blocklists in use. */
export function dnsblSites(settings: RoleSettings): DnsblSite[] {
  return (settings.dnsblSites ?? DEFAULT_SITES).map((site) => {
    const [, zone, replies, weight] = DNSBL_SITE.exec(site) ?? [undefined, site];
    return { zone: zone ?? site, replies, weight: Number(weight ?? 1) };
  });
}
