#!/usr/bin/python3
"""warm-up check|apply|step

The slow start of an address that no receiver knows. check: exit 1 and what is missing. apply: the day of the schedule becomes a
fragment of main.cf, which the gate takes in after it. step: the same, and the gate; a timer runs it.

warm-up.json: addresses (of this host, as others see them), transports (services of master.cf), schedule (of each day the seconds between
two mails to one domain) and secondsBetweenMails (what holds besides, and after the last day).
"""

import json
import os
import subprocess
import sys
import time

# Root runs it, and leaves no compiled modules behind.
sys.dont_write_bytecode = True

SETTINGS = os.environ.get("WARM_UP_SETTINGS", "/usr/lib/mailserver/warm-up.json")
# When each address was first used. On the state volume, where there is one.
BEGAN = os.environ.get("WARM_UP_BEGAN", "/var/lib/mailserver/warm-up/began.json")
FRAGMENT = os.environ.get("WARM_UP_FRAGMENT", "/etc/postfix/main.d/12_warm-up.cf")
GATE = "/usr/lib/mailserver/postfix-gate"
DAY = 86_400
# The timer runs every hour; a day that is over for longer was missed.
LATE = 2 * 3600
# Of addresses that this host has had.
MOST_KNOWN = 50
UNNAMED = "this host"


def addresses(me):
    return me["addresses"] or [UNNAMED]


def fragment(me, began, now):
    """The newest address counts: what it sends looks to receivers like the mail of the others."""
    pauses = list(me["schedule"].values())
    day = max(0, int((now - max(began[address] for address in addresses(me))) // DAY))
    over = day >= len(pauses)
    pause = max(me["secondsBetweenMails"], 0 if over else pauses[day])
    stage = "the slow start is over" if over else f"day {day + 1} of {len(pauses)}"
    told = f"# Written by the host ({stage} of outgoingPace.warmUp); see warm-up.json in /usr/lib/mailserver."
    return "\n".join([told, *(f"{name}_destination_rate_delay = {pause}s" for name in me["transports"]), ""])


def difference(me, now):
    began = load(BEGAN, {})
    if any(address not in began for address in addresses(me)):
        return f"the slow start of {', '.join(address for address in addresses(me) if address not in began)} has not begun"
    if text_of(FRAGMENT) not in (fragment(me, began, now), fragment(me, began, now - LATE)):
        return "the pace of outgoing mail is not that of the day"
    return None


def bring_about(me, now):
    """Whether something changed."""
    began = load(BEGAN, {})
    kept = dict(list({**began, **{address: now for address in addresses(me) if address not in began}}.items())[-MOST_KNOWN:])
    if kept != began:
        store(BEGAN, json.dumps(kept), 0o644)
    wanted = fragment(me, kept, now)
    if text_of(FRAGMENT) == wanted:
        return False
    store(FRAGMENT, wanted, 0o644)
    return True


def step(me, now):
    """A change of service users that is under way comes with it, as with every push."""
    if not bring_about(me, now):
        return 0
    print(text_of(FRAGMENT).splitlines()[1])
    return subprocess.run([GATE, "apply"], check=False).returncode


def text_of(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def load(path, default):
    text = text_of(path)
    return json.loads(text) if text else default


def store(path, text, mode):
    """Service users may write the folder of the fragments, and cannot take away what is root's."""
    new = os.path.join(os.path.dirname(path), f".{os.path.basename(path)}.{os.getpid()}")
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode), "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), mode)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)


def main():
    me, now = load(SETTINGS, None), time.time()
    verb = sys.argv[1]
    if verb == "apply":
        bring_about(me, now)
        return 0
    if verb == "step":
        return step(me, now)
    missing = difference(me, now)
    if missing:
        print(missing)
    return 1 if missing else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, ValueError, KeyError) as error:
        print(f"warm-up: {error}", file=sys.stderr)
        sys.exit(1)
