"""smtp-sink ADDRESS…: somebody else's mail server on port 25. Offers everything that a client could be tempted by.

A recipient's name tells how it is treated: `unknown…` is refused, `later…` is put off the first time. A line of JSON for each
mail that came to its end: address of the client, what it said before the text, the text, the time in seconds since 1970.
"""

import json
import socket
import sys
import threading
import time
from contextlib import suppress

OFFERS = [
    "sink.receiver.test",
    "PIPELINING",
    "SIZE 100000000",
    "8BITMIME",
    "SMTPUTF8",
    "XFORWARD NAME ADDR PROTO HELO",
    "XCLIENT NAME ADDR",
]
put_off = set()
lock = threading.Lock()


def recipient(line):
    name = line.split("<", 1)[-1].lower()
    if name.startswith("unknown"):
        return "550 5.1.1 no such user here"
    if name.startswith("later"):
        with lock:
            if name not in put_off:
                put_off.add(name)
                return "450 4.2.0 come again"
    return "250 2.1.5 ok"


def text_of(file):
    text = []
    while (line := file.readline()) != b".\r\n":
        if not line:
            raise ConnectionAbortedError("the client ended within the text")
        text.append(line)
    return b"".join(text).decode("utf-8", "replace")


def serve(connection, peer):
    with suppress(ConnectionError), connection, connection.makefile("rb") as file:
        say = lambda line: connection.sendall(f"{line}\r\n".encode())
        said = []
        say("220 sink.receiver.test ESMTP")
        for raw in file:
            line = raw.decode("utf-8", "replace").strip()
            said.append(line)
            verb = line.split(" ", 1)[0].upper()
            if verb == "EHLO":
                for offer in OFFERS[:-1]:
                    say(f"250-{offer}")
                say(f"250 {OFFERS[-1]}")
            elif verb == "RCPT":
                say(recipient(line))
            elif verb == "DATA":
                say("354 go on")
                mail = {"peer": peer, "said": said, "text": text_of(file), "at": time.time()}
                with lock:
                    print(json.dumps(mail), flush=True)
                said = said[:1]
                say("250 2.0.0 taken")
            elif verb == "QUIT":
                say("221 2.0.0 bye")
                return
            else:
                say("250 2.0.0 ok")


def listen(address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.create_server((address, 25), family=family) as server:
        while True:
            connection, peer = server.accept()
            threading.Thread(target=serve, args=(connection, peer[0]), daemon=True).start()


threads = [threading.Thread(target=listen, args=(address,)) for address in sys.argv[1:]]
for thread in threads:
    thread.start()
