"""What the stack and the service users say of each login and network. Read again whenever it has changed."""

import ipaddress
import json
import os

from senders import ANY

CONFIGURATION = "/usr/lib/mailserver/logins.json"
# As the gate judged it, `KEY ENTRY, ENTRY` a line.
SENDERS = "/var/lib/mailserver/postfix/current/maps/submission-senders"
NETWORKS = "/var/lib/mailserver/postfix/current/maps/external-networks"
LARGEST = 64 * 1024 * 1024


class Policy:
    def __init__(self, configuration=CONFIGURATION, senders=SENDERS, networks=NETWORKS):
        with open(configuration, encoding="utf-8") as file:
            stack = json.load(file)
        self.origin = stack["heloName"].lower()
        self.realm = stack["realm"]
        self.own = lower(stack["domains"])
        self.logins = stack["logins"]
        self.login_limits = stack["loginLimits"]
        self.network_limits = stack["networkLimits"]
        self.addresses = stack["addresses"]
        self.senders_file, self.networks_file = Watched(senders), Watched(networks)
        self.named, self.networks, self.external = {}, {}, []

    def login(self, name):
        """SASL takes a name with the realm of this host and without it for the same login."""
        return name.removesuffix(f"@{self.realm}")

    def senders_of_login(self, name):
        """The stack's word counts, then that of the service users; by default the mail domains of the stack."""
        found = self.logins.get(name, {}).get("senders")
        if found is not None:
            return lower(found)
        self.refresh()
        return self.named.get(name, self.own)

    def limits(self, name):
        """By name of a login, or of a client without one, which is in brackets."""
        if name.startswith("["):
            return self.network_limits
        return {**self.login_limits, **self.logins.get(name, {}).get("limits", {})}

    def version(self, name):
        """Of the password, of a login of the stack; None: not one of those."""
        return self.logins.get(name, {}).get("version")

    def senders_of_client(self, address):
        """The narrowest network counts; by default anybody: who may send without a login was chosen by its address."""
        self.refresh()
        client = ipaddress.ip_address(address)
        held = [network for network in self.networks if client.version == network.version and client in network]
        return self.networks[max(held, key=lambda network: network.prefixlen)] if held else frozenset([ANY])

    def never_banned(self):
        """Networks of the stack, known networks and those that senders are named for."""
        self.refresh()
        return [*self.addresses, *self.external, *map(str, self.networks)]

    def refresh(self):
        text = self.senders_file.text()
        if text is not None:
            self.named, self.networks = entries(text)
        text = self.networks_file.text()
        if text is not None:
            self.external = [line.split()[0] for line in text.split("\n") if line.strip()]


class Watched:
    """A file that the gate replaces as a whole."""

    def __init__(self, path):
        self.path = path
        self.seen = None

    def text(self):
        """What is in it where that is new, else None."""
        try:
            status = os.stat(self.path)
        except OSError:
            return None
        seen = status.st_dev, status.st_ino, status.st_mtime_ns
        if seen == self.seen:
            return None
        with open(self.path, encoding="utf-8", errors="replace") as file:
            content = file.read(LARGEST)
        self.seen = seen
        return content


def entries(text):
    """Logins, and networks, each with the senders that it may use."""
    named, networks = {}, {}
    for line in text.split("\n"):
        key, _, value = line.partition(" ")
        if not value:
            continue
        senders = lower(value.replace(",", " ").split())
        try:
            networks[ipaddress.ip_network(key)] = senders
        except ValueError:
            named[key] = senders
    return named, networks


def lower(words):
    return frozenset(word.lower() for word in words)
