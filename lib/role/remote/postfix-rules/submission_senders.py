"""Logins and networks, and the domains and addresses that they may write as."""

import re

from addresses import target_address
from names import matched_domain
from networks import parse_network

LOGIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._@+-]*")


def is_network(key):
    return bool(re.match(r"\[", key) or re.search(r"[:/]", key) or re.fullmatch(r"\d+(\.\d+){3}", key))


def sender_key(key):
    """The one spelling of a key; SASL knows logins of different case as different."""
    if not is_network(key):
        return key
    network, problem = parse_network(key)
    return key if problem else str(network)


def sender_key_problem(key):
    if is_network(key):
        return parse_network(key)[1]
    if LOGIN.fullmatch(key):
        return None
    return f"'{key}' is not a login and no network: a login has letters, digits and ._@+- and does not begin with one of .@+-"


def sender_problem(value):
    if value == "*":
        return None
    if value.startswith("@"):
        return f"'{value}' begins with an @: a domain stands for all of its addresses, write '{value[1:]}'"
    if "@" not in value:
        return matched_domain(value)
    if '"' in value:
        return f"'{value}' has quotes in it: name the domain instead"
    return target_address(value)
