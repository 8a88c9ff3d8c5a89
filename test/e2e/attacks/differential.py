"""Reads cases as JSON from standard input, lets the gate judge each and the real Postfix parse what was judged, and prints for each
what the two made of it: {"refused": REASON} or {"expected": {NAME: VALUE}, "found": {NAME: VALUE}}.

A map is read by postmap or postalias twice: as its author wrote it, and as the gate hands it to them. A list of names or networks has
one column, and gets a second one; of networks and patterns it is asked what they answer. Fragments are read by postconf
each for itself, the later ones counting, and as the gate puts them together.
"""

import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

PROGRAMS = "/usr/lib/mailserver"
TABLES = {"local-aliases": "postalias"}
# What is asked of tables that cannot be listed, by type.
ASKED = {
    "cidr": "198.51.100.1 198.51.100.7 198.51.101.1 10.0.0.1 10.255.255.255 11.0.0.1 192.168.1.1 192.168.1.200 8.8.8.8 "
    "2001:db8::1 2001:db8::7 2001:db8:1::1 2001:db9::1 ::1".split(),
    "pcre": [
        "a@old.test",
        "A@OLDER.test",
        "x",
        "b@z.test",
        "x@z.test",
        "a@kept.test",
        "user",
        "a b@c.test",
        "a@b.test",
        "postmaster",
    ],
}
ANSWERED = {"external-networks": "cidr", "canonical.pcre": "pcre"}


def run(*command, **options):
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", errors="surrogateescape", timeout=120, **options
    )


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", errors="surrogatepass", newline="") as file:
        file.write(text)


def read(path):
    with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
        return file.read()


def entries(tool, place, text):
    """Keys and values as the tool reads them; what it complains of is one more entry."""
    write(f"{place}/table", text)
    made = run(tool, "-c", f"{place}/..", f"cdb:{place}/table")
    listed = run(tool, "-c", f"{place}/..", "-s", f"cdb:{place}/table")
    found = dict(line.partition("\t")[::2] for line in listed.stdout.split("\n") if line and not line.startswith("YP_"))
    # Where lines are joined, one blank is as good as several.
    found = {key: re.sub(" +", " ", value) for key, value in found.items()}
    if tool == "postalias":
        # Nothing between two commas is nobody.
        found = {key: re.sub(r",(?:\s*,)+", ",", value) for key, value in found.items()}
    if made.stderr.strip():
        found[" "] = made.stderr.strip().replace(place, "")[:300]
    return found


def answers(kind, place, text):
    """What a table answers; what the tool complains of is one more entry."""
    write(f"{place}/table", text)
    asked = run(
        "postmap", "-c", f"{place}/..", "-q", "-", f"{kind}:{place}/table", input="".join(f"{key}\n" for key in ASKED[kind])
    )
    found = dict(line.partition("\t")[::2] for line in asked.stdout.split("\n") if line)
    if asked.stderr.strip():
        found[" "] = asked.stderr.strip().replace(place, "")[:300]
    return found


def with_second_column(text):
    return re.sub(r"(?m)^([ \t]*[^\s#].*?)[ \t]*$", r"\1 OK", text)


def expected_of(name, tool, place, text):
    if name in ANSWERED:
        if name == "external-networks":
            # Brackets are how main.cf writes IPv6.
            text = re.sub(r"(?m)^([ \t]*)\[([^\]\n]*)\]", r"\1\2", with_second_column(text))
        return answers(ANSWERED[name], place, text)
    return entries(tool, place, with_second_column(text) if name == "relay-domains" else text)


def found_of(name, tool, place, text):
    return answers(ANSWERED[name], place, text) if name in ANSWERED else entries(tool, place, text)


def plain(text):
    """What the gate does on purpose: a mark at the beginning and line ends of other systems mean nothing."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def judge_map(case, work):
    name = case["map"]
    write(f"{work}/tree/etc/mail/{name}", case["text"])
    write(f"{work}/main.cf", "compatibility_level = 3.10\n")
    os.makedirs(f"{work}/out")
    judged = run(
        f"{PROGRAMS}/postfix-maps",
        "--candidate",
        f"{work}/tree",
        "--master",
        "/etc/postfix/master.cf",
        "--main",
        f"{work}/main.cf",
        "--out",
        f"{work}/out",
        # It is the tool that understands patterns.
        *(["--compile", "cdb", "--tools", work, "--before", f"{work}/before"] if name == "canonical.pcre" else []),
    )
    if judged.returncode != 0:
        return {"refused": judged.stderr[:500]}
    tool = TABLES.get(name, "postmap")
    expected = expected_of(name, tool, f"{work}/source", plain(case["text"]))
    if name == "transport":
        # transport(5) has no @domain: the gate takes it for the domain.
        expected = {key.removeprefix("@"): value for key, value in expected.items()}
    found = found_of(name, tool, f"{work}/judged", read(f"{work}/out/{name}"))
    if name in ("relay-domains", "external-networks"):
        # Of these only the first column counts.
        expected, found = ({key: value if key == " " else "" for key, value in each.items()} for each in (expected, found))
    return {"expected": expected, "found": found}


def settings(folder):
    listed = run("postconf", "-c", folder, "-n")
    return dict(line.partition(" =")[::2] for line in listed.stdout.split("\n") if line)


def judge_fragments(case, work):
    tree = f"{work}/tree"
    for name, text in case["fragments"].items():
        write(f"{tree}/etc/postfix/main.d/{name}", text)
    # All that the gate does but the trial, which takes seconds.
    shutil.copytree(PROGRAMS, f"{tree}{PROGRAMS}", symlinks=True)
    write(f"{tree}{PROGRAMS}/postfix-trial", "#!/bin/sh\n")
    os.chmod(f"{tree}{PROGRAMS}/postfix-trial", 0o755)
    os.makedirs(f"{work}/built")
    judged = run(f"{PROGRAMS}/postfix-gate", "build", f"{work}/built", tree)
    if judged.returncode != 0:
        return {"refused": judged.stderr[:500]}
    expected = {}
    for name, text in sorted(case["fragments"].items()):
        shutil.copy("/etc/postfix/master.cf", f"{work}/master.cf")
        # What nothing uses is not a parameter to postconf.
        write(f"{work}/main.cf", f"{plain(text)}\nsmtpd_noop_commands = {case['uses']}\ncompatibility_level = 3.10\n")
        read_alone = settings(work)
        expected.update({key: value for key, value in read_alone.items() if key in case["names"]})
    found = settings(f"{work}/built")
    return {"expected": expected, "found": {key: found[key] for key in expected if key in found}}


def judge(case):
    with tempfile.TemporaryDirectory(prefix="differential-", dir="/var/tmp") as work:
        os.chmod(work, 0o755)
        return judge_map(case, work) if "map" in case else judge_fragments(case, work)


with concurrent.futures.ThreadPoolExecutor(2) as pool:
    print(json.dumps(list(pool.map(judge, json.load(sys.stdin)))))
