"""Tables of service users in /etc/postfix/tables, next to the maps, which their fragments name as TYPE:/etc/postfix/tables/NAME.

The gate compiles them into its folder of maps, and Postfix reads that. What a table may answer depends on the parameters that name it.
"""

import re

import lookups
from access import action_problem
from addresses import address_form_problem, target_address
from classes import class_of
from tables import CHECKS, answer_of, answer_problem
from transport import hop_problem, transport_problem

FOLDER = "/etc/postfix/tables"
FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}(\.(pcre|regexp|cidr))?")
PATTERNS = {"cidr", "pcre", "regexp"}
# What a table is good for, by the types that make sense there.
TYPES = {
    "addresses": {"cdb"},
    "routes": {"cdb"},
    "next-hops": {"cdb"},
    "passwords": {"cdb"},
    "tls-policies": {"cdb"},
    "checks": {"pcre", "regexp"},
    "access": {"cdb", "cidr", "pcre", "regexp"},
}
OF_PARAMETERS = {
    "smtp_generic_maps": "addresses",
    "lmtp_generic_maps": "addresses",
    "sender_canonical_maps": "addresses",
    "transport_maps": "routes",
    "sender_dependent_default_transport_maps": "routes",
    "sender_dependent_relayhost_maps": "next-hops",
    "smtp_sasl_password_maps": "passwords",
    "lmtp_sasl_password_maps": "passwords",
    "smtp_tls_policy_maps": "tls-policies",
    "lmtp_tls_policy_maps": "tls-policies",
}
TLS_POLICY = re.compile(
    r"(none|may|encrypt|dane|dane-only|fingerprint|verify|secure)(\s+(match|servername|protocols|ciphers|exclude|connection_reuse|enable_rpk)=\S+)*"
)


def kind_of(name, classes=()):
    """What a table is for in a parameter; None where none of service users can be."""
    each = class_of(name)
    if name in OF_PARAMETERS:
        return OF_PARAMETERS[name]
    if name.lower() in classes or (each and each.kind == "restrictions"):
        return "access"
    return "checks" if each and each.kind == "checks" else None


def compiled(value, maps):
    """A value with the compiled tables in the place of the files."""
    return value.replace(f"{FOLDER}/", f"{maps}/tables/")


def uses(parameters, folder, classes):
    """Line, parameter, type and name of each table that a configuration names; `folder` has the compiled maps."""
    for line, parameter, value in parameters:
        if parameter.startswith("main_"):
            continue
        for table in lookups.tables(parameter, value):
            type_, _, path = table.removeprefix("proxy:").partition(":")
            if path.startswith(f"{folder}/tables/"):
                yield line, parameter, type_, path.removeprefix(f"{folder}/tables/")


def use_problem(parameter, type_, name, classes):
    """What is wrong with the way in which a parameter names a table."""
    kind = kind_of(parameter, classes)
    if kind is None:
        return f"'{parameter}' cannot name a table in {FOLDER}: entries belong in the maps in /etc/mail, or the table in the parameter that looks it up"
    if not FILE.fullmatch(name):
        return f"'{FOLDER}/{name}' is not the name of a table: it has letters, digits, _ and -, and ends with .pcre, .regexp or .cidr if it has patterns"
    if type_ not in TYPES[kind]:
        return (
            f"'{type_}:{FOLDER}/{name}' is of a type that '{parameter}' does not take: expected {' or '.join(sorted(TYPES[kind]))}"
        )
    ending = name.partition(".")[2]
    if (type_ if type_ in PATTERNS else "") != ending:
        return f"'{type_}:{FOLDER}/{name}' is called as if it were of another type: expected {FOLDER}/{name.partition('.')[0]}{'.' + type_ if type_ in PATTERNS else ''}"
    return None


def entry_problem(kind, type_, key, value, context):
    """What is wrong with an entry of a table; of a pattern `key` is the whole line."""
    if type_ in PATTERNS:
        value = answer_of(key, type_)
        if value is None:
            return f"'{key}' is not a pattern and an answer: expected e.g. {'203.0.113.0/24 REJECT' if type_ == 'cidr' else '/^Subject: .*lottery/ REJECT'}"
        if value == "":
            return None
    return ENTRIES[kind](value, context)


def address(value, context):
    return target_address(value) or (None if value.startswith("@") else address_form_problem(value))


def check(value, context):
    word = value.split()[0].upper()
    return None if word in CHECKS else answer_problem(value, "checks", context)


def password(value, context):
    """Never repeats the password."""
    return None if re.fullmatch(r"[^\s:]+:\S.*", value) else "expected a user, a colon and a password behind the server"


def tls_policy(value, context):
    return (
        None
        if TLS_POLICY.fullmatch(value)
        else f"'{value}' is not a TLS policy: expected a level and attributes, e.g. encrypt, or secure match=.example.com"
    )


ENTRIES = {
    "addresses": address,
    "routes": lambda value, context: transport_problem(value, context.services),
    "next-hops": lambda value, context: hop_problem(value, value),
    "passwords": password,
    "tls-policies": tls_policy,
    "checks": check,
    "access": action_problem,
}
