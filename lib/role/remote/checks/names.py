"""Does DNS know this host by the name that it says? Each of its addresses has one PTR, the HELO name, and that name has the
address (R27 to R31). Asked past /etc/hosts, which says of a host's own name what nobody else hears.
"""

import ipaddress
from concurrent.futures import ThreadPoolExecutor

from checks.outcome import CRITICAL, OK, WARNING, Outcome, together

# Nobody out there sees these, and no PTR of them says anything.
INSIDE = [
    ipaddress.ip_network(network)
    for network in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "169.254.0.0/16",
        "127.0.0.0/8",
        "fc00::/7",
        "fe80::/10",
        "::1/128",
    )
]
CONSEQUENCE = "others refuse or distrust mail of this host"
DEADLINE_SECONDS = 6


def fcrdns(config):
    addresses = [address for address in config["addresses"] if not inside(address)]
    if not addresses:
        return Outcome(OK, "no public address of this host is known")
    with ThreadPoolExecutor(max_workers=2 * len(addresses)) as pool:
        asked = [
            (address, pool.submit(names_of, address), pool.submit(addresses_of, config["heloName"], address))
            for address in addresses
        ]
        findings = [judge(address, config["heloName"], names.result(), found.result()) for address, names, found in asked]
    return together(findings, f"{', '.join(addresses)}: {config['heloName']}, and back")


def judge(address, helo, names, found):
    """`names` of the address and addresses `found` of the HELO name; None where there was no answer."""
    if names is None:
        return Outcome(WARNING, f"{address}: no answer from DNS about its PTR")
    if helo.lower() not in names:
        seen = f"PTR of {address} is {', '.join(names)}, not {helo}" if names else f"{address} has no PTR, {helo} is expected"
        return Outcome(CRITICAL, f"{seen}: {CONSEQUENCE}")
    if found is None:
        return Outcome(WARNING, f"{helo}: no answer from DNS about its addresses")
    if address not in found:
        kind = "A" if ipaddress.ip_address(address).version == 4 else "AAAA"
        if found and all(inside(other) for other in found):
            return Outcome(WARNING, f"{helo} is {', '.join(found)} for the resolver of this host: what others see is not known")
        seen = f"{kind} of {helo} is {', '.join(found)}, not {address}" if found else f"{helo} has no {kind}, {address} is expected"
        return Outcome(CRITICAL, f"{seen}: {CONSEQUENCE}")
    if len(names) > 1:
        return Outcome(
            WARNING, f"{address} has {len(names)} PTRs ({', '.join(names)}): some servers look at another one than {helo}"
        )
    return Outcome(OK, address)


def inside(address):
    return any(ipaddress.ip_address(address) in network for network in INSIDE)


def names_of(address):
    found = answers(ipaddress.ip_address(address).reverse_pointer, "PTR")
    return None if found is None else sorted(text.rstrip(".").lower() for text in found)


def addresses_of(name, like):
    found = answers(name, "A" if ipaddress.ip_address(like).version == 4 else "AAAA")
    return None if found is None else sorted(str(ipaddress.ip_address(text)) for text in found)


def answers(name, kind):
    """Texts of the records; none when there are none, None when there is no answer."""
    import dns.exception
    import dns.resolver

    try:
        found = dns.resolver.resolve(f"{name}.", kind, lifetime=DEADLINE_SECONDS, raise_on_no_answer=False)
    except dns.resolver.NXDOMAIN:
        return []
    except dns.exception.DNSException:
        return None
    return [record.to_text() for record in found.rrset or ()]
