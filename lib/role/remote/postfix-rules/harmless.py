#!/usr/bin/python3 -IS
"""harmless.py FILE: what others wrote, as it may be put on a terminal: what a terminal acts on and what nobody sees is shown as \\u{1b}."""

import re
import sys
import unicodedata

LONGEST_LINE = 4000
MOST_LINES = 1000
UNSAFE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# What Unicode wants shown as nothing (Default_Ignorable_Code_Point), beyond those.
IGNORABLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2060-\u206f\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)


def harmless(text, most=LONGEST_LINE):
    """One line; line breaks and tabs become visible too."""
    shown = "".join(visible(letter) for letter in text[:most])
    return shown if len(text) <= most else f"{shown}… ({len(text) - most} more characters)"


def one_line(text, most):
    """As a part of a message: line breaks and tabs part words."""
    return harmless(text.replace("\n", " ").replace("\t", " "), most)


def visible(letter):
    if " " <= letter <= "~" or (unicodedata.category(letter) not in UNSAFE and not IGNORABLE.match(letter)):
        return letter
    code = ord(letter)
    # A byte that is not UTF-8.
    return f"\\u{{{code - 0xDC00:x}}}" if 0xDC80 <= code <= 0xDCFF else f"\\u{{{code:x}}}"


def main():
    with open(sys.argv[1], encoding="utf-8", errors="surrogateescape", newline="\n") as file:
        for number, line in enumerate(file):
            if number == MOST_LINES:
                print("… and more lines")
                break
            print("\t".join(harmless(part) for part in line.rstrip("\n").split("\t")))


if __name__ == "__main__":
    main()
