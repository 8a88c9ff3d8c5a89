"""Lists of restrictions in main.cf, such as smtpd_recipient_restrictions, and the classes that may be in them."""
import re

from access import RESTRICTIONS, WITH_ARGUMENT, nearest

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
    """What is wrong with a list of restrictions, or None."""
    known = {*RESTRICTIONS, *FORMER, *classes}
    words = list(words_of(value))
    index = 0
    while index < len(words):
        word = words[index]
        if word.lower() in WITH_ARGUMENT:
            index += 1
            if index >= len(words):
                return f"'{word}' lacks its argument, see postconf(5)"
        # A table may stand for itself; what another parameter says is judged there.
        elif ":" not in word and "$" not in word and word.lower() not in known:
            near = nearest(word, [*RESTRICTIONS, *WITH_ARGUMENT, *classes])
            meant = f"; did you mean {near}?" if near else ""
            return f"'{word}' is no restriction of Postfix, which would put off every mail{meant}"
        index += 1
    return None
