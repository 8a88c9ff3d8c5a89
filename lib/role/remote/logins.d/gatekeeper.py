"""Puts bans into effect, and keeps them: the kernel shuts a client out of ports 587 and 465, and of no others."""

import ipaddress
import logging
import re
import subprocess
import threading
import time

from guard import Guard

FAILED = re.compile(
    r"warning: [^ \[]*\[([0-9a-fA-F.:]+)\]: SASL \S+ authentication failed: authentication failure, sasl_username=(.*)", re.DOTALL
)
# Somebody may have the kernel forget all rules (`nft flush ruleset`).
RENEW_SECONDS = 60
TABLE = """table inet mailserver_bans
delete table inet mailserver_bans
table inet mailserver_bans {{
  set clients4 {{ type ipv4_addr; flags timeout; size 16384; {four} }}
  set clients6 {{ type ipv6_addr; flags timeout; size 16384; {six} }}
  chain input {{
    type filter hook input priority filter - 5; policy accept;
    tcp dport {{ 465, 587 }} ip saddr @clients4 reject with tcp reset
    tcp dport {{ 465, 587 }} ip6 saddr & ffff:ffff:ffff:ffff:: @clients6 reject with tcp reset
  }}
}}
"""


class Gatekeeper:
    def __init__(self, policy, store, run=subprocess.run, clock=time.time):
        self.policy = policy
        self.store = store
        self.run = run
        self.clock = clock
        self.lock = threading.Lock()
        self.due = threading.Event()
        self.changed = False
        self.guard = Guard(policy.never_banned, store.load("guard"))
        self.due.set()

    def heard(self, program, message):
        """A line of the journal."""
        found = failure(program, message)
        if found:
            self.failed(found[0], self.policy.login(found[1]))

    def failed(self, address, login):
        with self.lock:
            seconds = self.guard.failed(address, login, self.clock())
        if seconds is None:
            return
        self.changed = True
        self.due.set()
        logging.warning("%s is shut out of ports 587 and 465 for %d s: too many wrong passwords", address, seconds)
        # Connections that it has open would keep a process of Postfix each until they time out.
        self.call(
            ["ss", "--kill", "--no-header", "state", "connected", f"( sport = :587 or sport = :465 ) and dst = {prefix(address)}"]
        )

    def succeeded(self, address):
        with self.lock:
            self.changed = self.guard.succeeded(address, self.clock()) or self.changed

    def lift(self, address):
        with self.lock:
            done = self.guard.lift(address)
        self.changed = True
        self.put_into_effect()
        self.write()
        return done

    def lasting(self):
        with self.lock:
            return self.guard.lasting(self.clock())

    def put_into_effect(self):
        bans = self.lasting()
        four = [f"{client} timeout {seconds}s" for client, seconds in bans.items() if ":" not in client]
        six = [f"{client} timeout {seconds}s" for client, seconds in bans.items() if ":" in client]
        text = TABLE.format(four=elements(four), six=elements(six))
        self.call(["nft", "--file", "-"], input=text.encode())

    def call(self, command, **options):
        try:
            done = self.run(command, capture_output=True, timeout=30, check=False, **options)
            if done.returncode != 0:
                logging.error("%s: %s", command[0], done.stderr.decode("utf-8", "replace").strip()[:500])
        except (OSError, subprocess.SubprocessError) as error:
            logging.error("%s: %s", command[0], error)

    def write(self):
        with self.lock:
            self.changed = False
            self.guard.forget(self.clock())
            record = self.guard.record()
        self.store.save("guard", record)

    def work_for_ever(self):
        while True:
            self.due.wait(RENEW_SECONDS)
            self.due.clear()
            self.put_into_effect()
            if self.changed:
                self.write()


def failure(program, message):
    """Address and login of a wrong password that a line of the journal tells of, or None."""
    found = FAILED.fullmatch(message) if program.startswith("postfix/submission") else None
    return found.groups() if found else None


def elements(found):
    return f"elements = {{ {', '.join(found)} }};" if found else ""


def prefix(address):
    found = ipaddress.ip_address(address)
    return address if found.version == 4 else f"[{ipaddress.ip_network((int(found), 64), strict=False)}]"
