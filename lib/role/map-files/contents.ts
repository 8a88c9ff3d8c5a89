import type { MapName } from './names';

/** What is known of a map that comes from a file, without its entries. */
export interface MapContents {
  /** Path of the file on the machine that runs Terraform. */
  readonly source: string;
  /** Hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
  readonly lines: number;
  /** Domains that its entries name, in lower case: of `relayDomains` and `virtualAliases`; empty for every other map. */
  readonly domains: readonly string[];
}

/** The maps that come from files. */
export type MapsFromFiles = Readonly<Partial<Record<MapName, MapContents>>>;

/**
 * Stands for files that are not read: for a look at a host that is not compared, and for a path that is known after apply. What is
 * rendered from it depends on the path and on nothing else.
 */
export function unreadMaps(mapFiles: Readonly<Partial<Record<MapName, string | undefined>>> = {}): MapsFromFiles {
  const entries = Object.entries(mapFiles).flatMap(([name, source]) =>
    source === undefined ? [] : [[name, { source, sha256: source, bytes: 0, lines: 0, domains: [source] }] as const],
  );
  return Object.fromEntries(entries);
}
