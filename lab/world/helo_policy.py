#!/usr/bin/python3
"""Postfix policy service of the strict receiver: the HELO name is the client's verified name, and has the client's address.

Postfix itself has no such restriction; receivers that compare HELO with the reverse name do (Fastmail: "HELO string must match
reverse DNS"). The protocol is that of SMTPD_POLICY_README: attributes, an empty line, an action, an empty line.
"""

import sys
from ipaddress import ip_address

import dns.exception
import dns.resolver


def addresses(name):
    found = []
    for kind in ("A", "AAAA"):
        try:
            found += [ip_address(record.address) for record in dns.resolver.resolve(name + ".", kind)]
        except (dns.resolver.NoAnswer, dns.resolver.NXDOMAIN):
            continue
    return found


def same(name, other):
    return name.rstrip(".").lower() == other.rstrip(".").lower()


def action(request):
    helo, client, address = request["helo_name"], request["client_name"], request["client_address"]
    try:
        found = addresses(helo)
    except dns.exception.DNSException as error:
        return f"450 4.7.1 <{helo}>: Helo command rejected: its addresses cannot be looked up now ({type(error).__name__})"
    if ip_address(address) not in found:
        has = ", ".join(str(one) for one in found) or "none"
        return f"550 5.7.1 <{helo}>: Helo command rejected: it has not the address {address} but {has}"
    # "unknown" is Postfix' word for a client whose name it could not verify; other restrictions have refused it by now.
    if client != "unknown" and not same(helo, client):
        return f"550 5.7.1 <{helo}>: Helo command rejected: the name of {address} is {client}"
    return "DUNNO"


def main():
    request = {}
    for line in sys.stdin:
        line = line.rstrip("\n")
        if line:
            name, _, value = line.partition("=")
            request[name] = value
            continue
        sys.stdout.write(f"action={action(request)}\n\n")
        sys.stdout.flush()
        request = {}


if __name__ == "__main__":
    main()
