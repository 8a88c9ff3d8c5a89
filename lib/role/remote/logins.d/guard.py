"""Who guesses passwords, and for how long nobody listens to them. A client is an IPv4 address, or the /64 of an IPv6 address: what one
customer has. Only clients are shut out, never a login: its owner gets in from everywhere else. Pure: time is given."""

import collections
import ipaddress

HOUR, DAY = 3600, 86400
# Wrong passwords within a day that a client may try; one that has logged in before, as people of an office do behind one address;
# and one that never has, while others of its network or of that login guess.
ALLOWED, ALLOWED_KNOWN, ALLOWED_IN_A_WAVE = 10, 30, 2
# That many within an hour, from anywhere, are a wave.
WAVE_FOR_LOGIN, WAVE_FOR_NETWORK = 30, 50
FIRST_BAN, LONGEST_BAN, GROWTH = HOUR, 7 * DAY, 4
# Who came back later than this begins with a short ban again.
FORGIVEN_AFTER = 30 * DAY
KNOWN_DAYS = 30
MOST_REMEMBERED = 20_000
MOST_BANS = 10_000


class Failures:
    """Counts that run empty evenly, `most` within a time, bounded: those that failed longest ago go."""

    def __init__(self, most, seconds):
        self.rate = most / seconds
        self.levels = collections.OrderedDict()

    def add(self, key, now):
        level, at = self.levels.pop(key, (0.0, now))
        level = max(0.0, level - max(0.0, now - at) * self.rate) + 1
        self.levels[key] = (level, now)
        while len(self.levels) > MOST_REMEMBERED:
            self.levels.popitem(last=False)
        return level


class Guard:
    def __init__(self, never, record=None):
        """`never`: networks that are not shut out, as texts; asked each time, for they may change."""
        record = record or {}
        self.never = never
        self.clients = Failures(ALLOWED, DAY)
        self.networks, self.logins = Failures(WAVE_FOR_NETWORK, HOUR), Failures(WAVE_FOR_LOGIN, HOUR)
        # Client to when the ban ends, and how long the last one was.
        self.bans = {client: tuple(ban) for client, ban in record.get("bans", {}).items()}
        self.known = dict(record.get("known", {}))

    def record(self):
        return {"bans": self.bans, "known": self.known}

    def succeeded(self, address, now):
        client = client_of(address)
        day = int(now // DAY)
        if self.known.get(client) == day:
            return False
        self.known.pop(client, None)
        self.known[client] = day
        while len(self.known) > MOST_REMEMBERED:
            del self.known[next(iter(self.known))]
        return True

    def failed(self, address, login, now):
        """One wrong password. Gives the seconds for which the client is shut out now, or None."""
        client = client_of(address)
        wave = self.logins.add(login, now) > WAVE_FOR_LOGIN
        wave = self.networks.add(network_of(address), now) > WAVE_FOR_NETWORK or wave
        known = self.known.get(client, 0) >= now // DAY - KNOWN_DAYS
        allowed = ALLOWED_KNOWN if known else ALLOWED_IN_A_WAVE if wave else ALLOWED
        if self.clients.add(client, now) < allowed or self.is_spared(address):
            return None
        until, length = self.bans.get(client, (0, 0))
        if until > now:
            return None
        length = min(LONGEST_BAN, length * GROWTH) if length and now - until < FORGIVEN_AFTER else FIRST_BAN
        self.bans[client] = (now + length, length)
        while len(self.bans) > MOST_BANS:
            del self.bans[min(self.bans, key=lambda each: self.bans[each][0])]
        return length

    def is_spared(self, address):
        found = ipaddress.ip_address(address)
        return found.is_loopback or any(found in ipaddress.ip_network(network, strict=False) for network in self.never())

    def lift(self, address):
        """Gives whether there was a ban. It is forgotten as if it had never been."""
        client = client_of(address)
        self.clients.levels.pop(client, None)
        return self.bans.pop(client, None) is not None

    def lasting(self, now):
        """Clients that are shut out, and for how many seconds."""
        return {
            client: int(until - now) + 1 for client, (until, _) in self.bans.items() if until > now and not self.is_spared(client)
        }

    def forget(self, now):
        self.bans = {client: ban for client, ban in self.bans.items() if now - ban[0] < FORGIVEN_AFTER}


def client_of(address):
    """The address, or the first one of its /64."""
    found = ipaddress.ip_address(address.partition("/")[0])
    return str(found) if found.version == 4 else str(ipaddress.ip_network((int(found), 64), strict=False).network_address)


def network_of(address):
    found = ipaddress.ip_address(address)
    return (
        str(ipaddress.ip_network((int(found), 24), strict=False))
        if found.version == 4
        else str(ipaddress.ip_network((int(found), 48), strict=False))
    )
