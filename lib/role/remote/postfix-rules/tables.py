"""Lookup tables in values of main.cf: which of them service users can name, and what tables that are written in place may answer."""

import os
import re

from access import ACTIONS

# What service users can name a table by: the compiled maps, by what they are good for.
COMPILED = {
    "access": {
        f"cdb:{name}"
        for name in (
            "access-client",
            "access-helo",
            "access-recipient",
            "access-sender",
            "verify-recipients",
            "stack-verify-recipients",
            "verify-aliases",
        )
    }
    | {"pcre:stack-own-senders.pcre"},
    "addresses": {"cdb:virtual-aliases", "cdb:canonical", "pcre:canonical.pcre", "cdb:transport"},
    "routes": {"cdb:transport", "cdb:stack-transport"},
    "domains": {f"cdb:{name}" for name in ("relay-domains", "stack-relay-domains", "virtual-aliases", "stack-virtual-domains")},
    "networks": {"cidr:external-networks"},
    "checks": set(),
}
# Files that come with Debian's packages.
SHARED = "/usr/share/"
FROM_FILES = {"cdb", "cidr", "pcre", "regexp", "texthash"}
# Of the actions of access(5) and header_checks(5): none that sends mail, or a copy of it, to somebody of its author's choice.
ACCESS = {*ACTIONS, "PREPEND"}
CHECKS = set("DUNNO OK HOLD IGNORE INFO PASS PREPEND REJECT REPLACE STRIP WARN DISCARD".split())
SHOWN = {"BCC", "FILTER", "REDIRECT"}


def items(text):
    """Parts between blanks and commas; one in braces is given without them. None: braces that do not fit."""
    found, word, depth = [], "", 0
    for letter in text:
        if depth == 0 and letter in " \t,":
            if word:
                found.append(word)
            word = ""
            continue
        depth += (letter == "{") - (letter == "}")
        if depth < 0:
            return None
        word += letter
    if depth:
        return None
    return [part[1:-1].strip() if part[0] == "{" and part[-1] == "}" else part for part in found + [word] * (word != "")]


def table_problem(word, kind, rules):
    """What is wrong with TYPE:NAME where a table of that kind is looked up; `rules` knows the maps and judges nested lists."""
    type_, colon, name = word.removeprefix("proxy:").partition(":")
    if not colon:
        return f"'{word}' is not a table: it lacks its type, e.g. inline:"
    if name.startswith(f"{rules.maps}/tables/") and kind in ("access", "addresses", "checks", "routes"):
        # What it is good for is judged with what it holds, see own_tables.py.
        return None
    if name.startswith(f"{rules.maps}/"):
        own = f"{type_}:{name[len(rules.maps) + 1 :]}"
        if own in COMPILED[kind]:
            return None
        good = ", ".join(sorted(entry.replace(":", f":{rules.maps}/") for entry in COMPILED[kind]))
        return f"'{word}' is not a table for {kind}" + (f": of the maps in /etc/mail these are: {good}" if good else "")
    if type_ in FROM_FILES and name.startswith("/"):
        if os.path.realpath(name).startswith(SHARED):
            return None
        return f"'{word}' is not a file of Debian's packages in {SHARED}"
    answers = {"inline": pairs, "static": single, "cidr": patterns, "pcre": patterns, "regexp": patterns}.get(type_)
    if answers is None or kind not in ("access", "checks"):
        return f"'{word}' is not a table that service users can name here: entries belong in the maps in /etc/mail"
    found = answers(name, type_)
    if found is None:
        return f"'{word}' cannot be read: expected {type_}:" + (
            "WORD" if type_ == "static" else "{ {KEY = ANSWER} }" if type_ == "inline" else "{ {PATTERN ANSWER} }"
        )
    return next(filter(None, (answer_problem(answer, kind, rules) for answer in found)), None)


def inside(name):
    """What is between the braces of a table that is written in place."""
    name = name.strip()
    return items(name[1:-1]) if name[:1] == "{" and name[-1:] == "}" else None


def single(name, _):
    return [name[1:-1].strip() if name[:1] == "{" and name[-1:] == "}" else name]


def pairs(name, _):
    entries = inside(name)
    if entries is None or any("=" not in entry for entry in entries):
        return None
    return [entry.partition("=")[2].strip() for entry in entries]


def patterns(name, type_):
    entries = inside(name)
    found = [] if entries is None else [answer_of(entry, type_) for entry in entries]
    return None if entries is None or None in found else [answer for answer in found if answer]


def answer_of(entry, type_):
    """What follows a pattern; the empty text for `if` and `endif`. None: no pattern."""
    if re.match(r"(if|endif)\b", entry, re.I):
        return ""
    if type_ == "cidr":
        return re.sub(r"^!?\s*\S+\s*", "", entry)
    match = re.fullmatch(r"!*\s*([^\sA-Za-z0-9\\])((?:\\.|(?!\1)[^\\])*)\1[A-Za-z]*\s+(.+)", entry, re.S)
    return match.group(3) if match else None


def answer_problem(answer, kind, rules):
    word = re.split(r"[ \t]", answer, maxsplit=1)[0]
    if word.upper() in SHOWN:
        return f"'{answer}' could show other people's mail to someone else: service users write {', '.join(sorted(SHOWN))} in the maps in /etc/mail only"
    if "$" in word:
        return f"'{answer}' does not begin with an action, but with a part of what was looked up"
    known = ACCESS if kind == "access" else CHECKS
    if word.upper() in known or re.fullmatch(r"[45]\d\d", word):
        return None
    if kind == "access":
        return None if re.fullmatch(r"[1-9]\d*", answer) else rules.restrictions(answer)
    return f"'{answer}' is not an action of header_checks(5) that service users can use: {', '.join(sorted(known))}"
