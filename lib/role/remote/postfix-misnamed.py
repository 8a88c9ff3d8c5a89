#!/usr/bin/python3 -IS
"""postfix-misnamed FRAGMENTS MAP...: warns of files that nobody reads and whose authors wait for an effect

FRAGMENTS is the folder of fragments, MAP... are the paths of all maps. Of copies that editors and postmap leave nothing is said.
"""

import os
import re
import sys

# Root runs it, and leaves no compiled modules behind.
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "postfix-rules"))

import plain_file  # noqa: E402
from harmless import one_line  # noqa: E402
from spelling import nearest  # noqa: E402

MOST_NAMES = 1000
MOST_TOLD = 20


def warnings(folder, maps):
    for name in sorted(plain_file.names(folder, MOST_NAMES)):
        if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*\.(cf|conf)", name) and not re.fullmatch(r"[0-9][0-9]_.*\.cf", name):
            number, rest = re.fullmatch(r"([0-9]*)[_.-]*(.*)\.(?:cf|conf)", name).groups()
            proper = f"{number.zfill(2) if len(number) in (1, 2) else '50'}_{rest or 'local'}.cf"
            yield f"{os.path.join(folder, name)} is not read: a fragment is named NN_NAME.cf, e.g. {proper}"
    for place in sorted({os.path.dirname(path) for path in maps}):
        known = sorted(os.path.basename(path) for path in maps if os.path.dirname(path) == place)
        for name in sorted(plain_file.names(place, MOST_NAMES)):
            meant = nearest(name, known) if name not in known and re.fullmatch(r"[A-Za-z_-]{1,40}(\.pcre)?", name) else None
            if meant:
                yield f"{os.path.join(place, name)} is not read; did you mean {meant}?"


def main():
    for _, text in zip(range(MOST_TOLD), warnings(sys.argv[1], sys.argv[2:])):
        print(f"postfix-gate: warning: {one_line(text, 600)}", file=sys.stderr)


if __name__ == "__main__":
    main()
