"""Who may set a parameter of main.cf: postfix-parameters.json, every one that the Postfix of Debian 13 knows (postconf -d).

A name has a rule, which says which values service users may give it:
  boolean, time             yes or no; a number with the unit s, m, h, d or w
  number MIN [MAX]          a whole number
  code DIGIT...             an answer of SMTP that begins with one of the digits
  enum WORD..., words WORD...   one of the words; any number of them
  incoming-keywords WORD... the same, and dsn is one of them
  own-address 4 or 6        an address that this host has
  text, names, sender, delimiter, feedback   what it is called
  networks, domain, domains, blocklists
  restrictions, classes     of those that Postfix has, without what shows mail to somebody else
  addresses, routes, checks tables of that kind
  trusted-file, tls-level   files that only root writes; how TLS is used, never without it
  stack WHY [PROPERTY]      only the stack sets it: the reason, and the property that does the same, - for what is part of the role.
                            Without a property it is set in mainCf
A name that begins with * is an ending of those that each transport has, such as user-webapp_destination_recipient_limit.
"""

import functools
import json
import os

TABLE = os.path.join(os.path.dirname(os.path.realpath(__file__)), "postfix-parameters.json")

# Why only the stack sets a parameter; follows its name.
REASONS = {
    "root": "decides what runs as root, or which files root opens",
    "identity": "is part of the identity of this host",
    "others": "could show other people's mail to someone else",
    "filter": "could lead mail past the filters, or through another program",
    "routes": "decides where everybody's mail goes",
    "rewrites": "could change commands and replies in everybody's SMTP sessions",
    "secrets": "could reveal other people's passwords",
    "login": "decides who can log in",
    "relay": "decides who may send through this host, and to whom",
    "tls": "decides how secure connections are",
    "running": "could keep Postfix from running",
}


class Class:
    """The rule for the values of a parameter, or why only the stack sets it."""

    def __init__(self, rule):
        self.kind, *self.options = rule.split()
        self.why, self.instead = (*self.options, "")[:2] if self.kind == "stack" else ("", "")

    def objection(self, name):
        """Why service users may not set it, or None."""
        if self.kind != "stack":
            return None
        return f"'{name}' {REASONS[self.why]}, so service users cannot set it: {self.remedy(name)}"

    def remedy(self, name):
        if self.instead == "-":
            return "it is part of the role"
        if self.instead:
            return f"an administrator sets the property {self.instead} of the stack"
        own = f"an administrator sets it in mainCf of the stack ('{name}')"
        return own if self.why == "root" else f"{own}, or names it in serviceUserParameters"


@functools.cache
def table():
    with open(TABLE, encoding="utf-8") as file:
        return {name: Class(rule) for name, rule in json.load(file).items()}


@functools.cache
def families():
    """The endings of parameters that each transport has, longest first."""
    found = [(name[1:], each) for name, each in table().items() if name[0] == "*"]
    return sorted(found, key=lambda entry: -len(entry[0]))


def is_of_transport(name):
    """Whether it is a parameter that a transport has, be there such a transport or not."""
    return name not in table() and any(name.endswith(ending) and name != ending for ending, _ in families())


def class_of(name):
    """None for what Postfix itself does not know."""
    if name in table():
        return table()[name]
    return next((each for ending, each in families() if name.endswith(ending) and name != ending), None)
