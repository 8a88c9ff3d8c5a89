"""Names in other letters as DNS has them: IDNA 2008 by way of UTS 46, as the stack writes them. Python's own codec is IDNA 2003, which
makes other domains of some: of faß.de it makes fass.de."""

import re
import unicodedata

# What IDNA 2008 keeps and folding would replace.
KEPT = "ßς"
DOTS = re.compile("[\u3002\uff0e\uff61]")
RIGHT_TO_LEFT = {"R", "AL", "AN"}


def ascii_name(value):
    """None for what cannot be a name."""
    labels = [ascii_label(label) for label in DOTS.sub(".", mapped(mapped(value))).split(".")]
    return ".".join(labels) if all(label is not None for label in labels) else None


def mapped(text):
    return unicodedata.normalize("NFKC", "".join(letter if letter in KEPT else letter.casefold() for letter in text))


def ascii_label(label):
    if any(not (letter.isalnum() or letter == "-") for letter in label if letter.isascii()):
        return None
    if label.isascii():
        return label
    return None if is_unsuitable(label) or is_mixed(label) else "xn--" + label.encode("punycode").decode()


def is_unsuitable(label):
    """Controls, blanks and what is not assigned; and no letter to carry the first mark."""
    categories = [unicodedata.category(letter)[0] for letter in label]
    return categories[0] == "M" or not {"C", "Z"}.isdisjoint(categories)


def is_mixed(label):
    """Letters from left to right and from right to left in one label (RFC 5893)."""
    directions = [unicodedata.bidirectional(letter) for letter in label]
    if RIGHT_TO_LEFT.isdisjoint(directions):
        return False
    return directions[0] not in {"R", "AL"} or "L" in directions
