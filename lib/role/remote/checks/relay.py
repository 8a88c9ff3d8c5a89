"""Smart hosts: whether each can be reached and takes login and senders, and what they have refused for good."""

import json
import re
import subprocess
from collections import Counter

from checks import relay_session
from checks.outcome import CRITICAL, OK, UNKNOWN, WARNING, Metric, Outcome, reason, together

LOOK_BACK = "-1h"
MOST_LINES = 20_000
SECONDS = 20
LONGEST_REASON = 160
REFUSED = re.compile(r"relay=(?P<relay>[^\s,\[]+)\[.*\bstatus=bounced \((?P<why>.*)\)\s*$")


def relays(config):
    try:
        with open(config["relay"]["settings"], encoding="utf-8") as file:
            me = json.load(file)
    except (OSError, ValueError) as error:
        return Outcome(UNKNOWN, f"{config['relay']['settings']} cannot be read: {reason(error)}")
    found = relay_session.tried(me, passwords(config["relay"]["passwords"]))
    return judge_relays(me["routes"], found, refusals(route["name"] for route in me["routes"]))


def passwords(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return {}


def judge_relays(routes, found, refused):
    """Mail waits where none of the smart hosts of a route is of use; else it leaves by another one."""
    usable = (relay_session.WELL, relay_session.PARTLY)
    names = [[relay_session.name_of(relay) for relay in route["relays"]] for route in routes]
    stuck = {name for route in names if not any(found[name].kind in usable for name in route) for name in route}
    outcomes = [
        Outcome(CRITICAL if name in stuck else WARNING, each.text, up(name, each.kind in usable))
        if each.kind != relay_session.WELL
        else Outcome(OK, each.text, up(name, True))
        for name, each in found.items()
    ]
    count = sum(refused.values())
    if count:
        (relay, why), _ = refused.most_common(1)[0]
        outcomes.append(
            Outcome(
                WARNING,
                f"{relay} has refused {count} recipients within an hour, and senders were told; most often: {why}; {advice(why)}",
            )
        )
    outcomes.append(Outcome(OK, "", (Metric("relay_refused", count),)))
    return together(outcomes, f"{', '.join(found)}: takes mail of this host")


def advice(why):
    """In the words of Amazon SES: a sandbox refuses recipients in the same way."""
    if "is not verified" in why:
        return "verify the domain of the sender at SES, or leave it out of senders of relay; where recipients are named, the account is in the sandbox: ask for production access"
    return "where it refuses the sender, have its operator allow the domain, or give relay the senders that it takes"


def up(name, value):
    return (Metric("relay_up", int(value), label=("relay", name)),)


def refusals(routes):
    """What each smart host said of mail that it refused for good, counted; by the log of Postfix."""
    command = ["journalctl", "-o", "cat", "--no-pager", "-n", str(MOST_LINES), "--since", LOOK_BACK]
    for route in routes:
        command += ["-t", f"postfix/{route}/smtp"]
    try:
        result = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=SECONDS, check=False)
    except (OSError, subprocess.SubprocessError):
        return Counter()
    return Counter((line["relay"], why_of(line["why"])) for line in map(REFUSED.search, result.stdout.splitlines()) if line)


def why_of(text):
    """`host NAME[ADDRESS] said: 554 … (in reply to …)`, without where it was."""
    return re.sub(r"^host \S+ said: ", "", text)[:LONGEST_REASON]
