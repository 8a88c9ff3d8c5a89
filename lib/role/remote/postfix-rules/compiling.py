"""What postmap(1) and postalias(1) make of a table, and what they say of it."""

import filecmp
import os
import re
import subprocess

PATTERNS = {"canonical.pcre", "hidden-clients.pcre", "stack-own-senders.pcre"}
NETWORKS = {"external-networks", "known-clients", "postscreen-access"}
ALIASES = {"local-aliases", "aliases", "stack-aliases", "owners"}
# No table of Postfix.
TEXTS = {"submission-senders"}
LINE_BY_LINE = {"canonical.pcre", "aliases", "stack-aliases"}
MOST_SAID = 16 * 1024
MOST_TOLD = 20


class Compiler:
    """`tools`: a folder whose main.cf says nothing, so that what the tools say is about the tables. `before`: tables of before."""

    def __init__(self, tools, kind, before):
        self.tools = tools
        self.kind = kind
        self.before = before

    def compile(self, path):
        """Compiles, or takes what is the same as before; gives what the tools say: any word is about a line that would not work."""
        name = os.path.basename(path)
        if name in TEXTS or self.is_as_before(name, path):
            return ""
        if name in PATTERNS:
            return self.run("postmap", "-q", "postmaster@localhost", f"pcre:{path}")
        if name in NETWORKS:
            return self.run("postmap", "-q", "127.0.0.1", f"cidr:{path}")
        return self.run("postalias" if name in ALIASES else "postmap", f"{self.kind}:{path}")

    def is_as_before(self, name, path):
        before = os.path.join(self.before, name)
        if not os.path.isfile(before) or not filecmp.cmp(before, path, shallow=False):
            return False
        if name in PATTERNS | NETWORKS:
            return True
        try:
            # Nobody writes to it: a new table is a new file.
            os.link(f"{before}.{self.kind}", f"{path}.{self.kind}")
            # Postfix warns of a table that is older than its text.
            written = os.stat(before)
            os.utime(path, ns=(written.st_atime_ns, written.st_mtime_ns))
        except OSError:
            return False
        return True

    def run(self, tool, *arguments):
        command = [tool, "-c", self.tools, *arguments]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
            said = process.stderr.read(MOST_SAID)
            while process.stderr.read(MOST_SAID):
                pass
        # A question that nothing answers is not a mistake: exit 1 without a word.
        if process.returncode != 0 and not said and "-q" not in arguments:
            said = b"failed"
        return said.decode("utf-8", "replace")


def explained(said, path, origin, source):
    """What the tools said, a mistake each: line number, 0 where there is none, and words."""
    for line in said.splitlines()[:MOST_TOLD]:
        text = re.sub(r"^(post[a-z]*: |warning: |fatal: )*", "", line)
        twice = re.search(r'duplicate entry: "(.*)"$', text)
        if twice:
            yield from double(source, twice.group(1))
            continue
        place = re.fullmatch(rf"(?:\w+ map )?{re.escape(path)}(?:\.\w+)?,? line (\d+): (.*)", text)
        # Of other tables the lines are not those of the file.
        if place and os.path.basename(path) in LINE_BY_LINE:
            yield int(place.group(1)), place.group(2)
        else:
            yield 0, place.group(2) if place else text.replace(path, origin)


def double(source, key):
    """The line of a file that has a key for the second time."""
    wanted, first = key.encode("utf-8", "surrogateescape").lower(), 0
    with open(source, "rb") as file:
        for number, line in enumerate(file, 1):
            words = line.split(None, 1)
            if words and words[0].lower().removeprefix(b"@" if not wanted.startswith(b"@") else b"") == wanted:
                if first:
                    yield (
                        number,
                        f"'{words[0].decode('utf-8', 'replace')}' is there already in line {first}, and only one of them can count",
                    )
                    return
                first = number
    yield 0, f"'{key}' is there twice, and only one of them can count"
