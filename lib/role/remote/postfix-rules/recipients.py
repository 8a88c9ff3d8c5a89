"""Where mail for an address ends: canonical(5), virtual(5) and aliases(5) followed as cleanup(8) and local(8) do. What is judged by it
is in recipient_graph.py; the stack has the same in lib/role/recipients."""

import collections
import re

CANONICAL, VIRTUAL, ALIASES = "canonical", "virtual", "aliases"

# What becomes of mail for an address: somebody takes it; a next hop or another server has to be asked; nobody has the address; or that
# is not known here.
TAKEN, ASKED, NOWHERE, UNKNOWN = "taken", "asked", "nowhere", "unknown"
End = collections.namedtuple("End", "kind why", defaults=[""])

# A local part that nobody has, to find out what becomes of any.
ANYBODY = "no-such-user"
# cleanup(8), for canonical(5).
MOST_CANONICAL = 10
SPECIAL = re.compile(r'"?(?:[|/]|:include:)', re.I)


class World:
    """What decides where mail goes.

    canonical, virtual, aliases: key in lower case to targets. own: domains whose mail stays on the host; the first one completes names
    without a domain. mailbox: from a name whether it has one, None where nobody knows. route: from a domain in lower case and an address
    the End of mail for other domains, None for a domain that has the recipients of virtual(5) only. apart_routed: domains of which single
    addresses have a route of their own."""

    def __init__(
        self,
        canonical,
        virtual,
        aliases,
        own,
        mailbox,
        route,
        delimiter="+",
        recursion=1000,
        expansion=1000,
        length=1000,
        apart_routed=frozenset(),
    ):
        self.tables = {CANONICAL: canonical, VIRTUAL: virtual, ALIASES: aliases}
        self.origin = own[0]
        self.own = frozenset(name.lower() for name in own)
        self.mailbox = mailbox
        self.route = route
        self.delimiter = delimiter
        self.recursion = recursion
        self.expansion = expansion
        self.length = length
        self.apart_routed = apart_routed

    def whole(self, target):
        return target if "@" in target else f"{target}@{self.origin}"

    def is_own(self, domain):
        return domain.lower() in self.own

    def apart(self, local):
        """A local part without its extension, and the extension with its delimiter."""
        ends = [at for at in (local.find(letter, 1) for letter in self.delimiter) if at > 0]
        if not ends or local.lower() in ("mailer-daemon", "double-bounce"):
            return local, ""
        return local[: min(ends)], local[min(ends) :]

    def match(self, table, address):
        """Key of the entry for an address, and the extension that its targets get; None without an entry."""
        entries = self.tables[table]
        local, _, domain = address.lower().rpartition("@")
        bare, _ = self.apart(local)
        extension = self.apart(address.rpartition("@")[0])[1]
        own = domain in self.own
        for key, rest, counts in (
            (f"{local}@{domain}", "", True),
            (f"{bare}@{domain}", extension, extension),
            (local, "", own),
            (bare, extension, own and extension),
        ):
            if counts and key in entries:
                return key, rest
        return (f"@{domain}", "") if f"@{domain}" in entries else None

    def targets(self, table, address, match):
        """Where that entry sends the address."""
        key, extension = match
        found = []
        for target in self.tables[table][key]:
            if target.startswith("@") and not found:
                found.append(address.rpartition("@")[0] + target)
                extension = ""
            else:
                local, _, domain = self.whole(target).rpartition("@")
                found.append(f"{local}{extension}@{domain}")
        return found

    def alias_of(self, local):
        """Key of the entry of aliases(5) for a local part."""
        folded = local.lower()
        for name in (folded, self.apart(folded)[0]):
            if name in self.tables[ALIASES]:
                return name
        return None

    def end(self, address):
        """What becomes of mail for an address that no entry is for."""
        local, _, domain = address.rpartition("@")
        if not self.is_own(domain):
            return self.route(domain.lower(), address) or End(
                NOWHERE, f"'{domain}' has the recipients of virtual aliases only, and this is none of them"
            )
        has = self.mailbox(local) if local == self.apart(local)[0] else self.mailbox(local) or self.mailbox(self.apart(local)[0])
        if has is None:
            return End(UNKNOWN)
        return End(TAKEN) if has else End(NOWHERE, f"'{domain}' is this host, which has neither an alias nor a mailbox '{local}'")

    def rewritten(self, address):
        """What canonical(5) makes of an address, None for what has no end."""
        for _ in range(MOST_CANONICAL):
            found = self.match(CANONICAL, address)
            before = address
            if found:
                address = self.targets(CANONICAL, address, found)[0]
            if before.lower() == address.lower():
                return address
        return None

    def expanded(self, address):
        """The addresses that virtual(5) makes of one; None where cleanup(8) gives up and puts the mail off."""
        found, done, at = [address], set(), 0
        while at < len(found):
            if len(found) > self.expansion:
                return None
            for count in range(self.recursion + 1):
                current = found[at]
                if current.lower() in done:
                    break
                if count == self.recursion:
                    return None
                match = self.match(VIRTUAL, current)
                if not match:
                    break
                targets = self.targets(VIRTUAL, current, match)
                if any(len(target) > self.length for target in targets):
                    return None
                found[at : at + 1] = targets[:1]
                found += targets[1:]
                if current.lower() in [target.lower() for target in targets]:
                    done.add(current.lower())
            at += 1
        return found
