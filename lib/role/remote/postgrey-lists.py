#!/usr/bin/python3 -IS
"""postgrey-lists check | prepare: the lists of clients and recipients that service users exempt from greylisting (R35).

postgrey(8) ends at a pattern that does not compile, and passes over other mistakes without a word. So it reads copies:

check    tells every mistake as file:line; any mistake: exit 1
prepare  before a start: copies the lists when there is no mistake in them, else the copies of before stay; always exit 0
"""

import argparse
import ipaddress
import os
import re
import subprocess
import sys

# Root runs it, and leaves no compiled modules behind.
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "postfix-rules"))

import plain_file  # noqa: E402
from harmless import one_line  # noqa: E402
from names import is_address, name_problem  # noqa: E402

LARGEST = 1024 * 1024
MOST_TOLD = 20
PATIENCE_SECONDS = 30
MOST_MEMORY = 512 * 1024 * 1024
# What postgrey does with a pattern; code in it is refused here as there.
COMPILE = "while (<STDIN>) { chomp; eval { qr{$_}i; 1 } or print $@ =~ s/ at -e line.*//sr; print qq(\\n) }"


class Refused(Exception):
    pass


def read(path):
    """The text of a list; the empty one when there is none."""
    try:
        return plain_file.text(plain_file.read(path, LARGEST)[0])
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise Refused(plain_file.unreadable(error)) from None


def entries(text):
    """Number and content of each line that says something."""
    for number, line in enumerate(text.split("\n"), 1):
        entry = line.split("#")[0].strip()
        if entry:
            yield number, entry


def is_pattern(entry):
    return re.fullmatch(r"/\S+/", entry) is not None


def pattern_problems(patterns):
    """What Perl says of each pattern, the empty text where it compiles."""
    text = "".join(f"{pattern[1:-1]}\n" for pattern in patterns)
    try:
        done = subprocess.run(
            ["prlimit", f"--as={MOST_MEMORY}", "perl", "-e", COMPILE],
            input=text,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            errors="surrogateescape",
            check=False,
            timeout=PATIENCE_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise Refused(f"has patterns that Perl does not compile within {PATIENCE_SECONDS} s") from None
    said = done.stdout.split("\n")[:-1]
    # postgrey would end at the same one.
    if done.returncode != 0 or len(said) != len(patterns):
        raise Refused(f"has a pattern that Perl cannot compile: line {len(said) + 1} of the patterns")
    return said


def form_problem(entry):
    """What no entry is, in either list."""
    if re.search(r"\s", entry):
        return f"'{entry}' has white space in it: write one entry a line"
    if entry.startswith("/"):
        return f"'{entry}' begins as a pattern and does not end with a slash"
    if "*" in entry:
        return f"'{entry}' has a *, which is none of postgrey's: a domain stands for everything below it, too; or write a /pattern/"
    return None


def client_problem(entry):
    broken = form_problem(entry)
    if broken:
        return broken
    if "@" in entry:
        return f"'{entry}' is an address of mail: it belongs in postgrey_whitelist_recipients.local, if it is a recipient"
    if re.fullmatch(r"[0-9./]+", entry) or ":" in entry or entry.startswith("["):
        return network_problem(entry)
    if entry.startswith("."):
        return f"'{entry}' begins with a dot and would never match: write '{entry.lstrip('.')}', what is below it belongs to it"
    return name_problem("name of a client", entry, underscore=True)


def network_problem(entry):
    octets = entry.split(".")
    if len(octets) == 3 and all(octet.isdigit() and int(octet) <= 255 for octet in octets):
        return None
    try:
        ipaddress.ip_network(entry, strict=False)
    except ValueError:
        return f"'{entry}' is not an address or network: expected e.g. 203.0.113.9, 203.0.113.0/24 or 2001:db8::/48"
    return None


def recipient_problem(entry):
    broken = form_problem(entry)
    if broken:
        return broken
    if is_address(entry):
        return f"'{entry}' is the address of a client: it belongs in postgrey_whitelist_clients.local"
    local, at, domain = entry.partition("@")
    if at and not local:
        return f"'{entry}' would never match: for every address of a domain write '{domain}'"
    if at and not domain:
        return None
    return name_problem("domain of a recipient", domain if at else entry)


LISTS = (
    ("clients", "postgrey_whitelist_clients.local", client_problem),
    ("recipients", "postgrey_whitelist_recipients.local", recipient_problem),
)


def judge(path, text, problem):
    """Mistakes as `path:line: what`."""
    lines = list(entries(text))
    patterns = [(number, entry) for number, entry in lines if is_pattern(entry)]
    said = dict(zip((number for number, _ in patterns), pattern_problems([entry for _, entry in patterns]))) if patterns else {}
    for number, what in plain_file.ambiguous(text):
        yield f"{path}:{number}: there is {what} in it, which not every program reads in the same way"
    for number, entry in lines:
        what = f"'{entry}' does not compile: {said[number]}" if said.get(number) else None
        what = what or (None if is_pattern(entry) else problem(entry))
        if what:
            yield f"{path}:{number}: {what}"


def look(folder):
    """The text of each list, and all mistakes."""
    texts, mistakes = {}, []
    for name, file, problem in LISTS:
        path = os.path.join(folder, file)
        try:
            texts[name] = read(path)
            mistakes += judge(path, texts[name], problem)
        except Refused as refused:
            mistakes.append(f"{path} {refused}")
    return texts, mistakes


def copy(folder, name, text):
    path = os.path.join(folder, name)
    with open(f"{path}.new", "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(text)
    os.replace(f"{path}.new", path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=("check", "prepare"))
    parser.add_argument("--sources", default="/etc/postfix")
    parser.add_argument("--copies", default="/var/lib/mailserver/postgrey")
    options = parser.parse_args()
    texts, mistakes = look(options.sources)
    for mistake in mistakes[:MOST_TOLD]:
        print(f"postgrey-lists: {one_line(mistake, 600)}", file=sys.stderr)
    if len(mistakes) > MOST_TOLD:
        print(f"postgrey-lists: and {len(mistakes) - MOST_TOLD} more", file=sys.stderr)
    if options.verb == "check":
        return 1 if mistakes else 0
    for name, _, _ in LISTS:
        if not mistakes:
            copy(options.copies, name, texts[name])
        elif not os.path.exists(os.path.join(options.copies, name)):
            copy(options.copies, name, "")
    if mistakes:
        print("postgrey-lists: the lists of before stay in effect", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
