#!/usr/bin/python3 -IS
"""postfix-sources take [--candidate TREE] --into FOLDER PATH...: copies the fragments of main.cf, and those of the given maps that
lie in folders that service users can write
postfix-sources replace --into FOLDER --good FOLDER [PATH...]: puts earlier copies in the place of service users' files

Each file is read once, in a bounded way, and everybody sees the same bytes of it afterwards: who judges it, who compiles it, who
tries it out. Copies keep owner and mode, for that tells whose a file is.

`take` writes FOLDER/theirs, the paths of the files that others than root can have written, and says of what cannot be taken why,
as `path:0: why`; then: exit 1. `replace` takes the given files of theirs from the other FOLDER, all of theirs when none is given;
one that the other folder does not have is left out.
"""

import argparse
import errno
import os
import re
import stat
import sys

# Root runs it, and leaves no compiled modules behind.
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "postfix-rules"))

import plain_file  # noqa: E402
from harmless import one_line  # noqa: E402

FRAGMENTS = "/etc/postfix/main.d"
FRAGMENT = re.compile(r"[0-9][0-9]_.*\.cf", re.DOTALL)
MAPS = "/etc/mail"
TABLES = "/etc/postfix/tables"
MOST_NAMES = 1000
MOST_FRAGMENTS = 100
LARGEST_FRAGMENT = 1024 * 1024
LARGEST_MAP = 64 * 1024 * 1024
# Of all together.
MOST_BYTES = 160 * 1024 * 1024


class Copies:
    def __init__(self, into, candidate):
        self.into = into
        self.candidate = candidate
        self.theirs = []
        self.problems = []
        self.left = MOST_BYTES

    def fragments(self):
        found = {name for tree in {"", self.candidate} for name in self.names(tree + FRAGMENTS) if FRAGMENT.fullmatch(name)}
        if len(found) > MOST_FRAGMENTS:
            self.problems.append(f"{FRAGMENTS}:0: there are {len(found)} fragments NN_NAME.cf in it, the limit is {MOST_FRAGMENTS}")
            return
        for name in sorted(found):
            self.file(f"{FRAGMENTS}/{name}", LARGEST_FRAGMENT)

    def names(self, folder):
        found = plain_file.names(folder, MOST_NAMES + 1)
        if len(found) > MOST_NAMES:
            self.problems.append(f"{folder.removeprefix(self.candidate)}:0: there are more than {MOST_NAMES} files in it")
            return []
        return found

    def file(self, path, largest):
        source = self.candidate + path if self.candidate and os.path.lexists(self.candidate + path) else path
        try:
            status = copy(source, self.into + path, min(largest, self.left))
        except FileNotFoundError:
            return
        except OSError as error:
            self.theirs.append(path)
            together = f", and what the others leave of {plain_file.size(MOST_BYTES)} for all" if self.left < largest else ""
            self.problems.append(f"{path}:0: {plain_file.unreadable(error)}{together}")
            return
        self.left -= status.st_size
        if not plain_file.only_ours(status):
            self.theirs.append(path)


def copy(source, target, largest):
    """Copies a plain file with its owner and mode; gives its status."""
    with plain_file.opened(source, largest) as (file, status):
        with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            left = largest + 1
            while left and (part := file.read(min(left, 1024 * 1024))):
                out.write(part)
                left -= len(part)
            if not left:
                raise plain_file.Unsuitable(errno.EFBIG, f"is larger than {plain_file.size(largest)}", source)
            os.fchown(out.fileno(), status.st_uid, status.st_gid)
            os.fchmod(out.fileno(), stat.S_IMODE(status.st_mode) & 0o777)
    return status


def take(into, candidate, maps):
    for folder in (FRAGMENTS, MAPS, TABLES):
        os.makedirs(into + folder)
    copies = Copies(into, candidate)
    copies.fragments()
    for path in maps:
        if os.path.dirname(path) in (MAPS, TABLES):
            copies.file(path, LARGEST_MAP)
    with open(f"{into}/theirs", "w", encoding="utf-8", errors="surrogateescape") as file:
        file.writelines(f"{path}\n" for path in copies.theirs if "\n" not in path)
    for problem in copies.problems:
        print(f"postfix-gate: {one_line(problem, 200)}", file=sys.stderr)
    return 1 if copies.problems else 0


def listed(folder):
    """Paths of service users' files; none where there is no state yet."""
    try:
        with open(f"{folder}/theirs", encoding="utf-8", errors="surrogateescape") as file:
            return file.read().splitlines()
    except FileNotFoundError:
        return []


def replace(into, good, paths):
    """What root wrote stays: it is the stack's, and new."""
    # Seldom needed, and slow to load.
    import shutil

    theirs = listed(into)
    wanted = set(theirs).intersection(paths)
    if not paths:
        ours = {path for path in everything(into) if path not in theirs}
        wanted = {*theirs, *listed(good)} - ours
    for path in sorted(wanted):
        if os.path.lexists(into + path):
            os.unlink(into + path)
        if os.path.lexists(good + path):
            shutil.copy2(good + path, into + path, follow_symlinks=False)
            status = os.lstat(good + path)
            os.chown(into + path, status.st_uid, status.st_gid)
    return 0


def everything(folder):
    return {os.path.join(place, name)[len(folder) :] for place, _, names in os.walk(folder) for name in names} - {"/theirs"}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=("take", "replace"))
    parser.add_argument("--candidate", default="")
    parser.add_argument("--into", required=True)
    parser.add_argument("--good")
    parser.add_argument("paths", nargs="*")
    options = parser.parse_intermixed_args()
    if options.verb == "take":
        return take(options.into, options.candidate, sorted(set(options.paths)))
    return replace(options.into, options.good, options.paths)


if __name__ == "__main__":
    sys.exit(main())
