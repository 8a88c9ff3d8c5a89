"""What Postfix asks about mail that known networks, and this host, send through port 25 (SMTPD_POLICY_README). A milter would see no text
there: the filter gets it, before it is in the queue. Postfix alone can open the socket."""

import collections
import logging
import os
import socketserver
import threading

from senders import envelope_problem, shown
from watch import client_name

LONGEST_LINE = 8192
MOST_LINES = 100
# Mails at work: of more, one may count twice.
MOST_AT_WORK = 10_000
IDLE_SECONDS = 600


class KnownClients(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True

    def __init__(self, path, policy, watch):
        if os.path.lexists(path):
            os.unlink(path)
        super().__init__(path, Questions)
        self.policy = policy
        self.watch = watch
        self.lock = threading.Lock()
        self.at_work = collections.OrderedDict()

    def answer(self, asked):
        """An action of access(5)."""
        address, instance = asked.get("client_address", ""), asked.get("instance", "")
        if asked.get("protocol_state") != "RCPT" or not address:
            return "DUNNO"
        problem = envelope_problem(self.policy.senders_of_client(address), asked.get("sender", ""), self.policy.origin)
        if problem:
            text = shown(
                f"{client_name(address)} {problem}" if problem.startswith("may ") else f"{problem} ({client_name(address)})"
            )
            logging.info("refused: %s", text)
            return f"550 5.7.1 {text}"
        over = self.watch.recipient(client_name(address), asked.get("recipient", ""), begins=not self.knows(instance))
        if over:
            return f"450 4.7.1 {shown(over)}"
        self.remember(instance)
        return "DUNNO"

    def knows(self, instance):
        with self.lock:
            return instance in self.at_work

    def remember(self, instance):
        with self.lock:
            self.at_work[instance] = True
            while len(self.at_work) > MOST_AT_WORK:
                self.at_work.popitem(last=False)


class Questions(socketserver.StreamRequestHandler):
    timeout = IDLE_SECONDS

    def handle(self):
        try:
            while asked := question(self.rfile):
                self.wfile.write(f"action={self.answer(asked)}\n\n".encode())
        except (OSError, ValueError):
            return

    def answer(self, asked):
        try:
            return self.server.answer(asked)
        except Exception:
            # A mistake in this program keeps no mail.
            logging.exception("a question about a known client has no answer")
            return "DUNNO"


def question(file):
    """Names and values until an empty line; None at the end."""
    asked = {}
    for _ in range(MOST_LINES):
        line = file.readline(LONGEST_LINE)
        if not line.endswith(b"\n"):
            return None
        if line == b"\n":
            return asked or None
        name, _, value = line[:-1].decode("utf-8", "surrogateescape").partition("=")
        asked[name] = value
    return None
