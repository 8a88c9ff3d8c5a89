"""Who may write in whose name: entries such as `example.com`, `.example.com`, `app@example.com` or `*`, and what an envelope or a
From field names. An address counts only where every program reads it in the same way; every other spelling is refused."""

import re

ANY = "*"
# Of a From field; more than any mail program writes (RFC 5322 2.1.1 has 998 a line).
LONGEST_FIELD = 10_000
# RFC 5321 4.1.2 without the characters that mean a route to Postfix (user%host, host!user).
LOCAL = r"[A-Za-z0-9#$&'*+/=?^_`{|}~\u0080-\U0010ffff-]+(?:\.[A-Za-z0-9#$&'*+/=?^_`{|}~\u0080-\U0010ffff-]+)*"
QUOTED = r'"[A-Za-z0-9 .#$&\'*+/=?^_`{|}~-]+"'
DOMAIN = r"[A-Za-z0-9\u0080-\U0010ffff](?:[A-Za-z0-9._\u0080-\U0010ffff-]*[A-Za-z0-9\u0080-\U0010ffff])?"
ADDRESS = re.compile(rf"({LOCAL}|{QUOTED})(?:@({DOMAIN}))?")
# What a display name is made of (RFC 5322 3.2.5), and what people write in it though it should be in quotes.
PHRASE = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^"\\<>()@:;,])*', re.DOTALL)
# Other programs show the text of a reply as it is.
LONGEST_REPLY = 200
CONTROL = re.compile(r"[\0-\x08\x0a-\x1f\x7f]")


def address_of(text, origin):
    """The address in the one spelling in which it is compared; None: it could be read in more than one way."""
    found = ADDRESS.fullmatch(text)
    if not found:
        return None
    local, domain = found.groups()
    name = domain_of(origin if domain is None else domain)
    return f"{local.strip(chr(34)).lower()}@{name}" if name else None


def domain_of(text):
    """As DNS knows it; None: no name."""
    try:
        name = text.lower() if text.isascii() else text.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    return None if ".." in name else name


def allows(entries, address):
    """Whether one of the entries holds the address. An address also stands for its extensions: app+news@ for app@."""
    local, _, domain = address.rpartition("@")
    plain = local.partition("+")[0] or local
    parents = {domain[at:] for at, letter in enumerate(domain) if letter == "."}
    return not {ANY, domain, address, f"{plain}@{domain}", *parents}.isdisjoint(entries)


def envelope_problem(entries, sender, origin):
    """What is wrong with the sender of an envelope. The null sender is for notices (RFC 5321 4.5.5): everybody may send them."""
    if ANY in entries or sender == "":
        return None
    address = address_of(sender, origin)
    if address is None:
        return "the sender address can be read in more than one way"
    return None if allows(entries, address) else f"may not send as <{address}>"


def header_problem(entries, fields, origin):
    """The same of the From fields of a mail. Without one Postfix writes the envelope sender, which was looked at before."""
    if ANY in entries or not fields:
        return None
    if len(fields) > 1:
        return "the mail has more than one From field"
    if len(fields[0]) > LONGEST_FIELD:
        return f"the From field is longer than {LONGEST_FIELD} characters"
    addresses = addresses_in(fields[0], origin)
    if addresses is None:
        return "the From field can be read in more than one way"
    wrong = next((address for address in addresses if not allows(entries, address)), None)
    return None if wrong is None else f"may not write From: <{wrong}>"


def addresses_in(field, origin):
    """All addresses of a From field; None where it is none that every program reads alike."""
    line = re.sub(r"\r?\n(?=[ \t])", "", field)
    if CONTROL.search(line):
        return None
    parts = split(without_comments(line))
    found = [mailbox(part.strip(), origin) for part in parts or []]
    return None if not found or None in found else found


def mailbox(text, origin):
    if not text.endswith(">"):
        return address_of(text, origin)
    phrase, bracket, inside = text[:-1].rpartition("<")
    if not bracket or not PHRASE.fullmatch(phrase):
        return None
    return address_of(inside.strip(), origin)


def without_comments(text):
    """None where parentheses do not fit, or hide something that looks like an address."""
    out, depth, quoted, skip = [], 0, False, False
    for letter in text:
        if skip:
            skip = False
        elif letter == "\\":
            skip = True
        elif letter == '"' and depth == 0:
            quoted = not quoted
        elif letter == "(" and not quoted:
            depth += 1
            continue
        elif letter == ")" and not quoted:
            depth -= 1
            if depth < 0:
                return None
            out.append(" ")
            continue
        if depth and letter in '<>@"':
            return None
        if not depth:
            out.append(letter)
    return None if depth or quoted or skip else "".join(out)


def split(text):
    """At commas that stand in no quotes. None: there was nothing to take apart."""
    if text is None:
        return None
    parts, quoted, skip = [[]], False, False
    for letter in text:
        if skip:
            skip = False
        elif letter == "\\":
            skip = True
        elif letter == '"':
            quoted = not quoted
        elif letter == "," and not quoted:
            parts.append([])
            continue
        parts[-1].append(letter)
    return ["".join(part) for part in parts]


def shown(text):
    """One line of ASCII; a % would be a directive of libmilter's."""
    plain = "".join(letter if " " <= letter <= "~" and letter != "%" else "?" for letter in text)
    return plain if len(plain) <= LONGEST_REPLY else f"{plain[:LONGEST_REPLY]}..."
