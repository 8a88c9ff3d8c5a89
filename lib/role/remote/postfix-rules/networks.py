"""Networks that may send without a password."""

import ipaddress
import re

from names import is_address

# Addresses of the internet that may send without a password, all together: the widest network that is taken.
MOST_ADDRESSES = {4: 2**24, 6: 2**112}


def parse_network(word):
    """The network and None, or None and what is wrong. Brackets are Postfix' way to write IPv6 in main.cf and are taken too."""
    plain = re.sub(r"^\[([^\]]*)\]", r"\1", word)
    address, slash, prefix = plain.partition("/")
    if not is_address(address) or "/" in prefix:
        return None, f"'{word}' is not an address or CIDR network: expected e.g. 203.0.113.0/24 or 2001:db8::/48{hint(plain)}"
    found = ipaddress.ip_address(address)
    bits = found.max_prefixlen
    if slash and (not re.fullmatch(r"\d{1,3}", prefix) or int(prefix) > bits):
        return None, f"'{word}' has the prefix length '{prefix}': expected a number from 1 to {bits}"
    if found.version == 6 and found.ipv4_mapped:
        length = f"/{int(prefix) - 96}" if slash and int(prefix) >= 96 else ""
        return None, f"'{word}' is an IPv4 address in IPv6 dress, which no client is known by: write {found.ipv4_mapped}{length}"
    return check_width(word, address, ipaddress.ip_network((address, int(prefix) if slash else bits), strict=False), found)


def check_width(word, address, network, found):
    length = network.prefixlen
    if length == 0:
        return None, f"'{word}' is the whole internet: everyone could send through this host"
    widest = 8 if found.version == 4 else 7 if re.match(r"f[cd]", address, re.I) else 16
    if length < widest:
        return None, (
            f"'{word}' is a large part of the internet, and all of it could send through this host: "
            f"the widest network taken is /{widest}"
        )
    if network.network_address != found:
        bits = found.max_prefixlen
        return None, f"'{word}' has bits set behind its prefix of {length}: did you mean {network} or {address}/{bits}?"
    return network, None


class Together:
    """All networks of a list, which may be no larger than the widest that a list can have."""

    def __init__(self):
        self.public = {4: [], 6: []}
        self.sums = {4: 0, 6: 0}

    def add(self, network):
        """The version of IP of which there are too many now, or None. What is counted twice is looked at once more."""
        if network.is_private:
            return None
        version = network.version
        self.public[version].append(network)
        self.sums[version] += network.num_addresses
        if self.sums[version] > MOST_ADDRESSES[version]:
            self.public[version] = list(ipaddress.collapse_addresses(self.public[version]))
            self.sums[version] = sum(each.num_addresses for each in self.public[version])
        return version if self.sums[version] > MOST_ADDRESSES[version] else None


def octets_network(key):
    """The network that a key of access(5) means: an address, or its first octets or groups; None: a name."""
    try:
        if re.fullmatch(r"\d+(\.\d+){0,3}", key):
            octets = key.split(".")
            return ipaddress.ip_network(f"{'.'.join(octets + ['0'] * (4 - len(octets)))}/{8 * len(octets)}")
        if re.fullmatch(r"[0-9a-f]{1,4}(:[0-9a-f]{1,4}){0,6}", key, re.I) and ":" in key:
            return ipaddress.ip_network(f"{key}::/{16 * len(key.split(':'))}")
        return ipaddress.ip_network(key) if ":" in key else None
    except ValueError:
        return None


def hint(value):
    if re.fullmatch(r"\d[\d.]*-\s*\d[\d.]*", value):
        return "; a range has to be written as networks"
    if "," in value:
        return "; give every network an entry of its own"
    if "*" in value:
        return "; in place of * give the prefix length"
    head = value.split("/")[0]
    if re.fullmatch(r"\d+\.\d+\.\d+\.\d+:\d+", head):
        return "; leave out the port"
    if re.search(r"^0|\.0\d", head) and is_address(re.sub(r"(^|\.)0+(?=\d)", r"\1", head)) and value.count("/") < 2:
        return "; leave out the leading zeros"
    return ""
