"""chain-observer.py SERVER DOMAIN STOP [HOST] -- what a sender meets, looked at again and again until the file STOP is there, and once
more then. One line for each look, with tabs: seconds, target of the domain's MX, addresses of that, whose banner was looked at, the name in
the banner, addresses of that name. The host at the address HOST is looked at where no MX leads to one any more.

One process for all looks: with a few more for each, whoever watches would slow down what is watched.
"""

import os
import socket
import sys
import time

import dns.exception
import dns.message
import dns.query

PAUSE_SECONDS = 0.2
DNS_SECONDS = 1
BANNER_SECONDS = 3


def ask(server, name, kind):
    """What dig +short would print, in one line and without final dots."""
    for _ in range(2):
        try:
            reply, _ = dns.query.udp_with_fallback(dns.message.make_query(name, kind), server, timeout=DNS_SECONDS)
        except (dns.exception.DNSException, OSError):
            continue
        return " ".join(each.to_text().rstrip(".") for found in reply.answer for each in found)
    return ""


def banner(address):
    """The name that the host greets with; empty: nobody does."""
    words = []
    try:
        with socket.create_connection((address, 25), BANNER_SECONDS) as connection, connection.makefile("rb") as file:
            connection.settimeout(BANNER_SECONDS)
            words = file.readline(512).decode("ascii", "replace").split()
            connection.sendall(b"QUIT\r\n")
            # A look costs the host one connection, so it ends in good order.
            file.read(512)
    except OSError:
        pass
    return words[1] if len(words) > 1 else ""


def look(server, domain, host):
    seconds = time.time()
    target = (ask(server, domain, "MX").split() or [""])[-1]
    address = ask(server, target, "A") if target else ""
    asked = address or host
    announced = banner(asked.split()[0]) if asked else ""
    resolved = ask(server, announced, "A") if announced else ""
    print(f"{seconds:.6f}", target, address, asked, announced, resolved, sep="\t", flush=True)


def main():
    server, domain, stop, host = sys.argv[1:5]
    last = False
    while not last:
        # A look takes seconds where nobody answers: one that began earlier tells of what was before.
        last = os.path.exists(stop)
        look(server, domain, host)
        time.sleep(PAUSE_SECONDS)


main()
