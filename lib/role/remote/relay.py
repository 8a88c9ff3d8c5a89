#!/usr/bin/python3
"""relay try CANDIDATE
relay passwords check|apply [LOGIN …]
relay way check|apply WAY

Smart hosts of the stack. `try` talks to those of a candidate that differ from what is live; one that refuses for good is an error, one
that is away is a warning, since it must not stop other changes. `passwords` keeps the passwords of the logins in the tables
that Postfix reads; new ones are in a file that is there during an apply of the stack only. `way` has mail that waits try the way that
is in effect, when it is another one than before. check: exit 1 and the difference.
"""

import json
import os
import subprocess
import sys

# Root runs it, and leaves no compiled modules behind.
sys.dont_write_bytecode = True
PROGRAMS = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(PROGRAMS, "checks"))

from harmless import one_line  # noqa: E402
from relay_session import AWAY, PARTLY, WELL, WRONG, tried  # noqa: E402

LIVE = "/usr/lib/mailserver/relay.json"
STATE = os.environ.get("RELAY_STATE", "/var/lib/mailserver/relay")
TRANSACTION = os.environ.get("RELAY_TRANSACTION", "/var/lib/mailserver/transaction")
SECRETS = f"{TRANSACTION}/secrets/relay.json"
# What a rollback of the same apply goes back to.
BEFORE = f"{TRANSACTION}/secrets/relay-before.json"
KNOWN = f"{STATE}/passwords.json"
WAY = f"{STATE}/way"
TOLD = f"{STATE}/told"
CHECKS = "/var/lib/mailserver/checks/status.json"
LONGEST = 600


class Failed(Exception):
    """Nothing was changed; the message says why."""


def try_candidate(candidate):
    me = load(f"{candidate}{LIVE}", {"routes": []})
    given = load(SECRETS, {})
    known = load(KNOWN, {})
    changed = me["routes"] != load(LIVE, {"routes": []})["routes"] or any(known.get(login) != text for login, text in given.items())
    if not me["routes"] or not changed:
        return 0
    found = tried(me, {**known, **given})
    store(f"{TRANSACTION}/relay-told", "; ".join(each.text for each in found.values() if each.kind in (AWAY, PARTLY)))
    for each in found.values():
        if each.kind != WELL:
            print(f"{'' if each.kind == WRONG else 'warning: '}{one_line(each.text, LONGEST)}")
    wrong = [each for each in found.values() if each.kind == WRONG]
    if wrong:
        # The last line is what the apply says.
        print(one_line("; ".join(each.text for each in wrong), LONGEST))
    return 1 if wrong else 0


def passwords_differ(logins):
    known = load(KNOWN, {})
    for login in logins:
        if login not in known or not os.path.exists(f"{table_of(login)}.cdb"):
            return f"the password of {named(login)} is not on the host yet"
    for login in known:
        if login not in logins:
            return f"the password of {named(login)} is no longer in the stack"
    return None


def named(login):
    """`ROUTE [host]:port user version`, for people."""
    _, hop, user, version = login.split(" ")
    return f"{user} at {hop}, version {version}"


def table_of(login):
    return f"{STATE}/{login.split(' ')[0]}"


def keep_passwords(logins):
    known = load(KNOWN, {})
    if not os.path.exists(BEFORE) and os.path.isdir(os.path.dirname(BEFORE)):
        store(BEFORE, json.dumps(known))
    at_hand = {**load(BEFORE, {}), **known, **load(SECRETS, {})}
    missing = [login for login in logins if login not in at_hand]
    if missing:
        raise Failed(f"the password of {named(missing[0])} is not at hand: apply the stack again")
    wanted = {login: at_hand[login] for login in logins}
    tables = {}
    for login, password in wanted.items():
        _, hop, user, _ = login.split(" ")
        # Postfix asks for the host before the next hop, and the table behind this one fails for whatever is not in it.
        host = hop[1:].rpartition("]:")[0]
        tables.setdefault(table_of(login), {})[host] = f"{host} {user}:{password}\n"
    for path, lines in tables.items():
        store(path, "".join(lines.values()))
        compile_table(path)
        # Only the compiled one is read.
        os.unlink(path)
    for name in os.listdir(STATE) if os.path.isdir(STATE) else []:
        path = os.path.join(STATE, name)
        if name.startswith("relay-") and path.removesuffix(".cdb") not in tables:
            os.unlink(path)
    if wanted:
        store(KNOWN, json.dumps(wanted))
    elif os.path.exists(KNOWN):
        os.unlink(KNOWN)
    # A process of Postfix that looked for a table before it was there does not look again.
    ask_postfix("postfix", "reload")
    ask_postfix("postqueue", "-f")


def ask_postfix(*command):
    """One that does not run begins with what is there, and with the mail that waits."""
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def compile_table(path):
    """postmap gives the table the permissions of its source, and puts it into place whole."""
    result = subprocess.run(["postmap", f"cdb:{path}"], capture_output=True, text=True, check=False, cwd="/")
    # What it says may quote a line, and with it a password.
    if result.returncode != 0:
        raise Failed(f"postmap cannot compile {path}, exit {result.returncode}; is the disk full?")


def way_differs(way):
    found = text_of(WAY) or "none"
    if found != way:
        return "mail that waits has not tried the way that the stack says"
    told = complaint()
    if told:
        print(f"warning: {one_line(told, LONGEST)}")
    return None


def complaint():
    """What was last found of the smart hosts, by an apply or by the checks."""
    if not os.path.exists(TOLD):
        return ""
    try:
        with open(CHECKS, encoding="utf-8") as file:
            checks = json.load(file)
        if checks["time"] > os.stat(TOLD).st_mtime:
            found = next((each for each in checks["checks"] if each["name"] == "relay"), {"code": 0})
            return found["message"] if found["code"] else ""
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return text_of(TOLD)


def take_way(way):
    ask_postfix("postqueue", "-f")
    if way == "none":
        for path in (WAY, TOLD):
            if os.path.exists(path):
                os.unlink(path)
        return
    store(TOLD, text_of(f"{TRANSACTION}/relay-told"))
    store(WAY, way)


def text_of(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().strip()
    except FileNotFoundError:
        return ""


def load(path, default):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return default


def store(path, text):
    new = f"{path}.new"
    if os.path.lexists(new):
        os.unlink(new)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)


def main():
    verb, arguments = sys.argv[1], sys.argv[2:]
    if verb == "try":
        return try_candidate(arguments[0].rstrip("/"))
    differs, bring_about = {"passwords": (passwords_differ, keep_passwords), "way": (way_differs, take_way)}[verb]
    wanted = arguments[1:] if verb == "passwords" else arguments[1]
    if arguments[0] == "apply":
        bring_about(wanted)
        return 0
    difference = differs(wanted)
    if difference:
        print(difference)
    return 1 if difference else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (Failed, OSError, ValueError) as error:
        print(f"relay: {error}", file=sys.stderr)
        sys.exit(1)
