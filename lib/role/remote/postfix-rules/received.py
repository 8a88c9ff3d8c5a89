"""What of the line `Received:` that this host writes is for other servers: nothing about who submitted a mail to it.

A submission is known by the login (`with ESMTPSA`), by the address of its client, or by the user of sendmail(1). Lines for pcre_table(5),
for what smtp(8) sends; what stays here, and the logs, have the whole line.
"""

import ipaddress
import re

# The filter gives mail back from here, under this name.
OWN_NETWORKS = ("127.0.0.0/8", "::1/128")
# Port 25, which filters in the dialogue, has no queue id.
REST = (
    r"\sby {host} \([^()]*\) with ((?:E|UTF8)?SMTPS?{login})(?![A-Z])(.*)$/ REPLACE Received: by {host} (Postfix) with ${{1}}${{2}}"
)


def patterns(host, networks):
    """Lines of the table; `host` is the HELO name, `networks` those that send without a login."""
    name = re.escape(host)
    rest = REST.replace("{host} (Postfix)", "{plain} (Postfix)")
    yield "if /^Received: /"
    yield rf"/^Received: by {name} \([^()]*, from userid [0-9]+\)(\s.*)$/ REPLACE Received: by {host} (Postfix)${{1}}"
    yield "/^Received: from .*?" + rest.format(host=name, plain=host, login="A")
    for network in sorted({ipaddress.ip_network(each) for each in (*OWN_NETWORKS, *networks)}, key=str):
        helo = r"(?!localhost )" if network.is_loopback else ""
        known = "|".join(forms(network))
        yield rf"/^Received: from {helo}\S+ \(\S+ \[(?:{known})\]\).*?" + rest.format(host=name, plain=host, login="A?")
    yield "endif"


def forms(network):
    """Regular expressions for the addresses of a network, each as inet_ntop(3) writes some of them."""
    if network.version == 4:
        return [r"\.".join(number(range_, str) for range_ in parts(network, 8))]
    groups = parts(network, 16)
    texts = [number(range_, lambda value: f"{value:x}") for range_ in groups]
    found = [":".join(texts)]
    # Where the zeros are that `::` stands for.
    for start in range(8):
        for end in range(start + 1, 9):
            if all(first == 0 for first, _ in groups[start:end]):
                found.append(":".join(texts[:start]) + "::" + ":".join(texts[end:]))
    return ["IPv6:(?:" + "|".join(found) + ")"]


def parts(network, bits):
    """First and last value of each part of an address."""
    count = network.max_prefixlen // bits
    first, last = int(network.network_address), int(network.broadcast_address)
    mask = 2**bits - 1
    return [((first >> shift) & mask, (last >> shift) & mask) for shift in (bits * (count - 1 - at) for at in range(count))]


def number(range_, written):
    """An expression for the numbers of a range; one that spans a large part of them takes any."""
    first, last = range_
    if first == last:
        return written(first)
    if (first, last) == (0, 255):
        return "[0-9]{1,3}"
    if (first, last) == (0, 65_535):
        return "[0-9a-f]{1,4}"
    if last - first < 256:
        return "(?:" + "|".join(written(value) for value in range(first, last + 1)) + ")"
    return hexadecimal(first, last)


def hexadecimal(first, last):
    """Of a range of more than 256 numbers that a prefix makes: the high byte of four digits, or of three, and any low byte."""
    found = []
    for high in range(first >> 8, (last >> 8) + 1):
        found.append(f"{high:x}[0-9a-f]{{2}}" if high else "[0-9a-f]{1,2}")
    return "(?:" + "|".join(found) + ")"
