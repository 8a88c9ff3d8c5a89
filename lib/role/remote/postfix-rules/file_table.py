"""The source of a lookup table as a mapping from keys in lower case to the text of their values.

A dict of a million entries takes a quarter of a gigabyte. Here the entries stay in the file: most questions are answered by the domains
of the keys, and with the first other one an index is made, of eight bytes for each line."""

import mmap
import re
from array import array
from collections.abc import Mapping

BLOCK = 1024 * 1024
# Keys without a domain, of which more are looked up in the index like all others.
MOST_BARE = 1000

PLAIN = re.compile(rb'^[^\s@"#]*@(\S+)', re.M)
BARE = re.compile(rb'^([^\s@"#]+)\s', re.M)
QUOTED = re.compile(rb'^"[^\n]*', re.M)
QUOTED_ENTRY = re.compile(rb'("(?:\\.|[^"\\])*"@\S*)\s+(.*)', re.S)


def text(content):
    return content.decode("utf-8", "surrogateescape")


def entry(line):
    """Key in lower case and value of a line; None for a line that is not an entry."""
    if line[:1] == b'"':
        match = QUOTED_ENTRY.match(line)
        return (text(match.group(1)).lower(), text(match.group(2).strip())) if match else None
    words = line.split(None, 1)
    if len(words) != 2 or line[:1] == b"#" or words[0][:1] == b"#":
        return None
    key, value = words
    return text(key.lower()) if key.isascii() else text(key).lower(), text(value.rstrip())


def blocks(path):
    """The file in parts, each of whole lines."""
    with open(path, "rb") as file:
        rest = b""
        while part := file.read(BLOCK):
            end = part.rfind(b"\n") + 1
            if not end:
                rest += part
                continue
            yield rest + part[:end]
            rest = part[end:]
        if rest:
            yield rest


class FileTable(Mapping):
    """`names_domains`: a key that is a bare domain is not an entry but the name of a domain, as virtual(5) has it; see `named`."""

    def __init__(self, path, names_domains=False):
        self.path = path
        self.count = 0
        # Domains of all keys, and the keys without one; None for too many of these.
        self.domains = set()
        self.bare = set()
        self.named = set()
        self.data = None
        self.slots = None
        self.names_domains = names_domains
        try:
            for block in blocks(path):
                self.note(block)
        except FileNotFoundError:
            self.path = "/dev/null"

    def note(self, block):
        self.count += block.count(b"\n") + 1
        self.domains.update(text(domain).lower() for domain in set(PLAIN.findall(block)))
        for line in QUOTED.findall(block):
            found = entry(line)
            if found:
                self.domains.add(found[0].rpartition("@")[2])
        for key in set(BARE.findall(block)):
            key = text(key).lower()
            if self.is_name(key):
                self.named.add(key)
            elif self.bare is not None:
                self.bare.add(key)
        if self.bare is not None and len(self.bare) > MOST_BARE:
            self.bare = None

    def is_name(self, key):
        return self.names_domains and "@" not in key and "." in key

    def items(self):
        """Each entry, in the order of the file."""
        with open(self.path, "rb") as file:
            for line in file:
                found = entry(line)
                if found and not self.is_name(found[0]):
                    yield found

    def __iter__(self):
        return (key for key, _ in self.items())

    def __len__(self):
        return self.count

    def __contains__(self, key):
        return self.slot(key) is not None

    def __getitem__(self, key):
        at = self.slot(key)
        if at is None:
            raise KeyError(key)
        return entry(self.line(self.slots[at] - 1))[1]

    def slot(self, key):
        """A number of its own for each key, below `size()`; None for a key that has no entry."""
        _, at, domain = key.rpartition("@")
        if at and domain not in self.domains or not at and self.bare is not None and key not in self.bare:
            return None
        if self.is_name(key):
            return None
        if self.slots is None:
            self.make_index()
        wanted = key.encode("utf-8", "surrogateescape")
        mask = len(self.slots) - 1
        at = hash(wanted) & mask
        while position := self.slots[at]:
            line = self.line(position - 1)
            if line[: len(wanted)].lower() == wanted or not line.isascii() or line[:1] == b'"':
                found = entry(line)
                if found and found[0] == key:
                    return at
            at = (at + 1) & mask
        return None

    def size(self):
        if self.slots is None:
            self.make_index()
        return len(self.slots)

    def line(self, position):
        end = self.data.find(b"\n", position)
        return self.data[position : end if end >= 0 else len(self.data)]

    def make_index(self):
        """Places of entries in the file, found by the hash of the key; nobody outside knows the key of that hash."""
        self.slots = slots = array("I", bytes(4 * (1 << (2 * self.count).bit_length())))
        mask = len(slots) - 1
        position = 0
        with open(self.path, "rb") as file:
            for line in file:
                words = line.split(None, 1)
                if len(words) == 2:
                    key = words[0]
                    if key.isascii() and key[0] not in b'#"':
                        at = hash(key.lower()) & mask
                    else:
                        found = entry(line)
                        at = hash(found[0].encode("utf-8", "surrogateescape")) & mask if found else None
                    if at is not None:
                        while slots[at]:
                            at = (at + 1) & mask
                        slots[at] = position + 1
                position += len(line)
            self.data = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) if position else b""
