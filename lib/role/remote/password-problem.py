#!/usr/bin/python3 -I
"""password-problem LOGIN: what is wrong with the password on standard input, by the rule of the stack's `submissionUsers`; exit 1."""

import json
import os
import re
import sys

SHORTEST, LONGEST = 12, 255
# Characters that are left when names, common words, sequences and repetitions count as one each.
FEWEST = 8
WORDS = os.path.join(os.path.dirname(os.path.realpath(__file__)), "weak-words.json")
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop")
LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
LOOKS_LIKE = str.maketrans("013457@$!", "oieastasi")


def problem(login, password, words):
    if re.search(r"[\x00-\x1f\x7f-\x9f]", password):
        return "the password has a line break or another control character in it"
    if len(password) < SHORTEST:
        return f"the password has {len(password)} characters: give it at least {SHORTEST}, everybody on the internet may try"
    length = len(password.encode("utf-8", "surrogateescape"))
    if length > LONGEST:
        return f"the password has {length} bytes, at most {LONGEST} are possible"
    if min(strength(login, password, words, letters) for letters in ({}, LOOKS_LIKE)) < FEWEST:
        return (
            "the password is easy to guess: it is little more than the name of the login, common words, a sequence or a repetition; "
            "take some words that have nothing to do with each other, or random characters"
        )
    return None


def strength(login, password, words, letters):
    """`letters`: what digits and signs are read as."""
    name = login.partition("@")[0].translate(LOWER)
    text = password.translate(LOWER).translate(letters)
    for word in sorted([*words, *([name] if len(name) > 2 else [])], key=len, reverse=True):
        text = text.replace(word.translate(letters), "\0")
    period = next((size for size in range(1, len(text)) if text.startswith(text[size:])), len(text))
    text = text[:period]
    return sum(1 for before, letter in zip(["", *text], text) if not follows(before, letter))


def follows(before, letter):
    """In the alphabet, in numbers or on a keyboard; forwards, backwards, or the same again."""
    if before == "":
        return False
    return abs(ord(before) - ord(letter)) < 2 or any(before + letter in row or letter + before in row for row in ROWS)


def main():
    with open(WORDS, encoding="utf-8") as file:
        words = json.load(file)
    found = problem(sys.argv[1], sys.stdin.buffer.read(4096).decode("utf-8", "surrogateescape"), words)
    if found:
        print(found)
        sys.exit(1)


if __name__ == "__main__":
    main()
