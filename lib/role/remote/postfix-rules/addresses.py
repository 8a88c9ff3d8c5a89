"""Addresses and targets of virtual(5), canonical(5) and aliases(5)."""

import re

from names import name_problem

TOP_LEVEL = re.compile(r"\.(com|net|org|info|biz|edu|gov|mil|int|example|test|[a-z]{2})$", re.I)


def address_pattern(value):
    """The left side of canonical(5) and virtual(5). A bare domain is how virtual(5) names a domain of aliases."""
    broken = other_form(value)
    if broken:
        return broken
    if value.startswith("*@"):
        return f"'{value}' has a *, and this is not a pattern: for every address of the domain write '{value[1:]}'"
    if value == "*":
        return "'*' is not a pattern here: for every address of a domain write e.g. '@example.com'"
    return in_address(value) if "@" in value else None


def target_address(value):
    if not value:
        return "is empty: leave the entry out or give a value"
    broken = other_form(value)
    if broken:
        return broken
    if re.match(r"[|/]|:include:", value):
        return f"'{value}' is not an address: commands and files are targets of local-aliases only"
    if "*" in value:
        return f"'{value}' has a *, and mail goes to addresses: name one"
    if "@" in value:
        return in_address(value)
    return f"'{value}' has no @: expected an address, e.g. user@{value}" if TOP_LEVEL.search(value) else None


def in_address(value):
    local, _, domain = value.rpartition("@")
    if not local:
        return name_problem("domain of an address", domain)
    if not domain:
        return f"'{value}' has nothing behind the @"
    if not re.fullmatch(r'".*"', local):
        if "@" in local:
            return f"'{value}' has two @: an address has one"
        other = re.search(r'[^\x21-\x7e]|[<>()\[\]\\;:,"]', local)
        if other and not other.group().isascii():
            return f"'{value}' has '{other.group()}' before the @, which only few mail servers take: use ASCII letters"
        if other:
            return f"'{value}' has '{other.group()}' before the @: quote that part, if it is meant"
        if re.search(r"^\.|\.\.|\.$", local):
            return f"'{value}' has a dot too many before the @"
    return name_problem("domain of an address", domain)


def other_form(value):
    """Forms of an address that belong to headers, links, quotes."""
    inside = re.fullmatch(r"[^<]*<([^<>]+)>", value)
    if inside:
        return f"'{value}' is an address as in a header: give only '{inside.group(1)}'"
    if value.lower().startswith("mailto:"):
        return f"'{value}' is a link: give only '{value[7:]}'"
    if re.fullmatch(r"'.*'", value) or re.fullmatch(r'"[^"]*@[^"]*"', value):
        return f"'{value}' is in quotes: leave them out"
    if not re.search(r"\s", value) or value.startswith('"'):
        return None
    hint = "; quote the part before the @, if it is meant" if re.search(r"\s.*@", value) else ""
    return f"'{value}' has white space in it{hint}"


def comment_problem(text):
    """Behind an entry a # begins no comment: its words would be further targets."""
    if re.search(r"(^|\s)#", re.sub(r'"(?:\\.|[^"\\])*"', "", text)):
        return f"'{text}' has a comment in it, which Postfix would take for a part of the entry: give it a line of its own"
    return None


def split_targets(text):
    """The targets of a line: commas and white space part them, quotes keep them together."""
    return re.findall(r'(?:"(?:\\.|[^"\\])*"|[^\s,"])+', text)


# What Postfix takes as it stands: none of the characters that part, quote, group or comment in the syntax of headers (RFC 5322),
# in which local(8) reads a target.
PLAIN_PATH = re.compile(r"[A-Za-z0-9_/.=+%^~!&'*?{}$-]+")
PLAIN_NAME = re.compile(r"\\?[^\x00-\x20\x7f()<>\[\]\\;:,\"@|/~-][^\x00-\x20\x7f()<>\[\]\\;:,\"@]*")
QUOTED_LOCAL = re.compile(r'"([^"\\]*)"(@[^"]*)')


def alias_target(value, may_include):
    """What is wrong with a target of aliases(5): an address, |command, /file, or :include:/file where that is read for whom it may."""
    quoted = re.fullmatch(r'"((?:\\.|[^"\\])*)"', value)
    meant = re.sub(r"\\(.)", r"\1", quoted.group(1)) if quoted else value
    if re.match(r":\s*include\s*:", meant, re.I):
        return include_problem(value, meant, may_include)
    if re.match(r"[|/]", meant):
        if len(meant) < 2:
            return f"'{value}' names neither command nor file"
        return None if quoted or PLAIN_PATH.fullmatch(value[1:]) else needs_quotes(value)
    if meant.startswith("~"):
        return f"'{value}' names a file by the home of somebody: give the whole path, e.g. /var/mail/archive"
    if meant.startswith(":"):
        return f"'{value}' is not a target: expected :include: and the path of a file"
    if value.startswith("@"):
        return f"'{value}' has nothing before the @: a target is a name or an address"
    if quoted:
        return f"'{value}' is in quotes: leave them out" if PLAIN_NAME.fullmatch(meant) or "@" in meant else unclear(value)
    return target_address(value) or address_form_problem(value)


def include_problem(value, meant, may_include):
    if not may_include:
        return (
            f"'{value}' would have root read that file for you: write the addresses here, one after the other; "
            "an administrator can name the file in the stack (localAliases)"
        )
    plain = re.fullmatch(r":include:/[^\x00-\x1f\x7f]+", meant)
    if not plain:
        return f"'{value}' is not a target: expected :include: and the path of a file"
    return None if value.startswith('"') or PLAIN_PATH.fullmatch(meant[len(":include:") :]) else needs_quotes(value)


def address_form_problem(value):
    """An address that means the same in any spelling: a name, name@domain, or "a quoted part"@domain."""
    quoted = QUOTED_LOCAL.fullmatch(value)
    local = value.rpartition("@")[0] if "@" in value else value
    if quoted:
        # local(8) looks at the first letter after the quotes are gone.
        return unclear(value) if re.match(r"[|/~:-]", quoted.group(1)) else None
    return None if PLAIN_NAME.fullmatch(local) else unclear(value)


def unclear(value):
    return f"'{value}' is not a name, address, |command or /file that could be taken in one way only"


def needs_quotes(value):
    bare = value.strip('"')
    return f"'{value}' has characters in it that mean something to Postfix: put it in double quotes, e.g. \"{bare}\""


def unquoted_problem(text):
    """Commands and paths with white space, and quotes that go on for ever: Postfix would take them apart."""
    if len(re.findall(r'(?<!\\)"', text)) % 2:
        return f"'{text}' has a quote that is not closed"
    for part in re.findall(r'(?:"(?:\\.|[^"\\])*"|[^,"])+', text):
        part = part.strip()
        if re.match(r"[|/:]", part) and re.search(r"[\s#]", part):
            return f"'{part}' has white space, a comma or # in it: put it in double quotes, e.g. \"{part}\""
    return None


ALIAS_NAME = re.compile(r"[^\x00-\x20\x7f()<>\[\]\\;:,\"@|/]+")


def alias_name(value):
    if "@" in value:
        return f"'{value}' has an @: local aliases are names of this host, addresses belong in virtual-aliases"
    if re.search(r"\s", value) and not value.startswith('"'):
        return f"'{value}' has a colon or white space in it, which ends the name of an alias"
    if "*" in value:
        return f"'{value}' has a *, which aliases(5) does not know: name each alias"
    if re.match(r"[|/]", value):
        return f"'{value}' is a target: on the left stands the name of the alias"
    if not ALIAS_NAME.fullmatch(value.strip('"')) and not re.fullmatch(r'"[\w .+=-]+"', value):
        return f"'{value}' has characters in it that mean something to Postfix: an alias is a name of letters, digits and ._+-"
    return None
