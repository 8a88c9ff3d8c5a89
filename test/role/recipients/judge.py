"""Reads cases, `[{virtual, aliases, canonical}]`, and writes what the gate's rules say of each: faults, recipients to ask for, aliases
that hand mail on."""

import json
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])

from recipient_graph import Judgement  # noqa: E402
from recipient_tables import Entries  # noqa: E402
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
    canonical = {key.lower(): [target] for key, target in case.get("canonical", {}).items()}
    virtual = Entries((key.lower(), ", ".join(targets)) for key, targets in case.get("virtual", {}).items())
    aliases = {key.lower(): targets for key, targets in case.get("aliases", {}).items()}
    own = ["mail.example", "localhost"]
    judgement = Judgement(World(canonical, virtual, aliases, own, lambda name: name.lower() in ("root", "webapp"), route))
    return {
        "faults": ["{} {}: {}".format(*fault.nodes[0], fault.text) for fault in judgement.faults],
        "asked": sorted(judgement.asked),
        "leaving": sorted(judgement.leaving),
    }


json.dump([judged(case) for case in json.load(sys.stdin)], sys.stdout)
