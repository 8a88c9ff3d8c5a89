"""What is wrong with the name of a host or a domain, in the words in which the stack says it too."""

import ipaddress
import re

from idn import ascii_name

URL = re.compile(r"[a-z][a-z0-9+.-]*://(?:[^/@]*@)?([^/:?#]*)", re.I)


def is_address(text):
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text


def name_problem(kind, value, underscore=False):
    """None for a name as RFC 1123 has it; `underscore`: clients call themselves so."""
    if not value:
        return f"the {kind} is empty: give a full name, e.g. mail.example.com"
    why = other_thing(value) or spelling(value) or label_problem(value, underscore)
    return f"'{value}' is not a {kind}: {why}" if why else None


def other_thing(value):
    """What people write in the place of a name."""
    url = URL.match(value)
    if url:
        return f"it is a URL, give only the name: '{url.group(1)}'"
    if re.fullmatch(r"(['\"]).*\1", value):
        return "it is in quotes, leave them out"
    if re.match(r"\[.*\]", value) or is_address(value) or re.fullmatch(r"[0-9.]+(:\d+)?", value):
        return "it is an address, give a name"
    if "@" in value:
        return "it has an @, give only what follows it"
    port = re.fullmatch(r"[^:]+(:\d*)", value)
    if port:
        return f"it has a port, leave out '{port.group(1)}'"
    return "it has a *, and a name is not a pattern: name each domain" if "*" in value else None


def spelling(value):
    if not value.isascii():
        known = ascii_name(value)
        return f"DNS knows it as '{known}', write it so" if known else "it has a character that no name can have"
    if value.endswith("."):
        return f"leave out the final dot: '{value.rstrip('.')}'"
    if value.startswith(".") or ".." in value:
        return "two dots in a row, or one at the start, enclose an empty label"
    return f"it has {len(value)} characters, DNS allows 253" if len(value) > 253 else None


def label_problem(value, underscore):
    for label in value.split("."):
        if len(label) > 63:
            return f"the label '{label}' has {len(label)} characters, DNS allows 63"
        if "_" in label and not underscore:
            return f"the label '{label}' has an underscore, use a hyphen"
        if label.startswith("-") or label.endswith("-"):
            return f"the label '{label}' begins or ends with a hyphen"
        other = re.search(r"[^A-Za-z0-9_-]", label)
        if other:
            return f"'{other.group()}' is not allowed, only letters, digits and hyphens are"
    return "its last label is a number" if value.rsplit(".", 1)[-1].isdigit() else None


def matched_domain(value):
    """A domain that mail is accepted for, or .example.com for all of its subdomains, without the domain itself."""
    name = value[1:] if value.startswith(".") and value != "." else value
    problem = name_problem("mail domain", name)
    if problem is None and "." not in name:
        return f"'{name}' is not a mail domain: it has no dot. Give the full name, e.g. {name}.example"
    return problem
