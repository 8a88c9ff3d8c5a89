"""What postconf(1) of Postfix 3.10 says of a folder, for machines without Postfix. Its defaults are a recorded `postconf -d`.

Lines are read as readllines(3) reads them, blanks being those of isspace(3); `$name` is expanded as mac_expand(3) does it.
"""

import os
import re
import sys

DEFAULTS = os.path.join(os.path.dirname(os.path.realpath(__file__)), "postconf-d.txt")
# Expanded by the daemons when they use them, with what they know of a session.
RAW = {
    "command_expansion_filter",
    "default_rbl_reply",
    "execution_directory_expansion_filter",
    "forward_expansion_filter",
    "forward_path",
    "luser_relay",
    "postscreen_expansion_filter",
    "postscreen_reject_footer",
    "smtpd_expansion_filter",
    "smtpd_reject_footer",
}
FAMILIES = (
    "_delivery_slot_cost _delivery_slot_discount _delivery_slot_loan _destination_concurrency_failed_cohort_limit "
    "_destination_concurrency_limit _destination_concurrency_negative_feedback _destination_concurrency_positive_feedback "
    "_destination_rate_delay _destination_recipient_limit _extra_recipient_limit _initial_destination_concurrency "
    "_minimum_delivery_slots _recipient_limit _recipient_refill_delay _recipient_refill_limit _transport_rate_delay"
).split()
AGENTS = {"smtp", "lmtp", "pipe", "local", "virtual", "error", "discard"}


class Fatal(Exception):
    pass


def logical_lines(text):
    found = []
    for line in text.split("\n"):
        bare = line.lstrip(" \t\v\f\r")
        if not bare or bare[0] == "#":
            continue
        if line[0] in " \t\v\f\r" and found:
            found[-1] += line
        elif line[0] not in " \t\v\f\r":
            found.append(line)
    return found


def settings(folder):
    found = {}
    with open(os.path.join(folder, "main.cf"), encoding="utf-8", errors="surrogateescape") as file:
        for line in logical_lines(file.read()):
            match = re.fullmatch(r"([^\s=]+)\s*=(.*)", line, re.S | re.A)
            if not match:
                raise Fatal(f"missing '=' after attribute name: \"{line}\"")
            found[match.group(1)] = match.group(2).strip(" \t\v\f\r")
    return found


def services(folder):
    with open(os.path.join(folder, "master.cf"), encoding="utf-8") as file:
        for line in logical_lines(file.read()):
            fields = line.split(None, 8)
            rest = fields[8] if len(fields) > 8 else ""
            own = dict(re.findall(r"-o\s+([a-z0-9_]+)=(\S*)", rest))
            own |= dict(re.findall(r"-o\s+\{\s*([a-z0-9_]+)\s*=\s*((?:[^{}]|\{[^{}]*\})*?)\s*\}", rest))
            yield fields[0], fields[1], fields[7], own


def closing(text, start):
    pair = {"{": "}", "(": ")"}[text[start]]
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] == text[start]) - (text[at] == pair)
        if depth == 0:
            return at
    raise Fatal(f'truncated macro reference: "{text}"')


def expand(text, values, depth=0):
    if depth > 60:
        raise Fatal("unreasonable macro call nesting")
    out, at = "", 0
    while at < len(text):
        if text[at] != "$":
            out += text[at]
            at += 1
        elif text[at + 1 : at + 2] == "$":
            out += "$"
            at += 2
        elif text[at + 1 : at + 2] in ("{", "("):
            end = closing(text, at + 1)
            out += braced(text[at + 2 : end].strip(), values, depth)
            at = end + 1
        else:
            name = re.match(r"\w*", text[at + 1 :], re.A).group()
            if not name:
                raise Fatal(f'empty macro name: "{text}"')
            out += expand(values.get(name, ""), values, depth + 1)
            at += 1 + len(name)
    return out


def braced(text, values, depth):
    if text.startswith("{"):
        end = closing(text, 0)
        left = expand(text[1:end].strip(), values, depth)
        operator, rest = re.match(r"\s*(==|!=|<level|<=|>=|<|>)\s*(.*)", text[end + 1 :], re.S).groups()
        end = closing(rest, 0)
        right = expand(rest[1:end].strip(), values, depth)
        true = {"==": left == right, "!=": left != right}.get(operator, False)
        return choice(true, rest[end + 1 :].strip(), values, depth)
    name, rest = re.match(r"(\w+)\s*(.*)", text, re.S | re.A).groups()
    value = values.get(name, "")
    return choice(value != "", rest, values, depth) if rest else expand(value, values, depth + 1)


def choice(true, rest, values, depth):
    if rest[0] == ":":
        return "" if true else expand(unbraced(rest[1:]), values, depth)
    rest = rest[1:].strip()
    if not rest.startswith("{"):
        return expand(rest, values, depth) if true else ""
    end = closing(rest, 0)
    other = rest[end + 1 :].strip().removeprefix(":")
    return expand(rest[1:end].strip() if true else unbraced(other), values, depth)


def unbraced(text):
    text = text.strip()
    return text[1:-1].strip() if text.startswith("{") else text


def references(text):
    return set(re.findall(r"\$[({\s]*(\w+)", text.replace("$$", ""), re.A))


def postconf(folder, *options):
    """Standard output, and the warnings."""
    with open(DEFAULTS, encoding="utf-8") as file:
        defaults = {name: value.strip() for name, _, value in (line.partition(" =") for line in file)}
    options = list(options)
    names = [each for at, each in enumerate(options) if each[0] != "-" and options[at - 1] != "-o"]
    if "-d" in options:
        return "".join(f"{name} = {defaults[name]}\n" for name in names if name in defaults), ""
    found = settings(folder)
    overrides = [(f"{name}/{type_}", own) for name, type_, _, own in services(folder)]
    if "-P" in options:
        return "".join(f"{service}/{name} = {value}\n" for service, own in overrides for name, value in own.items()), ""
    known = {name + ending for name, _, command, _ in services(folder) if command in AGENTS for ending in FAMILIES}
    known |= {f"{name}_time_limit" for name, _, command, _ in services(folder) if command in ("pipe", "spawn")}
    values = {**defaults, **dict.fromkeys(known, ""), **found}
    values.update(option.split("=", 1) for at, option in enumerate(options) if options[at - 1] == "-o")
    used, grown = set(defaults) | known, True
    used |= {name for _, own in overrides for value in own.values() for name in references(value)}
    # Classes of restrictions that a service declares for itself count for it.
    used |= {name for _, own in overrides for name in own.get("smtpd_restriction_classes", "").split() if name[0] != "$"}
    while grown:
        more = {each for name in used for each in references(values.get(name, ""))}
        more |= set(re.split(r"[\s,]+", expand(values["smtpd_restriction_classes"], values)))
        grown = not more <= used
        used |= more
    shown = names or sorted(name for name in values if name in used)
    lines = [(name, expand(values[name], values) if "-x" in options and name not in RAW else values[name]) for name in shown]
    unused = "".join(
        f"postconf: warning: {folder}/main.cf: unused parameter: {name}={found[name]}\n" for name in found if name not in used
    )
    return "".join(f"{name} = {' '.join(value.split())}\n" for name, value in lines), unused


if __name__ == "__main__":
    # -c FOLDER comes first.
    try:
        out, said = postconf(*sys.argv[2:])
    except Fatal as fatal:
        sys.exit(f"postconf: fatal: {fatal}")
    sys.stderr.write(said)
    sys.stdout.write(out)
