"""What the tables of a candidate say of recipients, as recipients.World takes it, and the tables that follow from the judgement."""

import pwd
import re

from addresses import split_targets
from parameters import settings
from recipient_graph import Judgement
from recipients import ALIASES, ASKED, CANONICAL, NOWHERE, TAKEN, UNKNOWN, VIRTUAL, End, World

# Tables by the table of recipients.World that they make up; of a key in several the first counts.
SOURCES = (
    (CANONICAL, "canonical"),
    (VIRTUAL, "virtual-aliases"),
    (ALIASES, "local-aliases"),
    (ALIASES, "aliases"),
    (ALIASES, "stack-aliases"),
)
ALIAS = re.compile(r'"?((?:\\.|[^"\\:])*?)"?\s*:\s*(.*)', re.DOTALL)
SIMPLE = re.compile(r'[^\s,"]+')
# Tables that follow: recipients that are asked for while a stranger waits, and who hears of what aliases could not hand on.
MADE = VERIFIED, OWNERS = "verify-aliases", "owners"
# The mailbox of root, whoever its mail goes to.
LAST_RESORT = "\\root"
TO_HOSTS = {"", "smtp", "smtp4", "relay", "lmtp"}
MOST_TOLD = 20
NUMBERS = {
    "virtual_alias_recursion_limit": "recursion",
    "virtual_alias_expansion_limit": "expansion",
    "virtual_alias_address_length_limit": "length",
}


def judge(out, main, mailboxes, file_of, problems):
    """Adds what is wrong to `problems`; writes the recipients that have to be asked for elsewhere (verify-aliases), and the owners of
    aliases that hand mail on (owners). `mailboxes`: accounts that get one, in lower case. `file_of`: from the name of a table to the
    file of a person, its path now, and whether service users can have written it."""
    tables = Tables(out)
    judgement = Judgement(tables.world(parameters(main), mailboxes))
    for fault in judgement.faults:
        places = [(*file_of(tables.source(*node)), node) for node in fault.nodes]
        # Of several entries the service users' is the one to change.
        path, real, _, (table, key) = next((place for place in places if place[2]), places[0])
        text = fault.text if fault.text.startswith("'") else f"'{key}' {fault.text}"
        problems.add(path, 0 if problems.count >= MOST_TOLD else line_of(real, key, table == ALIASES), text)
    write(f"{out}/{VERIFIED}", (f"{name} reject_unverified_recipient" for name in sorted(judgement.asked)))
    write(f"{out}/{OWNERS}", owners(judgement.world, judgement.leaving))


def parameters(main):
    with open(main, encoding="utf-8", errors="surrogateescape") as file:
        return {name: value for _, name, value in settings(file.read())}


class Entries(dict):
    """Targets by key; they are taken apart when somebody asks, for the sake of the memory that a large map takes."""

    def __getitem__(self, key):
        value = super().__getitem__(key)
        return [value] if SIMPLE.fullmatch(value) else split_targets(value)


class Tables:
    def __init__(self, out):
        self.out = out
        self.entries = {CANONICAL: {}, VIRTUAL: {}, ALIASES: {}}
        self.sources = {}
        for table, name in SOURCES:
            entries = (self.alias_lines if table == ALIASES else self.pairs)(name)
            if table != ALIASES:
                self.entries[table] = entries
                continue
            for key, targets in entries.items():
                if self.entries[table].setdefault(key, targets) is targets:
                    self.sources[key] = name
        # virtual(5) names a domain of aliases by a line of its own.
        named = [key for key in self.entries[VIRTUAL] if "@" not in key and "." in key]
        self.alias_domains = {*named, *self.keys("stack-virtual-domains")}
        for key in named:
            del self.entries[VIRTUAL][key]
        self.relayed = {*self.keys("relay-domains"), *self.keys("stack-relay-domains")}
        self.transports = [dict(self.lines(name)) for name in ("transport", "stack-transport")]

    def source(self, table, key):
        """Name of the table that an entry is of."""
        return self.sources[key] if table == ALIASES else {CANONICAL: "canonical", VIRTUAL: "virtual-aliases"}[table]

    def lines(self, name):
        """Key in lower case and value of each line."""
        try:
            with open(f"{self.out}/{name}", encoding="utf-8", errors="surrogateescape") as file:
                for line in file:
                    parts = line.split(None, 1)
                    if len(parts) == 2 and parts[0][0] not in '#"':
                        yield parts[0].lower(), parts[1].rstrip()
                    elif parts and line[0] == '"':
                        yield quoted_key(line)
        except FileNotFoundError:
            return

    def keys(self, name):
        return [key for key, _ in self.lines(name)]

    def pairs(self, name):
        return Entries(self.lines(name))

    def alias_lines(self, name):
        """/etc/aliases is as Debian or an administrator wrote it."""
        entries = {}
        with open(f"{self.out}/{name}", encoding="utf-8", errors="surrogateescape") as file:
            whole = re.sub(r"\n[ \t]+(?=[^\s#])", " ", re.sub(r"(?m)^\s*#.*\n?", "", file.read()))
        for line in whole.split("\n"):
            match = ALIAS.fullmatch(line.strip())
            if match and match.group(1):
                entries.setdefault(match.group(1).lower(), split_targets(match.group(2)))
        return entries

    def world(self, main, mailboxes):
        numbers = {argument: int(main[name]) for name, argument in NUMBERS.items() if main.get(name, "").isdigit()}
        hostname = main.get("myhostname", "localhost")
        own = [
            hostname,
            *[word for word in re.split(r"[\s,]+", main.get("mydestination", "localhost")) if word and "$" not in word],
        ]
        return World(
            self.entries[CANONICAL],
            self.entries[VIRTUAL],
            self.entries[ALIASES],
            own,
            lambda name: has_mailbox(name, mailboxes),
            self.route,
            main.get("recipient_delimiter", ""),
            **numbers,
        )

    def route(self, domain, address):
        if domain in self.alias_domains:
            return None
        service, _, hop = (self.transport(domain, address.lower()) or ":").partition(":")
        if service in TO_HOSTS:
            return End(ASKED, "relayed" if self.is_relayed(domain) else "elsewhere")
        if service == "error":
            return End(NOWHERE, f"the transport map has an error for it ({hop.strip() or 'no reason given'})")
        return End(TAKEN if service.startswith("user-") or service == "discard" else UNKNOWN)

    def transport(self, domain, address):
        parents = [domain[at:] for at, letter in enumerate(domain) if letter == "." and at > 0]
        for key in (address, domain, *parents, "*"):
            for transports in self.transports:
                if key in transports:
                    return transports[key]
        return None

    def is_relayed(self, domain):
        return any(
            name in self.relayed
            for name in (domain, *[domain[at:] for at, letter in enumerate(domain) if letter == "." and at > 0])
        )


def quoted_key(line):
    match = re.match(r'("(?:\\.|[^"\\])*"@\S*)\s+(.*)', line)
    return (match.group(1).lower(), match.group(2).strip()) if match else ("", "")


def owners(world, leaving):
    """local(8) gives mail for an alias NAME the sender owner-NAME where there is such an alias: what a script, a file or another host
    does not take then comes back to an operator, and not to whomever a stranger named as the sender."""
    of_postmaster = reached(world, "postmaster")
    for name in sorted(leaving):
        if not name.startswith("owner-") and f"owner-{name}" not in world.tables[ALIASES]:
            # What postmaster himself does not get must not come back to him.
            yield f'"owner-{name}": {LAST_RESORT if name in of_postmaster else "postmaster"}'


def reached(world, name):
    """The aliases that mail for one of them goes through."""
    found, left = set(), [name]
    while left:
        name = left.pop()
        if name not in found and name in world.tables[ALIASES]:
            found.add(name)
            left += [target.lower().partition("@")[0] for target in world.tables[ALIASES][name]]
    return found


def has_mailbox(name, mailboxes):
    if name.lower() in mailboxes:
        return True
    try:
        pwd.getpwnam(name.lower())
    except (KeyError, ValueError, UnicodeError):
        return False
    return True


def write(path, lines):
    with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.writelines(f"{line}\n" for line in lines)


def line_of(path, key, is_alias):
    """Number of the line whose entry has a key, 0 for none."""
    wanted = key.encode("utf-8", "surrogateescape")
    try:
        with open(path, "rb") as file:
            for number, line in enumerate(file, 1):
                found = line.strip().lower()
                if found.startswith((wanted, b'"' + wanted)) and re.match(
                    rb'["\s:]' if is_alias else rb"\s", found.lstrip(b'"')[len(wanted) :]
                ):
                    return number
    except OSError:
        return 0
    return 0
