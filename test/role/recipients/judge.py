"""Reads cases, `[{virtual, aliases, canonical}]`, and writes what the gate's rules say of each: faults, recipients to ask for, aliases
that hand mail on. Tables are files, as on a host; what is said of them must be what is said of dicts."""

import json
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])

from recipient_graph import Judgement  # noqa: E402
from recipient_tables import Targets  # noqa: E402
from recipients import ASKED, NOWHERE, TAKEN, End, World  # noqa: E402


def route(domain, _):
    if domain == "alias.example" or domain.endswith((".alias.example", "ad.example")):
        return None
    if domain.endswith("pipe.example"):
        return End(TAKEN)
    if domain.endswith("relay.example"):
        return End(ASKED, "relayed")
    if domain == "error.example":
        return End(NOWHERE, "the transport map has an error for it (5.1.6 moved)")
    return End(ASKED, "elsewhere")


def judged(case):
    canonical = {key: [target] for key, target in case.get("canonical", {}).items()}
    virtual = case.get("virtual", {})
    with tempfile.TemporaryDirectory() as folder:
        found = judgement_of(case, as_file(f"{folder}/canonical", canonical), as_file(f"{folder}/virtual", virtual))
    of_dicts = judgement_of(case, lower_case(canonical), lower_case(virtual))
    if found != of_dicts:
        raise SystemExit(f"{case}: of files {found}, of dicts {of_dicts}")
    return found


def as_file(path, entries):
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(f"{key} {', '.join(targets)}\n" for key, targets in entries.items())
    return Targets(path, names_domains=path.endswith("virtual"))


def lower_case(entries):
    return {key.lower(): targets for key, targets in entries.items()}


def judgement_of(case, canonical, virtual):
    aliases = lower_case(case.get("aliases", {}))
    own = ["mail.example", "localhost"]
    judgement = Judgement(World(canonical, virtual, aliases, own, lambda name: name.lower() in ("root", "webapp"), route))
    return {
        "faults": ["{} {}: {}".format(*fault.nodes[0], fault.text) for fault in judgement.faults],
        "asked": sorted(judgement.asked),
        "leaving": sorted(judgement.leaving),
    }


json.dump([judged(case) for case in json.load(sys.stdin)], sys.stdout)
