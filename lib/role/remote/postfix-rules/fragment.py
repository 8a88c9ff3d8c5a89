"""The text of a fragment of main.cf, read as readllines(3) of Postfix reads it, and nothing that another reader could take otherwise.

A line that begins with a blank continues the one before it, across comments and empty lines. What programs disagree about is
refused: other control characters than tab and newline, other blanks than ASCII's, marks that do not show, bytes that are no UTF-8.
"""

import re
import unicodedata

NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
UNUSUAL = re.compile(r"[^\n\t\x20-\x7e]")
# Controls, formats (byte order marks, bidirectional overrides), surrogates, unassigned, private; and separators.
HIDDEN = {"Cc", "Cf", "Cs", "Cn", "Co", "Zs", "Zl", "Zp"}


class Refused(Exception):
    def __init__(self, number, text):
        super().__init__(text)
        self.number = number


def plain_text(content):
    """The text of a file, when every reader sees the same lines and words in it."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(content.count(b"\n", 0, error.start) + 1, "has bytes that are no UTF-8: save the file as UTF-8") from None
    for found in UNUSUAL.finditer(text):
        letter = found.group()
        if unicodedata.category(letter) in HIDDEN:
            raise Refused(text.count("\n", 0, found.start()) + 1, unusual(letter))
    return text


def unusual(letter):
    if letter == "\r":
        return "ends with a carriage return (U+000D): save the file with line ends of Unix"
    return f"has the character U+{ord(letter):04X}, which is not shown and which programs read differently: leave it out"


def settings(content):
    """Number of the first line, name and value of each setting, as Postfix would take them from this file alone."""
    found = []
    for number, line in enumerate(plain_text(content).split("\n"), 1):
        bare = line.lstrip(" \t")
        if not bare or bare[0] == "#":
            continue
        if line[0] not in " \t":
            found.append((number, [line]))
        elif found:
            found[-1][1].append(line)
        else:
            raise Refused(number, "begins with a blank, which would continue what another file says: begin it in the first column")
    return [(number, *name_and_value(number, "".join(parts))) for number, parts in found]


def name_and_value(number, line):
    name, equals, value = line.partition("=")
    name = name.rstrip(" \t")
    if not equals or " " in name or "\t" in name:
        raise Refused(number, "missing '=' after attribute name")
    if not NAME.fullmatch(name):
        raise Refused(number, f"'{name}' is not the name of a parameter: it has letters, digits and _.-")
    return name, value.strip(" \t")
