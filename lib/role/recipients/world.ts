/** What becomes of mail for an address. */
export type EndKind =
  /** A mailbox, a script or a file takes it. */
  | 'taken'
  /** A next hop or another server knows. */
  | 'asked'
  /** Nobody has the address. */
  | 'nowhere'
  /** The settings do not tell: what decides is on the host. */
  | 'unknown';

export interface End {
  readonly kind: EndKind;
  readonly why?: string;
}

/** canonical(5), virtual(5), aliases(5). */
export type Table = 'canonical' | 'virtual' | 'aliases';

/** Key of the entry for an address, and the extension that its targets get. */
export interface Match {
  readonly key: string;
  readonly extension: string;
}

export interface WorldOptions {
  /** Key in lower case to targets. */
  readonly tables: Readonly<Record<Table, ReadonlyMap<string, readonly string[]>>>;
  /** Domains whose mail stays on the host; the first one completes names without a domain. */
  readonly own: readonly [string, ...string[]];
  /** Whether a name has a mailbox; undefined where nobody knows. */
  readonly mailbox: (name: string) => boolean | undefined;
  /** The end of mail for other domains, by the domain in lower case; undefined for a domain that has the recipients of virtual(5) only. */
  readonly route: (domain: string, address: string) => End | undefined;
  readonly delimiter: string;
  /** `virtual_alias_recursion_limit`, entries. Default: 1000. */
  readonly recursion?: number;
  /** `virtual_alias_expansion_limit`, addresses. Default: 1000. */
  readonly expansion?: number;
  /** `virtual_alias_address_length_limit`, characters. Default: 1000. */
  readonly length?: number;
}

/** cleanup(8), for canonical(5). */
const MOST_CANONICAL = 10;

/** Where mail for an address goes, followed as cleanup(8) and local(8) do. The gate has the same in postfix-rules/recipients.py. */
export class World {
  readonly tables: WorldOptions['tables'];
  readonly recursion: number;
  readonly expansion: number;
  readonly own: ReadonlySet<string>;
  readonly route: WorldOptions['route'];
  private readonly length: number;

  constructor(private readonly options: WorldOptions) {
    this.tables = options.tables;
    this.own = new Set(options.own.map((name) => name.toLowerCase()));
    this.route = options.route;
    this.recursion = options.recursion ?? 1000;
    this.expansion = options.expansion ?? 1000;
    this.length = options.length ?? 1000;
  }

  whole(target: string): string {
    return target.includes('@') ? target : `${target}@${this.options.own[0]}`;
  }

  /** The entry for an address; undefined without one. */
  match(table: Table, address: string): Match | undefined {
    const entries = this.tables[table];
    const [local, domain] = parts(address.toLowerCase());
    const [bare] = this.apart(local);
    const [, extension] = this.apart(parts(address)[0]);
    const isOwn = this.own.has(domain);
    const candidates: readonly (readonly [key: string, extension: string, counts: boolean])[] = [
      [`${local}@${domain}`, '', true],
      [`${bare}@${domain}`, extension, extension !== ''],
      [local, '', isOwn],
      [bare, extension, isOwn && extension !== ''],
      [`@${domain}`, '', true],
    ];
    const found = candidates.find(([key, , counts]) => counts && entries.has(key));
    return found && { key: found[0], extension: found[1] };
  }

  /** Where that entry sends the address. */
  targets(table: Table, address: string, { key, extension }: Match): string[] {
    const written = this.tables[table].get(key) ?? [];
    return written.map((target, index) => {
      if (index === 0 && target.startsWith('@')) return `${parts(address)[0]}${target}`;
      const [local, domain] = parts(this.whole(target));
      return `${local}${extension}@${domain}`;
    });
  }

  /** Key of the entry of aliases(5) for a local part. */
  aliasOf(local: string): string | undefined {
    const folded = local.toLowerCase();
    return [folded, this.apart(folded)[0]].find((name) => this.tables.aliases.has(name));
  }

  /** What becomes of mail for an address that no entry is for. */
  end(address: string): End {
    const [local, domain] = parts(address);
    if (!this.own.has(domain.toLowerCase())) {
      const why = `'${domain}' has the recipients of virtual aliases only, and this is none of them`;
      return this.route(domain.toLowerCase(), address) ?? { kind: 'nowhere', why };
    }
    const has = this.options.mailbox(local) || this.options.mailbox(this.apart(local)[0]);
    if (has === undefined) return { kind: 'unknown' };
    if (has) return { kind: 'taken' };
    return { kind: 'nowhere', why: `'${domain}' is this host, which has neither an alias nor a mailbox '${local}'` };
  }

  /** What canonical(5) makes of an address, undefined for what has no end. */
  rewritten(address: string): string | undefined {
    let current = address;
    for (let count = 0; count < MOST_CANONICAL; count++) {
      const match = this.match('canonical', current);
      const next = match ? (this.targets('canonical', current, match)[0] as string) : current;
      if (next.toLowerCase() === current.toLowerCase()) return next;
      current = next;
    }
    return undefined;
  }

  /** The addresses that virtual(5) makes of one; undefined where cleanup(8) gives up and puts the mail off. */
  expanded(address: string): readonly string[] | undefined {
    const found = [address];
    const done = new Set<string>();
    for (let at = 0; at < found.length; at++) {
      if (found.length > this.expansion) return undefined;
      for (let count = 0; ; count++) {
        const current = found[at] as string;
        if (done.has(current.toLowerCase())) break;
        if (count === this.recursion) return undefined;
        const match = this.match('virtual', current);
        if (!match) break;
        const targets = this.targets('virtual', current, match);
        if (targets.some((target) => target.length > this.length)) return undefined;
        found[at] = targets[0] as string;
        found.push(...targets.slice(1));
        if (targets.some((target) => target.toLowerCase() === current.toLowerCase())) done.add(current.toLowerCase());
      }
    }
    return found;
  }

  /** A local part without its extension, and the extension with its delimiter. */
  private apart(local: string): readonly [bare: string, extension: string] {
    const ends = [...this.options.delimiter].map((letter) => local.indexOf(letter, 1)).filter((at) => at > 0);
    if (ends.length === 0 || /^(mailer-daemon|double-bounce)$/i.test(local)) return [local, ''];
    return [local.slice(0, Math.min(...ends)), local.slice(Math.min(...ends))];
  }
}

/** Local part and domain of an address. */
export function parts(address: string): readonly [local: string, domain: string] {
  const at = address.lastIndexOf('@');
  return [address.slice(0, Math.max(at, 0)), address.slice(at + 1)];
}
