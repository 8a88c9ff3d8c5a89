#!/usr/bin/python3
"""probe smtp HOST PORT [--name NAME] [--starttls] [--tls] [--auth]
probe policy HOST PORT
probe clamd SOCKET

Speaks to one service by its own protocol. Exit 0 and one line when it answers as it should, else exit 1 and the reason.
"""

import argparse
import glob
import smtplib
import socket
import ssl
import sys

TIMEOUT_SECONDS = 10


class Failed(Exception):
    """The service answered, or did not, in a way that it must not."""


def unverified_tls():
    # What is asked here is whether TLS works; whom the certificate names is asked from outside.
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class KeepsBanner:
    """What the server said first, which smtplib forgets."""

    banner = ""

    def connect(self, *arguments, **options):
        code, text = super().connect(*arguments, **options)
        self.banner = text.decode("ascii", "replace")
        return code, text


class PlainSession(KeepsBanner, smtplib.SMTP):
    pass


class TlsSession(KeepsBanner, smtplib.SMTP_SSL):
    pass


def smtp(arguments):
    client = TlsSession if arguments.tls else PlainSession
    options = {"context": unverified_tls()} if arguments.tls else {}
    session = client(arguments.host, arguments.port, timeout=TIMEOUT_SECONDS, local_hostname="localhost", **options)
    banner = session.banner
    if arguments.name and banner.split()[0].lower() != arguments.name.lower():
        raise Failed(f"banner is '{banner}', expected the name {arguments.name}")
    session.ehlo()
    if session.has_extn("auth") and not arguments.tls:
        raise Failed("AUTH is offered without TLS")
    if arguments.starttls:
        if not session.has_extn("starttls"):
            raise Failed("STARTTLS is not offered")
        session.starttls(context=unverified_tls())
        session.ehlo()
    offers_auth = session.has_extn("auth")
    if arguments.auth and not offers_auth:
        raise Failed("AUTH is not offered over TLS")
    if offers_auth and not arguments.auth:
        raise Failed("AUTH is offered where it must not be")
    session.quit()
    return banner


def policy(arguments):
    request = "\n".join(
        [
            "request=smtpd_access_policy",
            "protocol_state=RCPT",
            "protocol_name=ESMTP",
            "helo_name=localhost",
            "queue_id=",
            "sender=probe@localhost",
            "recipient=postmaster@localhost",
            "recipient_count=0",
            "client_address=127.0.0.1",
            "client_name=localhost",
            "reverse_client_name=localhost",
            "instance=probe",
        ]
    )
    with socket.create_connection((arguments.host, arguments.port), TIMEOUT_SECONDS) as connection:
        connection.sendall(f"{request}\n\n".encode())
        answer = b""
        while not answer.endswith(b"\n\n"):
            part = connection.recv(4096)
            if not part:
                break
            answer += part
    text = answer.decode("utf-8", "replace").strip()
    if not text.startswith("action="):
        raise Failed(f"answer is '{text}', expected an action")
    return text


def clamd(arguments):
    signatures = glob.glob("/var/lib/clamav/main.c[vl]d") and glob.glob("/var/lib/clamav/daily.c[vl]d")
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(TIMEOUT_SECONDS)
            connection.connect(arguments.socket)
            connection.sendall(b"zPING\0")
            answer = connection.recv(64).rstrip(b"\0\n").decode("ascii", "replace")
    except OSError:
        if signatures:
            raise
        return "waiting for the first virus signatures; mail is put off until freshclam has them"
    if answer != "PONG":
        raise Failed(f"answer is '{answer}', expected PONG")
    return answer


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verb = verbs.add_parser("smtp")
    verb.add_argument("host")
    verb.add_argument("port", type=int)
    verb.add_argument("--name")
    verb.add_argument("--starttls", action="store_true")
    verb.add_argument("--tls", action="store_true")
    verb.add_argument("--auth", action="store_true")
    verb.set_defaults(run=smtp)
    verb = verbs.add_parser("policy")
    verb.add_argument("host")
    verb.add_argument("port", type=int)
    verb.set_defaults(run=policy)
    verb = verbs.add_parser("clamd")
    verb.add_argument("socket")
    verb.set_defaults(run=clamd)
    arguments = parser.parse_args()
    try:
        print(arguments.run(arguments))
    except (Failed, OSError, smtplib.SMTPException) as error:
        print(error or type(error).__name__)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
