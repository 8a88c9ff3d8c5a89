"""What the tables of a candidate say of recipients, as recipients.World takes it, and the tables that follow from the judgement."""

import os
import pwd
import re
import subprocess

from addresses import split_targets
from file_table import FileTable
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
# So many are kept before they are written.
MOST_ASKED = 10_000
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
    asked = Asked(f"{out}/{VERIFIED}")
    judgement = Judgement(tables.world(parameters(main), mailboxes), asked)
    asked.close()
    for fault in judgement.faults:
        places = [(*file_of(tables.source(*node)), node) for node in fault.nodes]
        # Of several entries the service users' is the one to change.
        path, real, _, (table, key) = next((place for place in places if place[2]), places[0])
        text = fault.text if fault.text.startswith("'") else f"'{key}' {fault.text}"
        problems.add(path, 0 if problems.count >= MOST_TOLD else line_of(real, key, table == ALIASES), text)
    problems.count += judgement.untold
    write(f"{out}/{OWNERS}", owners(judgement.world, judgement.leaving))


def parameters(main):
    with open(main, encoding="utf-8", errors="surrogateescape") as file:
        return {name: value for _, name, value in settings(file.read())}


class Targets(FileTable):
    """Targets by key; they are taken apart when somebody asks."""

    def texts(self):
        return super().items()

    def __getitem__(self, key):
        value = super().__getitem__(key)
        return [value] if SIMPLE.fullmatch(value) else split_targets(value)


class Asked:
    """Names, each once in the end; of a large map there may be as many as it has lines, and then they are on the disk."""

    def __init__(self, path):
        self.path = path
        self.names = set()
        self.file = open(path, "w", encoding="utf-8", errors="surrogateescape")

    def add(self, name):
        self.names.add(name)
        if len(self.names) >= MOST_ASKED:
            self.write()

    def write(self):
        self.file.writelines(f"{name} reject_unverified_recipient\n" for name in sorted(self.names))
        self.names.clear()

    def close(self):
        is_sorted = self.file.tell() == 0
        self.write()
        self.file.close()
        if not is_sorted:
            command = ["sort", "-u", "-S", "32M", "-T", os.path.dirname(self.path), "-o", self.path, self.path]
            subprocess.run(command, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"}, check=True)


class Tables:
    def __init__(self, out):
        self.out = out
        # virtual(5) names a domain of aliases by a line of its own.
        virtual = Targets(f"{out}/virtual-aliases", names_domains=True)
        self.entries = {CANONICAL: Targets(f"{out}/canonical"), VIRTUAL: virtual, ALIASES: {}}
        self.sources = {}
        for table, name in SOURCES:
            for key, targets in self.alias_lines(name).items() if table == ALIASES else ():
                if self.entries[table].setdefault(key, targets) is targets:
                    self.sources[key] = name
        self.alias_domains = {*virtual.named, *self.keys("stack-virtual-domains")}
        self.relayed = {*self.keys("relay-domains"), *self.keys("stack-relay-domains")}
        self.transports = [FileTable(f"{out}/{name}") for name in ("transport", "stack-transport")]

    def source(self, table, key):
        """Name of the table that an entry is of."""
        return self.sources[key] if table == ALIASES else {CANONICAL: "canonical", VIRTUAL: "virtual-aliases"}[table]

    def keys(self, name):
        return FileTable(f"{self.out}/{name}")

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
            apart_routed=frozenset(domain for table in self.transports for domain in table.domains),
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
