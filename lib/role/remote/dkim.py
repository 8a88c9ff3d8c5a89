#!/usr/bin/python3
"""dkim keys check|apply
dkim switch
dkim state
dkim trial

Signing of outgoing mail (DKIM). Two keys of this host have their public halves in DNS, for each mail domain by an alias; one signs,
the other is the next one. `keys` makes what is missing, changes both at once where the stack asks for it, and shows the public halves.
`switch`, which a timer runs, looks the records up and has the signer use a key for a domain once the world sees its record; when its
time has come, the next key signs, and a new one takes the place of the old one later. `state` tells the checks; `trial` sends a test mail
through the signer and verifies the signature.
"""

import contextlib
import fcntl
import json
import os
import subprocess
import sys
import time

# Root runs it, and leaves no compiled modules behind.
sys.dont_write_bytecode = True
PROGRAMS = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(PROGRAMS, "dkim.d"))

import keys  # noqa: E402
from schedule import RENEW, SWITCH, Book, due, turn  # noqa: E402

CONFIGURATION = os.environ.get("DKIM_CONFIGURATION", os.path.join(PROGRAMS, "dkim.json"))
KEYS_TABLE, DOMAINS_TABLE, STATE = "keys.table", "domains.table", "state.json"
SIGNER = "opendkim.service"
# The signer reads its tables anew a moment after it is told to.
RELOAD_SECONDS = 10
DAY = 86400


class Failed(Exception):
    """The message says why; the signer goes on with what it had."""


class Host:
    """selectors: two; domains; folder: of keys and state; user: of the signer; socket: where it answers; rotateDays, keepDays; rotation"""

    def __init__(self, config):
        self.__dict__.update(config)

    def path(self, name):
        return f"{self.folder}/{name}"

    def records(self):
        return {selector: keys.record(self.folder, selector) for selector in self.selectors}

    def state(self):
        try:
            with open(self.path(STATE), encoding="utf-8") as file:
                return json.load(file)
        except (FileNotFoundError, ValueError):
            return {}

    def order(self, state):
        """The selector that signs, then the other one."""
        first = state.get("active")
        return sorted(self.selectors, key=lambda name: name != first) if first in self.selectors else list(self.selectors)

    @contextlib.contextmanager
    def alone(self):
        with open(self.path("lock"), "a", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def check_keys(host):
    problems = [found for found in (keys.problem(host.folder, name, host.user) for name in host.selectors) if found]
    if not problems and not os.path.exists(host.path(DOMAINS_TABLE)):
        problems = ["the tables of the signer are not there yet"]
    if problems:
        print(problems[0])
        return 1
    if is_asked_to_rotate(host, host.state()):
        print(f"the keys are to be changed now (rotation {host.rotation})")
        return 1
    print(f"value: {json.dumps(host.records())}")
    return 0


def is_asked_to_rotate(host, state):
    return host.rotation > state.get("rotation", 1)


def revoke(host):
    """The next key signs at once, where the world sees it, and the one that signed is no more."""
    state = host.state()
    first, other = host.order(state)
    state = {**state, "active": other, "since": time.time(), "retired": 0, "rotation": host.rotation}
    keys.replace(host.folder, first, host.user)
    save(host, state)
    work(host, state)


def save(host, state):
    keys.write(host.path(STATE), json.dumps(state) + "\n", 0o600)


def apply_keys(host):
    with host.alone():
        for selector in host.selectors:
            if keys.problem(host.folder, selector, host.user):
                keys.mend(host.folder, selector, host.user)
        if not os.path.exists(host.path(DOMAINS_TABLE)):
            write_tables(host, {})
        if is_asked_to_rotate(host, host.state()):
            revoke(host)
    return 0


def switch(host):
    with host.alone():
        work(host, host.state())
    return 0


def work(host, state):
    now = time.time()
    first, other = host.order(state)
    if host.records()[other] is None and state.get("retired"):
        # Killed while it was made anew.
        keys.mend(host.folder, other, host.user)
    records = host.records()
    if None in records.values():
        raise Failed("a key is missing: apply the stack again")
    book = Book(state.get("records"))
    book.keep(host.selectors, host.domains, records, now)
    look(book, records, now)
    signing = signing_by(host, book, (first, other), now)
    if signing and not state.get("since"):
        state = {**state, "since": now}
    ready = book.is_ready(other, [domain for domain, selector in signing.items() if selector == first], now)
    step = turn(state, ready, now, host.rotateDays * DAY, host.keepDays * DAY)
    if step == SWITCH:
        print(f"{other} signs from now on, {first} stays public for {host.keepDays} days", file=sys.stderr)
        first, other = other, first
        state = {**state, "active": first, "since": now, "retired": now}
        signing = signing_by(host, book, (first, other), now)
    bring_about(host, signing, records)
    if step == RENEW and other not in signing.values():
        keys.replace(host.folder, other, host.user)
        book.keep(host.selectors, host.domains, host.records(), now)
        state = {**state, "retired": 0}
        print(f"{other} is a new key: its record is in the next plan of the stack", file=sys.stderr)
    save(host, {"rotation": host.rotation, **state, "active": first, "switched": now, "records": book.stored()})


def signing_by(host, book, order, now):
    found = {domain: book.selector_of(domain, order, now) for domain in host.domains}
    return {domain: selector for domain, selector in found.items() if selector}


def look(book, records, now):
    # Only who asks DNS needs it, and it takes its time to load.
    from concurrent.futures import ThreadPoolExecutor

    from records import World

    world = World()
    names = book.due(now)
    with ThreadPoolExecutor(8) as pool:
        for name, sight in zip(names, pool.map(lambda name: world.look(*name, records[name[0]]), names)):
            book.note(name, sight, now)


def tables(host, signing):
    return {
        # All of them, whether used or not: no state in between names a key that is not there.
        KEYS_TABLE: "".join(f"{selector} %:{selector}:{keys.private(host.folder, selector)}\n" for selector in host.selectors),
        DOMAINS_TABLE: "".join(f"{domain} {selector}\n" for domain, selector in sorted(signing.items())),
    }


def read_tables(host):
    found = {}
    for name in (KEYS_TABLE, DOMAINS_TABLE):
        try:
            with open(host.path(name), encoding="ascii") as file:
                found[name] = file.read()
        except FileNotFoundError:
            found[name] = ""
    return found


def write_tables(host, signing):
    for name, text in tables(host, signing).items():
        keys.write(host.path(name), text, 0o644)


def bring_about(host, signing, records):
    """The tables, and a signer that has read them: or what was before."""
    before = read_tables(host)
    if tables(host, signing) == before:
        return
    write_tables(host, signing)
    try:
        reload_signer(host, signing, records)
    except Failed:
        for name, text in before.items():
            keys.write(host.path(name), text, 0o644)
        subprocess.run(["systemctl", "reload-or-restart", SIGNER], check=False)
        raise


def reload_signer(host, signing, records):
    subprocess.run(["systemctl", "reload-or-restart", SIGNER], check=True)
    end = time.monotonic() + RELOAD_SECONDS
    while wrong := trial_problem(host, signing, records):
        if time.monotonic() > end:
            raise Failed(wrong)
        time.sleep(0.2)


def trial_problem(host, signing, records):
    """Of the HELO name, and of one domain for each key that signs."""
    from trial import problem

    tried = {
        host.heloName: signing.get(host.heloName),
        **{domain: name for name, domain in {s: d for d, s in signing.items()}.items()},
    }
    for domain, selector in tried.items():
        wrong = problem(host.socket, domain, selector, records.get(selector))
        if wrong:
            return wrong
    return None


def signing_now(host):
    return dict(line.split() for line in read_tables(host)[DOMAINS_TABLE].splitlines() if line.strip())


def trial(host):
    wrong = trial_problem(host, signing_now(host), host.records())
    if wrong:
        print(wrong)
    return 1 if wrong else 0


def tell_state(host):
    state = host.state()
    signing = signing_now(host)
    records = host.records()
    book = Book(state.get("records"))
    order = host.order(state)
    print(
        json.dumps(
            {
                "active": order[0],
                "next": order[1],
                "switched": state.get("switched", 0),
                "due": due(state, host.rotateDays * DAY),
                "retired": state.get("retired", 0),
                "trial": trial_problem(host, signing, records),
                "domains": {
                    domain: {
                        "signs": signing.get(domain),
                        "records": {name: vars(record) for (name, of), record in book.records.items() if of == domain},
                    }
                    for domain in host.domains
                },
            }
        )
    )
    return 0


VERBS = {
    ("keys", "check"): check_keys,
    ("keys", "apply"): apply_keys,
    ("switch",): switch,
    ("state",): tell_state,
    ("trial",): trial,
}


def main():
    verb = VERBS.get(tuple(sys.argv[1:]))
    if verb is None:
        sys.exit(__doc__)
    with open(CONFIGURATION, encoding="utf-8") as file:
        host = Host(json.load(file))
    try:
        return verb(host)
    except (Failed, OSError, subprocess.SubprocessError) as error:
        print(f"dkim: {error}", file=sys.stderr)
        return 1


sys.exit(main())
