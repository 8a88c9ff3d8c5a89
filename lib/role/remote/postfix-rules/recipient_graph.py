"""Entries of canonical(5), virtual(5) and aliases(5) judged together: circles, depth, size, and targets that lead nowhere.

An entry is a node, (table, key). Each is judged by its own targets, so that the work grows with the number of lines and not with the
length of ways; only where something looks wrong the way of a mail is followed to its end.
"""

import collections

from recipient_measures import UNMEASURED, Measures
from recipients import ALIASES, ANYBODY, ASKED, CANONICAL, NOWHERE, SPECIAL, TAKEN, UNKNOWN, VIRTUAL, End

# local(8): aliases inside of aliases, measured with Postfix 3.10.
MOST_NESTED = 24
LONGEST_WAY = 8
# Entries one after the other that are followed; Postfix gives up long before.
MOST_ON_WAY = 10_000
# So many faults are kept, the others are counted.
MOST_FAULTS = 1000

# Entries may be in between.
ENTRIES = "entries"
# Ends that only the host knows cannot be judged here.
KINDS = {TAKEN: TAKEN, ASKED: ASKED, UNKNOWN: TAKEN}
MOST_KINDS = 100_000

# `nodes`: the entries that it is about, the one to change first. `text` follows the place.
Fault = collections.namedtuple("Fault", "nodes text")
# A target of an entry: the entry that it matches, or its end; `first`: the one that cleanup(8) goes on with.
Step = collections.namedtuple("Step", "node end target first")


class TooLong(Exception):
    """A way that is not followed to its end."""


class Judgement:
    """`faults` in the order of the entries, `untold` the number of those that are not among them. `asked`: names, of those that
    strangers give, whose one recipient only somebody else knows: a domain of aliases as a whole, of others the addresses. `leaving`:
    keys of aliases(5) that hand mail to what may refuse it later."""

    def __init__(self, world, asked=None):
        self.world = world
        self.faults = []
        self.told = set()
        self.untold = 0
        # Entries of canonical(5) that only senders meet, and why their address leads nowhere.
        self.unread = {}
        self.asked = set() if asked is None else asked
        self.leaving = set()
        # Of nodes that are done: their entries of virtual(5) in a row, addresses in the end, aliases inside of each other, and whether
        # somebody else has to be asked.
        self.measures = Measures(world.tables)
        self.key_domains = domains_of(world.tables[VIRTUAL])
        # Of these an address may match an entry, whatever its route says.
        self.matched = {VIRTUAL: self.key_domains, CANONICAL: self.key_domains | domains_of(world.tables[CANONICAL])}
        # Of a domain, or a target without one, by table: what becomes of it when no entry is in between.
        self.kinds = {}
        self.wholes = {}
        try:
            for table in (CANONICAL, ALIASES, VIRTUAL):
                for key in world.tables[ALIASES] if table == ALIASES else self.others(table):
                    if (table, key) not in self.measures:
                        self.walk((table, key))
        except TooLong:
            # It is a fault; whatever else is wrong shows when that is corrected.
            pass

    def others(self, table):
        """The entries but for those with one target that somebody takes, as nearly all of a large map are; a target may be an entry of
        that kind itself. For a million lines, so that each has to be looked at with a few operations."""
        entries = self.world.tables[table]
        if self.world.recursion <= 2 or self.world.expansion < 1:
            yield from entries
            return
        kinds = self.kinds.setdefault(table, {})
        for key, target in items(entries):
            at = target.rfind("@")
            domain = target[at:] if at >= 0 else target
            kind = kinds.get(domain) or self.kind_of_target(table, domain, target)
            if kind == ENTRIES and table == VIRTUAL and at > 0 and target.lower() != key:
                further = one_target(entries, target.lower())
                if further is not None:
                    target = further
                    at = target.rfind("@")
                    domain = target[at:] if at >= 0 else target
                    kind = kinds.get(domain) or self.kind_of_target(table, domain, target)
            if kind == ENTRIES and table == VIRTUAL and at > 0 and domain[1:].lower() in self.world.own:
                # A mailbox that many lead to.
                kind = kinds.get(target) or self.kind_of_target(table, target, target)
            if kind == ENTRIES or not is_plain(target):
                yield key
            elif kind == ASKED:
                self.ask(key)

    def kind_of_target(self, table, name, target):
        """TAKEN or ASKED for all targets of a name, that is a domain (`@domain`), an address of this host or what has no domain; ENTRIES
        where some of them may have some."""
        if not is_plain(target):
            return ENTRIES
        kinds = self.kinds[table]
        if len(kinds) > MOST_KINDS:
            kinds.clear()
        kinds[name] = kind = (
            self.kind_of_domain(table, name[1:].lower(), target) if name[0] == "@" else self.kind_of_name(table, name)
        )
        return kind

    def kind_of_domain(self, table, domain, target):
        if domain in self.matched[table] or domain in self.world.own or domain in self.world.apart_routed:
            return ENTRIES
        end = self.world.route(domain, target)
        return KINDS.get(end.kind, ENTRIES) if end else ENTRIES

    def kind_of_name(self, table, name):
        if table == CANONICAL or not name.rpartition("@")[0 if "@" in name else 2].isidentifier():
            return ENTRIES
        steps = self.to_address((VIRTUAL, ""), self.world.whole(name), name, True)
        alone = len(steps) == 1 and (steps[0].node[0] == ALIASES if steps[0].node else steps[0].end.kind == TAKEN)
        return TAKEN if alone else ENTRIES

    def is_whole(self, key):
        """Whether strangers' mail for all of a domain goes to entries of virtual(5)."""
        domain = key.rpartition("@")[2]
        return "@" in key and not self.world.is_own(domain) and self.world.route(domain, key) is None

    def ask(self, key):
        domain = key[key.rfind("@") + 1 :]
        whole = self.wholes.get(domain)
        if whole is None:
            if len(self.wholes) > MOST_KINDS:
                self.wholes.clear()
            # Strangers' mail for what goes elsewhere is refused anyway.
            whole = self.wholes[domain] = (self.is_whole(key), self.is_received(key))
        if whole[1]:
            self.asked.add(domain if whole[0] or key[0] == "@" else self.world.whole(key))

    def walk(self, start):
        """Depth first, without recursion: a way may have a thousand steps."""
        way, steps, position = [start], [self.steps(start)], [0]
        on_way = {start: 0}
        while way:
            if position[-1] == len(steps[-1]):
                node = way.pop()
                del on_way[node]
                self.measure(node, steps.pop())
                position.pop()
                continue
            step = steps[-1][position[-1]]
            position[-1] += 1
            if step.node in on_way:
                begin = on_way[step.node]
                self.circle(way[begin:], [taken[at - 1].target for taken, at in zip(steps[begin:], position[begin:])])
            elif step.node is not None and step.node not in self.measures:
                if len(way) >= MOST_ON_WAY:
                    self.add(
                        [start],
                        f"leads through more than {MOST_ON_WAY} entries, one after the other, and Postfix gives up: name the last target",
                    )
                    raise TooLong
                on_way[step.node] = len(way)
                way.append(step.node)
                steps.append(self.steps(step.node))
                position.append(0)

    def steps(self, node):
        table, key = node
        if table == ALIASES:
            return [self.of_alias(key, target) for target in self.world.tables[ALIASES][key]]
        address = self.example(key)
        written = self.world.tables[table][key]
        found = []
        for index, target in enumerate(self.world.targets(table, address, (key, ""))):
            if table == CANONICAL and (index > 0 or target.lower() == address.lower()):
                break
            every = key.startswith("@") and index == 0 and written[0].startswith("@")
            found += self.to_address(node, target, written[index], index == 0, every)
        return found

    def example(self, key):
        """An address that an entry is for."""
        return f"{ANYBODY}{key}" if key.startswith("@") else self.world.whole(key)

    def to_address(self, node, target, shown, first, every=False):
        """What a target leads to; several entries where one for a whole domain is in between. `every`: it stands for a whole domain."""
        world, found, passed = self.world, [], set()
        if node[0] == CANONICAL:
            match = world.match(CANONICAL, target)
            if match:
                return [Step((CANONICAL, match[0]), None, shown, first)]
        while True:
            if node[0] == VIRTUAL and not passed and target.lower() == self.example(node[1]).lower():
                # An address may expand into itself: then it is meant as it is.
                return [*found, self.at_end(target, shown, first, every)]
            match = world.match(VIRTUAL, target)
            if not match:
                return [*found, self.at_end(target, shown, first, every)]
            key = match[0]
            found.append(Step((VIRTUAL, key), None, shown, first))
            if every or not key.startswith("@") or not world.tables[VIRTUAL][key][0].startswith("@"):
                return found
            if key in passed:
                return [*found, self.at_end(target, shown, first)]
            passed.add(key)
            target = world.targets(VIRTUAL, target, match)[0]

    def at_end(self, address, shown, first, every=False):
        local, _, domain = address.rpartition("@")
        if every:
            end = self.end_of_domain(domain.lower(), address)
            return Step(None, end, shown, first)
        if self.world.is_own(domain):
            alias = self.world.alias_of(local)
            if alias is not None:
                return Step((ALIASES, alias), None, shown, first)
        return Step(None, self.world.end(address), shown, first)

    def end_of_domain(self, domain, address):
        """Who has the address is known when somebody asks for it."""
        if self.world.is_own(domain) or domain in self.key_domains:
            return self.world.route(domain, address) or End(ASKED)
        return self.world.route(domain, address) or End(NOWHERE, f"no address of '{domain}' is known")

    def of_alias(self, key, target):
        world = self.world
        if SPECIAL.match(target):
            self.leaving.add(key)
            return Step(None, End(TAKEN), target, False)
        address = world.whole(target.removeprefix("\\"))
        local, _, domain = address.rpartition("@")
        if not world.is_own(domain):
            self.leaving.add(key)
            rewritten = world.match(CANONICAL, address)
            if rewritten:
                return Step((CANONICAL, rewritten[0]), None, target, False)
            return self.to_address((ALIASES, key), address, target, False)[-1]
        # An alias that names itself means the mailbox.
        alias = None if target.startswith("\\") else world.alias_of(local)
        if alias is not None and alias != key:
            return Step((ALIASES, alias), None, target, False)
        return Step(None, world.end(address), target, False)

    def measure(self, node, steps):
        """What is known of an entry when all that it leads to is."""
        depth, size, nested = 1, 0, 0
        deeper, larger = False, False
        for step in steps:
            its_depth, its_size, its_nested, _ = self.measures.get(step.node) if step.node else UNMEASURED
            is_virtual = step.node is not None and step.node[0] == VIRTUAL
            if step.first and is_virtual:
                depth = max(depth, 1 + its_depth)
                deeper = deeper or its_depth >= self.world.recursion
            size += its_size if is_virtual else 1
            larger = larger or (is_virtual and its_size > self.world.expansion)
            if step.node is not None and step.node[0] == ALIASES:
                nested = max(nested, its_nested + 1)
            self.look_at_end(node, step)
        asks = False
        if steps and node[0] != ALIASES and (node[0] == CANONICAL or len(self.world.tables[VIRTUAL][node[1]]) == 1):
            last = steps[-1]
            asks = last.end.kind == ASKED if last.end else self.measures.get(last.node)[3]
            if asks:
                self.ask(node[1])
        self.measures.set(node, depth, size, nested, asks)
        if node[0] == VIRTUAL:
            if size > self.world.expansion and not larger and self.world.expanded(self.example(node[1])) is None:
                self.add(
                    [node],
                    f"stands for {size} addresses, and Postfix puts off mail for more than {self.world.expansion} (virtual_alias_expansion_limit): make it a list of a mailing list manager, or raise the limit",
                )
            elif depth >= self.world.recursion and not deeper and self.world.expanded(self.example(node[1])) is None:
                self.add(
                    [node],
                    f"leads through {depth} entries, one after the other, and Postfix puts off mail beyond {self.world.recursion} (virtual_alias_recursion_limit): name the last target",
                )
        if node[0] == ALIASES and nested == MOST_NESTED:
            self.add(
                [node],
                f"leads through more than {MOST_NESTED} aliases, one inside of the other, and Postfix gives up: name the last target",
            )

    def look_at_end(self, node, step):
        why = step.end.why if step.end and step.end.kind == NOWHERE else self.unread.get(step.node)
        if why is None:
            return
        # A sender may be rewritten to an address that nobody reads; a recipient may not.
        if node[0] == CANONICAL and not self.is_received(node[1]):
            self.unread[node] = why
            return
        self.add(
            [node],
            f"'{step.target}' leads nowhere: {why}, so its mail would be taken and sent back to whomever it names as the sender",
        )

    def is_received(self, key):
        address = self.example(key)
        domain = address.rpartition("@")[2].lower()
        end = None if self.world.is_own(domain) else self.world.route(domain, address)
        return end is None or end.why != "elsewhere"

    def circle(self, nodes, targets):
        of_virtual = all(table == VIRTUAL for table, _ in nodes)
        if of_virtual and all(self.world.expanded(self.example(key)) is not None for _, key in nodes):
            # An entry of it has itself among its targets, and is meant as it is then.
            for node in nodes:
                for address in self.world.expanded(self.example(node[1])):
                    self.look_at_end(node, self.at_end(address, address, False))
            return
        is_canonical = {table for table, _ in nodes} == {CANONICAL}
        if is_canonical and all(self.world.rewritten(self.example(key)) is not None for _, key in nodes):
            return
        names = []
        for (_, key), target, (_, following) in zip(nodes, targets, [*nodes[1:], nodes[0]]):
            # An entry for a whole domain, or one that an address with an extension matches.
            between = [] if self.world.whole(target).lower() == self.world.whole(following).lower() else [target]
            names += [key, *between]
        way = " → ".join([*names[:LONGEST_WAY], *["…"] * (len(names) > LONGEST_WAY), names[0]])
        what = "is rewritten in a circle" if is_canonical else "goes round in a circle, and its mail never arrives"
        self.add(nodes, f"{what}: {way}")

    def add(self, nodes, text):
        if len(self.faults) >= MOST_FAULTS:
            self.untold += 1
            return
        fault = Fault(tuple(nodes), text)
        if fault not in self.told:
            self.told.add(fault)
            self.faults.append(fault)


def domains_of(table):
    """Of the keys of a table."""
    found = getattr(table, "domains", None)
    return {key.rpartition("@")[2] for key in table} if found is None else found


def items(table):
    """Each key with its targets as they are written, with commas between several."""
    if hasattr(table, "texts"):
        return table.texts()
    return ((key, ", ".join(targets)) for key, targets in table.items())


def one_target(table, key):
    """The target of an entry that has one, None for no entry."""
    targets = table.get(key, ())
    return targets[0] if len(targets) == 1 else None


def is_plain(target):
    return "," not in target and " " not in target and "\t" not in target and '"' not in target and target[:1] != "@"
