"""Which values service users may give a parameter: one function for each rule of postfix-parameters.json."""

import ipaddress
import os
import re
import socket

from access import RESTRICTIONS, WITH_ARGUMENT
from classes import class_of
from names import matched_domain, name_problem
from networks import Together, parse_network
from restrictions import own_list_problem, words_of
from tables import items, table_problem

# Folders that only root writes; files in them are named where a rule says so.
ROOTS = ("/etc/ssl/certs/", "/etc/letsencrypt/", "/usr/share/")
TRUSTED = (*ROOTS, "/usr/local/share/ca-certificates/")
TABLE = re.compile(r"(?<![\w.])(?:proxy:)*([a-z][a-z0-9]*):([^\s,{}\"]+)")
ABSOLUTE = re.compile(r"(?<![\w.\]:)/}])/[^\s,{}\"]*")
UPWARDS = re.compile(r"(?<![^/\s,:])\.\.(?![^/\s,])")
# Types of tables that name a file, a socket or a server.
FILE_TYPES = {
    "btree",
    "cdb",
    "cidr",
    "dbm",
    "environ",
    "fail",
    "hash",
    "ldap",
    "lmdb",
    "memcache",
    "mongodb",
    "mysql",
    "netinfo",
    "nis",
    "nisplus",
    "pcre",
    "pgsql",
    "regexp",
    "sdbm",
    "socketmap",
    "sqlite",
    "tcp",
    "texthash",
}
# Kinds whose values have patterns and texts in them; what is a file there, their own rules know.
WITH_TABLES = {"addresses", "routes", "checks", "restrictions"}
PLAIN = {"text", "sender", "delimiter"}
UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
# What the queue manager takes at most, in seconds.
LONGEST_TIME = 100 * 86_400
TLS_LEVELS = "may encrypt dane dane-only fingerprint verify secure".split()


class Rules:
    """What a value may refer to: compiled maps, restriction classes, policy services of the stack."""

    def __init__(self, maps, classes=(), policy_services=()):
        self.maps = maps
        self.classes = set(classes)
        self.policy_services = set(policy_services)

    def restrictions(self, value):
        return own_list_problem(value, self)


def path_problem(name, kind, value, maps):
    """Files, sockets and servers that a value names, as it is written or as Postfix expands it."""
    if kind in PLAIN:
        return None
    paths = [path for type_, path in TABLE.findall(value) if type_ in FILE_TYPES]
    if kind not in WITH_TABLES:
        if re.search(r"\$[\w({][^\s,]*/[^0-9]", value):
            return f"'{name}' makes up a path of another parameter; write the path itself"
        paths += re.findall(r":(/[^\s,{}\"]*)", value) + ABSOLUTE.findall(value)
    if any(UPWARDS.search(path) for path in paths) or (kind not in WITH_TABLES and UPWARDS.search(value)):
        return f"'{name}' holds '..', which can lead out of the folders that only root writes"
    for path in paths:
        if not path.startswith((maps + "/", *ROOTS)):
            return f"'{name}' names {path}, which Postfix would read as root; files can be named below {', '.join(ROOTS)} only"
    return None


def value_problem(name, each, value, rules):
    """What is wrong with a value, expanded as Postfix does it; `each` is the class of the parameter."""
    problem = path_problem(name, each.kind, value, rules.maps)
    if problem is None and each.kind in KINDS:
        problem = KINDS[each.kind](name, value, each.options, rules)
    return problem


def boolean(name, value, options, rules):
    return None if value.lower() in ("yes", "no") else f"bad boolean configuration: {name} = {value}: expected yes or no"


def number(name, value, options, rules):
    least, most = int(options[0]), int(options[1]) if len(options) > 1 else 2**31 - 1
    if re.fullmatch(r"[0-9]{1,10}", value) and least <= int(value) <= most:
        return None
    return f"bad numerical configuration: {name} = {value}: expected a whole number from {least} to {most}"


def time(name, value, options, rules):
    match = re.fullmatch(r"([0-9]{1,8})([smhdw]?)", value)
    if match and int(match.group(1)) * UNITS[match.group(2)] <= LONGEST_TIME:
        return None
    return f"bad time value: {name} = {value}: expected e.g. 30s, 5m, 4h or 2d, at most 100d"


def code(name, value, options, rules):
    fits = re.fullmatch(rf"[{''.join(options)}][0-9][0-9]", value)
    return None if fits else f"bad reply code: {name} = {value}: expected {' or '.join(f'{digit}xx' for digit in options)}"


def feedback(name, value, options, rules):
    form = r"[0-9]{1,4}(\.[0-9]{1,4})?( */ *([0-9]{1,6}|concurrency|sqrt_concurrency))?"
    return None if re.fullmatch(form, value) else f"bad feedback: {name} = {value}: see postconf(5)"


def enum(name, value, options, rules):
    return None if value in options else f"'{name}' has the value '{value}': service users can give it {' or '.join(options)}"


def tls_level(name, value, options, rules):
    return None if value in TLS_LEVELS else f'Invalid TLS level "{value}" for {name}: service users can set {", ".join(TLS_LEVELS)}'


def words(name, value, options, rules):
    unknown = [word for word in re.split(r"[ \t,]+", value) if word and word.lower() not in options]
    return f"'{name}' has the word '{unknown[0]}': service users can use {', '.join(options)}" if unknown else None


def incoming_keywords(name, value, options, rules):
    """Of port 25: a notification of success would go to whomever a stranger names as the sender."""
    problem = words(name, value, options, rules)
    if problem is None and "dsn" not in re.split(r"[ \t,]+", value.lower()):
        problem = f"'{name}' is without dsn: strangers could have notifications sent to anybody. Add dsn; submission_discard_ehlo_keywords is for 587 and 465"
    return problem


def own_address(name, value, options, rules):
    """Mail waits in the queue while an address to send from is not there."""
    if not value:
        return None
    expected = f"expected an IPv{options[0]} address of this host that others can reach, or nothing"
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        return f"'{name}' is '{value}': {expected}"
    if (
        str(address.version) != options[0]
        or address.is_loopback
        or address.is_unspecified
        or address.is_multicast
        or address.is_link_local
    ):
        return f"'{name}' is '{value}': {expected}"
    return None if is_here(address) else f"'{name}' is {value}, which no interface of this host has: all outgoing mail would wait"


def is_here(address):
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_STREAM) as one:
            one.bind((str(address), 0))
    except OSError:
        return False
    return True


def names(name, value, options, rules):
    odd = [word for word in re.split(r"[ \t,]+", value) if not re.fullmatch(r"[A-Za-z0-9_.-]*", word)]
    return f"'{name}' has '{odd[0]}': expected names" if odd else None


def sender(name, value, options, rules):
    good = re.fullmatch(r"(<>|[A-Za-z0-9_.+=-]+(@[A-Za-z0-9.-]+)?)?", value)
    return None if good else f"'{name}' is '{value}': expected the address of a sender, or <>"


def delimiter(name, value, options, rules):
    return None if re.fullmatch(r"[+=_-]{0,2}", value) else f"'{name}' is '{value}': expected +, -, _, = or two of them"


def trusted_file(name, value, options, rules):
    """Links in these folders lead to where only root writes, too."""
    for path in re.split(r"[ \t,]+", value):
        if path and not os.path.realpath(path).startswith(TRUSTED):
            return f"'{name}' names {path}, which Postfix would read as root; files can be named below {', '.join(ROOTS)} only"
    return None


def networks(name, value, options, rules):
    together, too_many = Together(), None
    for word in re.split(r"[ \t,]+", value):
        bare = word.removeprefix("!")
        if not bare or bare == "[::1]/128":
            continue
        network, problem = None, None
        if ":" in bare and not bare.startswith("["):
            problem = table_problem(bare, "networks", rules)
        else:
            network, problem = parse_network(bare)
        if problem:
            open_relay = ", relaying for a stranger (an open relay if accepted)" if "whole internet" in problem else ""
            return f"'{name}': {problem}{open_relay}"
        if network and bare == word:
            too_many = together.add(network) or too_many
    return (
        f"'{name}': all networks of IPv{too_many} together are a large part of the internet (an open relay if accepted)"
        if too_many
        else None
    )


def domain(name, value, options, rules):
    problem = name_problem("domain", value) if value else None
    return f"'{name}': {problem}" if problem else None


def domains(name, value, options, rules):
    for word in words_of(value):
        bare = word.removeprefix("!").removeprefix(".")
        if bare == "localhost":
            continue
        problem = table_problem(bare, "domains", rules) if ":" in bare else matched_domain(bare)
        if problem:
            return f"'{name}': {problem}"
    return None


def blocklists(name, value, options, rules):
    for word in re.split(r"[ \t,]+", value):
        if not re.fullmatch(r"([A-Za-z0-9_.-]+(=[0-9.;\[\]]+)?(\*-?[0-9]+)?)?", word):
            return f"'{name}' has '{word}': expected a blocklist, e.g. bl.example.com=127.0.0.2*2"
    return None


def restrictions(name, value, options, rules):
    return own_list_problem(value, rules)


def classes(name, value, options, rules):
    for word in re.split(r"[ \t,]+", value):
        if word.lower() in {*RESTRICTIONS, *WITH_ARGUMENT} or class_of(word) or not re.fullmatch(r"\w*", word, re.A):
            return f"'{name}' declares '{word}', which Postfix knows as something else: choose another name"
    return None


def tables(kind):
    def problem_of(name, value, options, rules):
        parts = items(value)
        if parts is None:
            return f"'{name}' has braces that do not fit"
        # A type and its braces are one word for Postfix.
        return next(filter(None, (table_problem(word, kind, rules) for word in words_of(value))), None)

    return problem_of


KINDS = {
    "boolean": boolean,
    "number": number,
    "time": time,
    "code": code,
    "feedback": feedback,
    "enum": enum,
    "words": words,
    "names": names,
    "sender": sender,
    "delimiter": delimiter,
    "trusted-file": trusted_file,
    "tls-level": tls_level,
    "networks": networks,
    "domain": domain,
    "domains": domains,
    "blocklists": blocklists,
    "restrictions": restrictions,
    "classes": classes,
    "incoming-keywords": incoming_keywords,
    "own-address": own_address,
    "addresses": tables("addresses"),
    "routes": tables("routes"),
    "checks": tables("checks"),
}
