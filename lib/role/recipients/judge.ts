import { type End, parts, type Table, type World } from './world';

/** An entry of a table. */
export interface Node {
  readonly table: Table;
  readonly key: string;
}

export interface Fault {
  /** The entries that it is about, the one to change first. */
  readonly nodes: readonly Node[];
  /** Follows the place. */
  readonly text: string;
}

/** A target of an entry: the entry that it matches, or its end. */
interface Step {
  readonly node?: Node;
  readonly end?: End;
  readonly target: string;
  /** The one that cleanup(8) goes on with. */
  readonly first: boolean;
}

/** Of an entry that is done: entries of virtual(5) in a row, addresses in the end, aliases inside of each other. */
interface Measure {
  readonly depth: number;
  readonly size: number;
  readonly nested: number;
}

/** A local part that nobody has, to find out what becomes of any. */
const ANYBODY = 'no-such-user';
/** local(8): aliases inside of aliases, measured with Postfix 3.10. */
const MOST_NESTED = 24;
/** Entries of a circle that are written out. */
const LONGEST_WAY = 8;
const SPECIAL = /^"?(?:[|/]|:include:)/i;

const nameOf = ({ table, key }: Node) => `${table} ${key}`;
const NOTHING: Measure = { depth: 0, size: 1, nested: 0 };

/**
 * What is wrong with the entries of all tables together: circles, depth, size, and targets that lead nowhere. Each entry is judged by
 * its own targets, so that the work grows with the number of lines and not with the length of ways. The gate has the same in
 * postfix-rules/recipient_graph.py.
 */
export function recipientFaults(world: World): readonly Fault[] {
  return new Judgement(world).faults;
}

class Judgement {
  readonly faults: Fault[] = [];
  private readonly told = new Set<string>();
  /** Entries of canonical(5) that only senders meet, and why their address leads nowhere. */
  private readonly unread = new Map<string, string | undefined>();
  private readonly measures = new Map<string, Measure>();
  private readonly keyDomains: ReadonlySet<string>;

  constructor(private readonly world: World) {
    this.keyDomains = new Set([...world.tables.virtual.keys()].map((key) => parts(key)[1]));
    for (const table of ['canonical', 'aliases', 'virtual'] as const) {
      for (const key of world.tables[table].keys()) {
        if (!this.measures.has(nameOf({ table, key }))) this.walk({ table, key });
      }
    }
  }

  /** Depth first, without recursion: a way may have a thousand steps. */
  private walk(start: Node): void {
    const way = [{ node: start, steps: this.steps(start), position: 0 }];
    const onWay = new Map([[nameOf(start), 0]]);
    for (let last = way[0]; last; last = way[way.length - 1]) {
      const { node, steps } = last;
      const step = steps[last.position++];
      if (!step) {
        way.pop();
        onWay.delete(nameOf(node));
        this.measure(node, steps);
      } else if (step.node) {
        const name = nameOf(step.node);
        const at = onWay.get(name);
        if (at !== undefined)
          this.circle(way.slice(at).map((each) => ({ node: each.node, step: each.steps[each.position - 1] })));
        else if (!this.measures.has(name)) {
          onWay.set(name, way.length);
          way.push({ node: step.node, steps: this.steps(step.node), position: 0 });
        }
      }
    }
  }

  private steps(node: Node): readonly Step[] {
    const { table, key } = node;
    const written = this.world.tables[table].get(key) ?? [];
    if (table === 'aliases') return written.map((target) => this.ofAlias(key, target));
    const address = this.example(key);
    const targets = this.world.targets(table, address, { key, extension: '' });
    const counting = table === 'virtual' ? targets : targets.slice(0, 1).filter((target) => !same(target, address));
    return counting.flatMap((target, index) => {
      const every = key.startsWith('@') && index === 0 && written[0]?.startsWith('@') === true;
      return this.toAddress(node, target, { target: written[index] ?? target, first: index === 0 }, every);
    });
  }

  /** An address that an entry is for. */
  private example(key: string): string {
    return key.startsWith('@') ? `${ANYBODY}${key}` : this.world.whole(key);
  }

  /** What a target leads to: several entries where those of whole domains are in between. `every`: it stands for a whole domain. */
  private toAddress(node: Node, target: string, about: Pick<Step, 'target' | 'first'>, every: boolean): readonly Step[] {
    const { world } = this;
    const rewritten = node.table === 'canonical' ? world.match('canonical', target) : undefined;
    if (rewritten) return [{ ...about, node: { table: 'canonical', key: rewritten.key } }];
    const found: Step[] = [];
    const passed = new Set<string>();
    for (let address = target; ; ) {
      // An address may expand into itself: then it is meant as it is.
      const isItself = node.table === 'virtual' && passed.size === 0 && same(address, this.example(node.key));
      const match = isItself ? undefined : world.match('virtual', address);
      if (!match) return [...found, this.atEnd(address, about, every)];
      found.push({ ...about, node: { table: 'virtual', key: match.key } });
      const isDomain = match.key.startsWith('@') && world.tables.virtual.get(match.key)?.[0]?.startsWith('@') === true;
      if (every || !isDomain) return found;
      if (passed.has(match.key)) return [...found, this.atEnd(address, about)];
      passed.add(match.key);
      address = world.targets('virtual', address, match)[0] as string;
    }
  }

  private atEnd(address: string, about: Pick<Step, 'target' | 'first'>, every = false): Step {
    const [local, domain] = parts(address);
    if (every) return { ...about, end: this.endOfDomain(domain.toLowerCase(), address) };
    const alias = this.world.own.has(domain.toLowerCase()) ? this.world.aliasOf(local) : undefined;
    if (alias !== undefined) return { ...about, node: { table: 'aliases', key: alias } };
    return { ...about, end: this.world.end(address) };
  }

  /** Who has the address is known when somebody asks for it. */
  private endOfDomain(domain: string, address: string): End {
    const route = this.world.route(domain, address);
    if (route) return route;
    if (this.world.own.has(domain) || this.keyDomains.has(domain)) return { kind: 'asked' };
    return { kind: 'nowhere', why: `no address of '${domain}' is known` };
  }

  private ofAlias(key: string, target: string): Step {
    const { world } = this;
    const about = { target, first: false };
    if (SPECIAL.test(target)) return { ...about, end: { kind: 'taken' } };
    const address = world.whole(target.replace(/^\\/, ''));
    const [local, domain] = parts(address);
    if (!world.own.has(domain.toLowerCase())) {
      const rewritten = world.match('canonical', address);
      if (rewritten) return { ...about, node: { table: 'canonical', key: rewritten.key } };
      return this.toAddress({ table: 'aliases', key }, address, about, false).at(-1) as Step;
    }
    // An alias that names itself means the mailbox.
    const alias = target.startsWith('\\') ? undefined : world.aliasOf(local);
    if (alias !== undefined && alias !== key) return { ...about, node: { table: 'aliases', key: alias } };
    return { ...about, end: world.end(address) };
  }

  /** What is known of an entry when all that it leads to is. */
  private measure(node: Node, steps: readonly Step[]): void {
    const { recursion, expansion } = this.world;
    const known = steps.map((step) => ({
      ...step,
      ...((step.node && this.measures.get(nameOf(step.node))) ?? NOTHING),
      isVirtual: step.node?.table === 'virtual',
    }));
    const next = known.filter(({ first, isVirtual }) => first && isVirtual);
    const depth = 1 + Math.max(0, ...next.map((step) => step.depth));
    const size = known.reduce((sum, step) => sum + (step.isVirtual ? step.size : 1), 0);
    const nested = Math.max(0, ...known.map((step) => (step.node?.table === 'aliases' ? step.nested + 1 : 0)));
    for (const step of steps) this.lookAtEnd(node, step);
    this.measures.set(nameOf(node), { depth, size, nested });
    if (node.table === 'virtual') {
      const givesUp = () => this.world.expanded(this.example(node.key)) === undefined;
      if (size > expansion && !known.some((step) => step.isVirtual && step.size > expansion) && givesUp()) {
        const limit = `${expansion} (virtual_alias_expansion_limit): make it a list of a mailing list manager, or raise the limit`;
        this.add([node], `stands for ${size} addresses, and Postfix puts off mail for more than ${limit}`);
      } else if (depth >= recursion && !next.some((step) => step.depth >= recursion) && givesUp()) {
        const limit = `${recursion} (virtual_alias_recursion_limit): name the last target`;
        this.add([node], `leads through ${depth} entries, one after the other, and Postfix puts off mail beyond ${limit}`);
      }
    }
    if (node.table === 'aliases' && nested === MOST_NESTED) {
      this.add(
        [node],
        `leads through more than ${MOST_NESTED} aliases, one inside of the other, and Postfix gives up: name the last target`,
      );
    }
  }

  private lookAtEnd(node: Node, { node: next, end, target }: Step): void {
    const isUnread = next !== undefined && this.unread.has(nameOf(next));
    if (end?.kind !== 'nowhere' && !isUnread) return;
    const why = end ? end.why : this.unread.get(nameOf(next as Node));
    // A sender may be rewritten to an address that nobody reads; a recipient may not.
    if (node.table === 'canonical' && !this.isReceived(node.key)) {
      this.unread.set(nameOf(node), why);
      return;
    }
    const consequence = 'its mail would be taken and sent back to whomever it names as the sender';
    this.add([node], `'${target}' leads nowhere: ${why}, so ${consequence}`);
  }

  private isReceived(key: string): boolean {
    const address = this.example(key);
    const domain = parts(address)[1].toLowerCase();
    return this.world.own.has(domain) || this.world.route(domain, address)?.why !== 'elsewhere';
  }

  private circle(way: readonly { readonly node: Node; readonly step?: Step }[]): void {
    const nodes = way.map(({ node }) => node);
    if (nodes.every(({ table }) => table === 'virtual')) {
      const ends = nodes.map((node) => ({ node, found: this.world.expanded(this.example(node.key)) }));
      if (ends.every(({ found }) => found !== undefined)) {
        // An entry of it has itself among its targets, and is meant as it is then.
        for (const { node, found = [] } of ends) {
          for (const address of found) this.lookAtEnd(node, this.atEnd(address, { target: address, first: false }));
        }
        return;
      }
    }
    const isCanonical = nodes.every(({ table }) => table === 'canonical');
    if (isCanonical && nodes.every(({ key }) => this.world.rewritten(this.example(key)) !== undefined)) return;
    const names = way.flatMap(({ node, step }, index) => {
      const following = nodes[(index + 1) % nodes.length]?.key ?? '';
      // An entry for a whole domain, or one that an address with an extension matches.
      const isBetween = step !== undefined && !same(this.world.whole(step.target), this.world.whole(following));
      return isBetween ? [node.key, step.target] : [node.key];
    });
    const shown = names.length > LONGEST_WAY ? [...names.slice(0, LONGEST_WAY), '…'] : names;
    const what = isCanonical ? 'is rewritten in a circle' : 'goes round in a circle, and its mail never arrives';
    this.add(nodes, `${what}: ${[...shown, names[0]].join(' → ')}`);
  }

  private add(nodes: readonly Node[], text: string): void {
    const name = [...nodes.map(nameOf), text].join('\n');
    if (this.told.has(name)) return;
    this.told.add(name);
    this.faults.push({ nodes, text });
  }
}

const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
