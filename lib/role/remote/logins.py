#!/usr/bin/python3
"""logins SOCKET FOLDER: watches what is submitted through ports 587 and 465 and by sendmail, as a milter of Postfix on that socket, and what
known networks send through port 25, as a policy service next to it.

A login or a known network writes only as whom the stack or the service users let it, in the envelope and in the From field, and not more
than its limits let it; FOLDER holds what it has sent. While this does not run, Postfix takes mail without asking.
"""

import logging
import os
import signal
import socket
import sys
import threading
import time

# Nothing of it is written where it lies.
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "logins.d"))

import Milter  # noqa: E402
from alerts import Alerts  # noqa: E402
from control import Control  # noqa: E402
from gatekeeper import Gatekeeper  # noqa: E402
from journal import follow_for_ever, heard_of_mail  # noqa: E402
from known_clients import KnownClients  # noqa: E402
from policy import Policy  # noqa: E402
from store import Store, write_for_ever  # noqa: E402
from submission import Submission  # noqa: E402
from watch import Watch  # noqa: E402

# Longer than a client may think, so that it is Postfix that ends a session.
IDLE_SECONDS = 3600


def tell_systemd(state):
    """sd_notify(3)."""
    path = os.environ.get("NOTIFY_SOCKET")
    if not path:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.connect("\0" + path[1:] if path[0] == "@" else path)
        notify.sendall(state.encode())


def announce(path):
    """Ready is who can be connected to; and who cannot even say so any more is started again."""
    while not os.path.exists(path):
        time.sleep(0.01)
    tell_systemd("READY=1")
    while True:
        tell_systemd("WATCHDOG=1")
        time.sleep(5)


def main():
    path, state = sys.argv[1:]
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    policy = Policy()
    store = Store(os.path.join(state, "logins.sqlite"))
    alerts = Alerts(policy.origin)
    watch = Watch(policy, store, alerts)
    Submission.policy, Submission.watch = policy, watch
    Milter.factory = Submission
    Milter.set_flags(Milter.QUARANTINE)
    # A mistake in this program keeps no mail.
    Milter.set_exception_policy(Milter.CONTINUE)
    if os.path.lexists(path):
        os.unlink(path)
    # For Postfix, whose group this runs with, and nobody else.
    os.umask(0o117)
    known_clients = KnownClients(os.path.join(os.path.dirname(path), "policy.sock"), policy, watch)
    gatekeeper = Gatekeeper(policy, store)
    Submission.gatekeeper = gatekeeper
    # For libmilter alone: a thread that could take one would end the program before everything is written.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT, signal.SIGHUP})
    control = Control(os.path.join(os.path.dirname(path), "control.sock"), watch, gatekeeper)

    def heard(program, message):
        heard_of_mail(watch, program, message)
        gatekeeper.heard(program, message)

    in_background(control.serve_forever)
    in_background(known_clients.serve_forever)
    in_background(write_for_ever, store)
    in_background(alerts.send_for_ever)
    in_background(follow_for_ever, heard)
    in_background(gatekeeper.work_for_ever)
    in_background(announce, path)
    Milter.runmilter("mailserver-logins", f"unix:{path}", IDLE_SECONDS)
    store.write()


def in_background(work, *arguments):
    """What must not end: when it does, the program does, and systemd starts it again."""

    def run():
        try:
            work(*arguments)
        except BaseException:
            logging.exception("%s has failed", work.__name__)
        os._exit(1)

    threading.Thread(target=run, daemon=True).start()


if __name__ == "__main__":
    main()
