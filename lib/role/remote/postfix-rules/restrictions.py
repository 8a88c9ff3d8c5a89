"""Lists of restrictions in main.cf, such as smtpd_recipient_restrictions, and the classes that may be in them."""

import re

from access import RESTRICTIONS, WITH_ARGUMENT
from spelling import nearest
from tables import table_problem

# Former names, which Postfix 3.10 still takes.
FORMER = (
    "check_recipient_maps check_relay_domains reject_invalid_hostname reject_maps_rbl reject_non_fqdn_hostname "
    "reject_unknown_address reject_unknown_client reject_unknown_hostname"
).split()
LIST = re.compile(r"[A-Za-z0-9_]+_restrictions")


def is_list(name, classes):
    """Whether a parameter holds restrictions: by its name, or because it is a class."""
    return LIST.fullmatch(name) is not None or name.lower() in classes


def classes_of(value):
    """The names in smtpd_restriction_classes; None for what only Postfix can expand."""
    return None if "$" in value else {name.lower() for name in re.split(r"[\s,]+", value) if name}


def words_of(value):
    """Words between blanks and commas; what is in braces belongs to its word."""
    word, depth = [], 0
    for letter in value:
        if depth == 0 and letter in " \t\r\n,":
            if word:
                yield "".join(word)
            word = []
            continue
        depth += (letter == "{") - (letter == "}" and depth > 0)
        word.append(letter)
    if word:
        yield "".join(word)


def list_problem(value, classes):
    """What is misspelt in a list of restrictions, or None."""
    known = {*RESTRICTIONS, *FORMER, *classes}
    for word, argument in restrictions_of(value):
        if word.lower() in WITH_ARGUMENT:
            if argument is None:
                return f"'{word}' lacks its argument, see postconf(5)"
        # A table may stand for itself; what another parameter says is judged there.
        elif ":" not in word and "$" not in word and word.lower() not in known:
            near = nearest(word, [*RESTRICTIONS, *WITH_ARGUMENT, *classes])
            meant = f"; did you mean {near}?" if near else ""
            return f"'{word}' is not a restriction of Postfix, which would put off every mail{meant}"
    return None


def restrictions_of(value):
    """Each restriction of a list, and its argument; None where it has none."""
    words = iter(words_of(value))
    for word in words:
        yield word, next(words, None) if word.lower() in WITH_ARGUMENT else None


def own_list_problem(value, rules):
    """Why service users may not have such a list: whom it asks, and what a table answers."""
    for word, argument in restrictions_of(value):
        name = word.lower()
        if name == "check_policy_service" and " ".join((argument or "").split()) not in rules.policy_services:
            return (
                f"'{word} {argument}' asks a program that learns of the mail of others and may send it elsewhere: "
                "an administrator sets such a list in mainCf of the stack"
            )
        if name == "sleep" and not re.fullmatch(r"[0-9]|[12][0-9]|30", argument or ""):
            return f"'{word} {argument}' keeps a process busy for longer than 30 seconds"
        table = argument if name.startswith("check_") and name != "check_policy_service" else word if ":" in word else None
        problem = table_problem(table, "access", rules) if table else None
        if problem:
            return problem
    return list_problem(value, rules.classes)
