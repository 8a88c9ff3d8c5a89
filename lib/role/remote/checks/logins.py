"""Logins that were stopped or have met a limit, as the program that watches them says."""

import json
import socket

from checks.outcome import CRITICAL, OK, WARNING, Metric, Outcome, reason

SECONDS = 10
LARGEST = 4 * 1024 * 1024
MOST_NAMED = 5


def logins(config):
    try:
        state = ask(config["logins"]["control"])
    except (OSError, ValueError) as error:
        return Outcome(CRITICAL, f"mailserver-logins: {reason(error)}; logins write as whom they like, as much as they like", up(0))
    return judge_logins(state)


def judge_logins(state):
    found = [f"{name} is stopped: {why}" for name, why in sorted(state["stopped"].items())]
    found += [f"{name} met its limit of {limit}" for name, limit in sorted(state["over"].items())]
    metrics = up(1) + (Metric("logins_stopped", len(state["stopped"])), Metric("logins_over_limit", len(state["over"])))
    if not found:
        return Outcome(OK, "no login was stopped or met a limit within a day", metrics)
    more = f"; and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    return Outcome(WARNING, "; ".join(found[:MOST_NAMED]) + more, metrics)


def up(value):
    return (Metric("up", value, label=("service", "mailserver-logins")),)


def ask(path):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(SECONDS)
        connection.connect(path)
        connection.sendall(b"list\n")
        with connection.makefile("rb") as file:
            return json.loads(file.read(LARGEST))
