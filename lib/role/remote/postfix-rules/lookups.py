"""Lookup tables and files that values of parameters name, by the grammar of postconf(5): TYPE:NAME, alone, in lists and in braces."""

import os
import re

from restrictions import words_of
from tables import items

# Tables that are files of this host. `postmap` writes one for each of the first.
INDEXED = {"btree": ".db", "cdb": ".cdb", "dbm": ".pag", "hash": ".db", "lmdb": ".lmdb", "sdbm": ".pag"}
FROM_TEXT = {"cidr", "pcre", "regexp", "texthash", "sqlite"}
IN_PLACE = {"inline", "randmap", "static"}
# What they hold says how to reach a server, which may be away for a while.
OF_SERVERS = {"ldap", "mongodb", "mysql", "pgsql", "memcache"}
OF_OTHERS = {"pipemap", "unionmap"}
TYPES = {*INDEXED, *FROM_TEXT, *IN_PLACE, *OF_SERVERS, *OF_OTHERS}
# Parameters whose value is text for people, or an expression.
NO_TABLES = re.compile(
    r".*(_banner|_footer|_reply|_text|_expansion_filter|_name|_command|_directory)|compatibility_level|mail_version|default_rbl_reply"
)
# What Postfix itself makes and writes while it runs: not there before.
CACHES = re.compile(
    r"address_verify_map|postscreen_cache_map|(smtp|smtpd|lmtp)_tls_session_cache_database|(smtp|lmtp)_sasl_auth_cache_name"
)
# The trial has its own word about smtpd_tls_chain_files, which the host may be about to make.
FILES = re.compile(
    r"(?!smtpd_tls_chain_files)(smtp|smtpd|lmtp)_tls_(CAfile|CApath|cert_file|key_file|eccert_file|eckey_file|chain_files|dh1024_param_file)"
)


def tables(name, value):
    """The tables in a value, as TYPE:NAME, with proxy: where it has that."""
    return [] if NO_TABLES.fullmatch(name) or CACHES.fullmatch(name) else list(dict.fromkeys(found(value)))


def found(value):
    for word in words_of(value):
        bare = word.removeprefix("!")
        proxied, bare = ("proxy:", bare.removeprefix("proxy:")) if bare.startswith("proxy:") else ("", bare)
        type_, colon, rest = bare.partition(":")
        if colon and type_ in OF_OTHERS and rest[:1] == "{" and rest[-1:] == "}":
            yield from (table for item in items(rest[1:-1]) or [] for table in found(item))
        elif colon and rest and type_ in TYPES and type_ not in OF_OTHERS:
            yield f"{proxied}{type_}:{rest}"
        elif word[:1] == "{" and word[-1:] == "}":
            yield from found(word[1:-1])


def files(name, value):
    """Files of TLS."""
    return [path for path in re.split(r"[\s,]+", value) if path.startswith("/")] if FILES.fullmatch(name) else []


# What postmap may say of any file; whatever else it prints can be a line of a file that the author of a fragment cannot read.
SYSTEM_ERRORS = (
    "No such file or directory",
    "Permission denied",
    "Is a directory",
    "Not a directory",
    "Too many levels of symbolic links",
    "Invalid argument",
    "No such device or address",
)


def problem_of(table, said):
    """What is wrong, in few words, and nothing that the table contains."""
    type_, _, path = table.removeprefix("proxy:").partition(":")
    if type_ in INDEXED and "No such file" in said:
        made = f": make it with 'postmap {type_}:{path}'" if os.path.exists(path) else ""
        return f"{path}{INDEXED[type_]} is not there{made}"
    if said.startswith("no answer within"):
        return said
    for error in SYSTEM_ERRORS:
        if f": {error}" in said:
            return f"{path}: {error}"
    if re.search(r"unsupported dictionary type|bad type|Unknown map type", said):
        return f"this Postfix has no tables of type {type_}"
    line = re.search(r"\bline (\d{1,9})\b", said)
    if line:
        return f"line {line.group(1)} is wrong; 'postmap -q x {table}' says why to whoever may read it"
    return f"postmap cannot read it; 'postmap -q x {table}' says why to whoever may read it"
