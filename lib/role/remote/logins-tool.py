#!/usr/bin/python3 -I
"""mailserver-logins list: logins that were stopped or have met a limit, and clients that are shut out
mailserver-logins release LOGIN: lets a login that was stopped send again, and counts what it sends anew
mailserver-logins unban ADDRESS: lets a client that was shut out for wrong passwords connect again; of IPv6 its /64
"""

import ipaddress
import json
import re
import socket
import sys

CONTROL = "/run/mailserver-logins/control.sock"
SECONDS = 10
LARGEST = 4 * 1024 * 1024


def ask(*words):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(SECONDS)
        connection.connect(CONTROL)
        connection.sendall(" ".join(words).encode() + b"\n")
        with connection.makefile("rb") as file:
            return json.loads(file.read(LARGEST))


def listed(state):
    for name, why in state["stopped"].items():
        yield f"{name}: stopped: {why}"
    for name, limit in state["over"].items():
        yield f"{name}: met its limit of {limit} within a day"
    for client, seconds in state["banned"].items():
        yield f"{client}{'/64' if ':' in client else ''}: shut out of ports 587 and 465 for {max(1, seconds // 60)} more minutes, for wrong passwords"


def main(arguments):
    if arguments == ["list"]:
        print("\n".join(listed(ask("list"))) or "no login was stopped or has met a limit, no client is shut out")
        return 0
    if len(arguments) == 2 and arguments[0] == "release":
        name = arguments[1]
        if not re.fullmatch(r"[A-Za-z0-9._@+:/\[\]-]+", name):
            print(f"mailserver-logins: {name!a} is not a login", file=sys.stderr)
            return 64
        if ask("release", name)["done"]:
            print(f"{name} may send again")
            return 0
        print(f"mailserver-logins: {name} was not stopped and has sent nothing that counts", file=sys.stderr)
        return 1
    if len(arguments) == 2 and arguments[0] == "unban":
        try:
            address = str(ipaddress.ip_address(arguments[1].partition("/")[0]))
        except ValueError:
            print(f"mailserver-logins: {arguments[1]!a} is not an address", file=sys.stderr)
            return 64
        if ask("unban", address)["done"]:
            print(f"{address} may connect again")
            return 0
        print(f"mailserver-logins: {address} was not shut out", file=sys.stderr)
        return 1
    print(__doc__.strip(), file=sys.stderr)
    return 64


try:
    sys.exit(main(sys.argv[1:]))
except (OSError, ValueError) as error:
    print(f"mailserver-logins: mailserver-logins.service does not answer: {error}", file=sys.stderr)
    sys.exit(1)
