"""strict-relay ADDRESS CERTIFICATE KEY PORT…: smart hosts of a provider. TLS is demanded, then a login, then a sender that they know.

A line `PORT MODE` on standard input changes how a port behaves; it is said again when it is so. The modes: `well`; `down` nobody
listens; `busy` 421 at once; `expired` the password is refused; `strange` the sender is refused; `unloved` the sender is refused after the
text; `unverified` as Amazon SES does it: mail without a sender is refused, and mail of others than example.test after the text. A line of JSON for each mail that is taken: port, what was said before the text, the text.
"""

import base64
import contextlib
import json
import socket
import ssl
import sys
import threading

address, certificate, key, *ports = sys.argv[1:]
LOGIN = base64.b64encode(b"\0mail\0the right password").decode()
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
modes = dict.fromkeys(ports, "well")
listeners = {}
lock = threading.Lock()


def say_aloud(text):
    with lock:
        print(text, flush=True)


def serve(connection, port):
    with contextlib.suppress(OSError):
        converse(connection, port)


def converse(connection, port):
    mode = modes[port]
    encrypted = logged_in = False
    said = []
    file = connection.makefile("rb")
    say = lambda line: connection.sendall(f"{line}\r\n".encode())
    say("421 4.7.0 too many mails, try again later" if mode == "busy" else "220 relay.provider.test ESMTP")
    if mode == "busy":
        connection.close()
        return
    while raw := file.readline():
        line = raw.decode("utf-8", "replace").strip()
        said.append(line)
        verb = line.split(" ", 1)[0].upper()
        if verb == "EHLO":
            say("250-relay.provider.test")
            say("250 AUTH PLAIN LOGIN" if encrypted else "250 STARTTLS")
        elif verb == "STARTTLS" and not encrypted:
            say("220 go on")
            connection = context.wrap_socket(connection, server_side=True)
            file = connection.makefile("rb")
            encrypted = True
            said = []
        elif verb == "QUIT":
            say("221 bye")
            return
        elif not encrypted:
            say("530 5.7.0 TLS first")
        elif verb == "AUTH":
            logged_in = mode != "expired" and line == f"AUTH PLAIN {LOGIN}"
            said[-1] = "AUTH"
            say("235 2.7.0 welcome" if logged_in else "535 5.7.8 unknown user or wrong password")
        elif not logged_in:
            say("530 5.7.0 log in first")
        elif verb == "MAIL" and mode == "strange":
            say("553 5.7.1 this sender is not yours")
        elif verb == "MAIL" and mode == "unverified" and "<>" in line:
            # docker-mailserver/docker-mailserver#2403
            say("501 Invalid MAIL FROM address provided")
        elif verb == "DATA":
            say("354 go on")
            text = []
            while (part := file.readline()) not in (b".\r\n", b""):
                text.append(part)
            if mode == "unloved":
                say("554 5.7.1 Email address is not verified")
                continue
            if mode == "unverified" and not any("@example.test>" in each for each in said if each.startswith("MAIL")):
                # AWS re:Post, "Why am I getting a 554 or 400 'Message rejected' error"
                say(
                    "554 Message rejected: Email address is not verified. The following identities failed the check in region EU-CENTRAL-1"
                )
                continue
            say_aloud(json.dumps({"peer": port, "said": said, "text": b"".join(text).decode("utf-8", "replace")}))
            said = said[:1]
            say("250 2.0.0 taken")
        else:
            say("250 2.0.0 ok")


def listen(port):
    server = listeners[port] = socket.create_server((address, int(port)), backlog=100)
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        threading.Thread(target=serve, args=(connection, port), daemon=True).start()


def open_port(port):
    threading.Thread(target=listen, args=(port,), daemon=True).start()


for port in ports:
    open_port(port)
for line in sys.stdin:
    port, mode = line.split()
    was, modes[port] = modes[port], mode
    if mode == "down":
        listeners[port].shutdown(socket.SHUT_RDWR)
        listeners[port].close()
    elif was == "down":
        open_port(port)
    say_aloud(f'"{port} {mode}"')
