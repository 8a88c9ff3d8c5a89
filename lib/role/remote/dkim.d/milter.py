"""A mail through a milter, as Postfix would hand it over: which fields does it add?"""

import socket
import struct

SECONDS = 20
LARGEST = 1024 * 1024
VERSION = 6
ALL_ACTIONS = 0x1FF
# Replies to commands, and what says that a reply comes to its end.
CONTINUE, ACCEPT, TEMPFAIL, REJECT, DISCARD, REPLY = b"c", b"a", b"t", b"r", b"d", b"y"
ADD, INSERT = b"h", b"i"


class Refused(Exception):
    """The milter wants the mail put off or refused, or cannot be spoken to."""


def added_fields(path, sender, recipient, fields, body):
    """Pairs of name and value, in the order in which they were added."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(SECONDS)
            connection.connect(path)
            return converse(connection, sender, recipient, fields, body)
    except OSError as error:
        raise Refused(getattr(error, "strerror", None) or "no answer in time") from error


def converse(connection, sender, recipient, fields, body):
    # No steps are left out, so each command has a reply.
    send(connection, b"O", struct.pack(">III", VERSION, ALL_ACTIONS, 0))
    kind, _ = receive(connection)
    if kind != b"O":
        raise Refused("it does not speak the milter protocol")
    commands = [
        (b"C", b"localhost\0" + b"4" + struct.pack(">H", 0) + b"127.0.0.1\0"),
        (b"H", b"localhost\0"),
        (b"M", f"<{sender}>".encode() + b"\0"),
        (b"R", f"<{recipient}>".encode() + b"\0"),
        (b"T", b""),
        *((b"L", name.encode() + b"\0" + value.encode() + b"\0") for name, value in fields),
        (b"N", b""),
        (b"B", body),
    ]
    for command, text in commands:
        send(connection, command, text)
        kind, reply = receive(connection)
        refuse(kind, reply)
        if kind == ACCEPT:
            return []
    send(connection, b"E", b"")
    added = []
    while True:
        kind, text = receive(connection)
        refuse(kind, text)
        if kind in (CONTINUE, ACCEPT):
            return added
        if kind in (ADD, INSERT):
            name, value = (text[4:] if kind == INSERT else text).split(b"\0")[:2]
            added.append((name.decode("ascii", "replace"), value.decode("ascii", "replace")))


def refuse(kind, text):
    if kind in (TEMPFAIL, REJECT, DISCARD):
        raise Refused("it puts mail off" if kind == TEMPFAIL else "it refuses mail")
    if kind == REPLY:
        raise Refused(f"it answers {text.rstrip(bytes(1)).decode('ascii', 'replace')}")


def send(connection, command, text):
    connection.sendall(struct.pack(">I", len(text) + 1) + command + text)


def receive(connection):
    (length,) = struct.unpack(">I", exactly(connection, 4))
    if not 1 <= length <= LARGEST:
        raise Refused("it does not speak the milter protocol")
    answer = exactly(connection, length)
    return answer[:1], answer[1:]


def exactly(connection, count):
    found = b""
    while len(found) < count:
        more = connection.recv(count - len(found))
        if not more:
            raise Refused("it hangs up")
        found += more
    return found
