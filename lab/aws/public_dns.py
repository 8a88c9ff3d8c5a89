"""A records as the public DNS answers them (RFC 1035): AWS looks from outside, not into anybody's zone."""

import random
import socket
import struct

import conditions

A, INTERNET = 1, 1
RECURSION_DESIRED = 0x0100
RESPONSE_CODES = {1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 5: "REFUSED"}


class NoAnswer(Exception):
    """Its text says why."""


def addresses(name):
    """IPv4 addresses that the resolver named by `publicResolver` gives, aliases followed.

    Raises NoAnswer when the name does not exist, or no resolver answers.
    """
    number = random.randrange(65536)
    query = struct.pack(">6H", number, RECURSION_DESIRED, 1, 0, 0, 0) + _wire_name(name) + struct.pack(">2H", A, INTERNET)
    host, _, port = conditions.get("publicResolver").partition(":")
    for _ in range(3):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
            channel.settimeout(1)
            try:
                channel.connect((host, int(port or 53)))
                channel.send(query)
                reply = channel.recv(4096)
            except OSError:
                continue
        if len(reply) >= 12 and reply[:2] == query[:2]:
            return _read(name, reply)
    raise NoAnswer(f"no resolver answers for {name}")


def _wire_name(name):
    labels = name.rstrip(".").encode("ascii", "replace").split(b".")
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def _read(name, reply):
    _, flags, questions, answers = struct.unpack(">4H", reply[:8])
    if flags & 15:
        raise NoAnswer(f"{name}: {RESPONSE_CODES.get(flags & 15, flags & 15)}")
    at = 12
    for _ in range(questions):
        at = _after_name(reply, at) + 4
    found = []
    for _ in range(answers):
        at = _after_name(reply, at)
        kind, _, _, length = struct.unpack(">2HIH", reply[at : at + 10])
        data = reply[at + 10 : at + 10 + length]
        if kind == A:
            found.append(socket.inet_ntoa(data))
        at += 10 + length
    return found


def _after_name(reply, at):
    while reply[at]:
        if reply[at] >= 0xC0:
            return at + 2
        at += reply[at] + 1
    return at + 1
