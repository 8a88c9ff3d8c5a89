"""received-cases RULES: what a table of received.py makes of lines `Received:`; JSON on standard input and output.

Postfix looks up a whole header, line breaks included; what a dot is, and that case does not matter, are its defaults of PCRE.
"""

import json
import re
import sys

sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
from received import patterns  # noqa: E402


def answer(lines, header):
    for line in lines:
        match = re.fullmatch(r"/(.*)/ REPLACE (.*)", line)
        found = match and re.search(match.group(1), header, re.S | re.I)
        if found:
            return re.sub(r"\$\{(\d)\}", lambda number: found.group(int(number.group(1))), match.group(2))
    return header


case = json.load(sys.stdin)
json.dump([answer(list(patterns(case["host"], case["networks"])), header) for header in case["headers"]], sys.stdout)
