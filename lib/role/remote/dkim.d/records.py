"""What the world sees of a DKIM record. The zone's own servers are asked first: a resolver that is asked too early remembers the "no"."""

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype
import dns.resolver

from signature import tags

SECONDS = 3
# Of a zone, and how many aliases are followed.
MOST_SERVERS = 8
MOST_ALIASES = 4
# How long a resolver may remember a missing name, where the zone does not say.
DEFAULT_MEMORY = 900
LONGEST_MEMORY = 3 * 3600

# The record is there; it is not, or another one; nobody says.
SEEN, ABSENT, OTHER, UNKNOWN = "seen", "absent", "other", "unknown"


class Sight:
    """kind, a text for people, and for how many seconds resolvers may remember that the name was missing."""

    def __init__(self, kind, text="", memory=DEFAULT_MEMORY):
        self.kind = kind
        self.text = text
        self.memory = memory


class World:
    """Looks names up; what it learned of zones it remembers as long as it lives."""

    def __init__(self, resolver=None):
        self.resolver = resolver or dns.resolver.Resolver()
        self.resolver.lifetime = 2 * SECONDS
        self.zones = {}

    def look(self, selector, domain, record):
        """Whether `selector._domainkey.domain` has the record, for whoever asks."""
        name, zone, memory, alias = f"{selector}._domainkey.{domain}.", f"{domain}.", DEFAULT_MEMORY, None
        for _ in range(MOST_ALIASES):
            servers, seconds = self.servers_of(zone)
            memory = seconds if alias is None else max(memory, seconds)
            replies = [reply for reply in (ask(server, name) for server in servers) if reply is not None]
            if not replies:
                return self.by_resolver(name, record, memory)
            aliases = {alias for _, alias in replies}
            if aliases == {None}:
                return self.agreed(name, replies, record, memory)
            if len(aliases) > 1:
                return Sight(OTHER, f"the name servers of {zone} differ", memory)
            name = alias = aliases.pop()
            zone = parent(name)
        return Sight(OTHER, f"{name} is an alias of an alias of an alias", memory)

    def agreed(self, name, replies, record, memory):
        sights = [judge(name, texts, record, memory) for texts, _ in replies]
        worst = next((sight for sight in sights if sight.kind != SEEN), None)
        return worst or self.by_resolver(name, record, memory)

    def by_resolver(self, name, record, memory):
        try:
            answer = self.resolver.resolve(name, "TXT", search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return Sight(ABSENT, f"{shown(name)} has no TXT record", memory)
        except (dns.exception.DNSException, OSError) as error:
            return Sight(UNKNOWN, f"{shown(name)}: {type(error).__name__}", memory)
        return judge(name, [text_of(each) for each in answer], record, memory)

    def servers_of(self, name):
        """Addresses of a zone's own servers, and how long resolvers may remember what is not in it. Of a name, those of its zone."""
        labels = dns.name.from_text(name)
        while len(labels) > 1:
            key = labels.to_text().lower()
            if key not in self.zones:
                self.zones[key] = self.zone(labels)
            if self.zones[key]:
                return self.zones[key]
            labels = labels.parent()
        return [], DEFAULT_MEMORY

    def zone(self, name):
        try:
            servers = [str(each.target) for each in self.resolver.resolve(name, "NS", search=False)]
        except (dns.exception.DNSException, OSError):
            return None
        addresses = [address for server in sorted(servers)[:MOST_SERVERS] for address in self.addresses(server)[:1]]
        return addresses, next((memory for memory in (memory_of(server, name) for server in addresses) if memory), DEFAULT_MEMORY)

    def addresses(self, name):
        for kind in ("A", "AAAA"):
            try:
                return [each.address for each in self.resolver.resolve(name, kind, search=False)]
            except (dns.exception.DNSException, OSError):
                continue
        return []


def memory_of(server, zone):
    """For how many seconds resolvers remember that a name is missing: the smaller one of two figures of the SOA (RFC 2308 5)."""
    try:
        reply, _ = dns.query.udp_with_fallback(dns.message.make_query(zone, "SOA"), server, timeout=SECONDS)
    except (dns.exception.DNSException, OSError, EOFError):
        return None
    found = next((set_ for set_ in reply.answer if set_.rdtype == dns.rdatatype.SOA), None)
    return found and min(LONGEST_MEMORY, found.ttl, found[0].minimum)


def ask(server, name):
    """The texts at a name and the alias there, as one of the zone's own servers says; None when it does not."""
    try:
        query = dns.message.make_query(name, "TXT")
        query.flags &= ~dns.flags.RD
        reply, _ = dns.query.udp_with_fallback(query, server, timeout=SECONDS)
    except (dns.exception.DNSException, OSError, EOFError):
        return None
    if reply.rcode() not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN) or not reply.flags & dns.flags.AA:
        return None
    owner = dns.name.from_text(name)
    texts = [text_of(each) for set_ in reply.answer if set_.name == owner and set_.rdtype == dns.rdatatype.TXT for each in set_]
    aliases = [
        each.target.to_text() for set_ in reply.answer if set_.name == owner and set_.rdtype == dns.rdatatype.CNAME for each in set_
    ]
    return texts, aliases[0].lower() if aliases else None


def judge(name, texts, record, memory):
    if not texts:
        return Sight(ABSENT, f"{shown(name)} has no TXT record", memory)
    if len(texts) > 1:
        return Sight(OTHER, f"{shown(name)} has {len(texts)} TXT records", memory)
    if tags(texts[0]).get("p") != tags(record).get("p"):
        return Sight(OTHER, f"{shown(name)} has another key", memory)
    return Sight(SEEN, "", memory)


def text_of(record):
    return b"".join(record.strings).decode("ascii", "replace")


def parent(name):
    """Where to look for the zone: what lies between may not be there yet, and to ask a resolver for it would have it remember that."""
    return name.partition("._domainkey.")[2] or name.partition(".")[2]


def shown(name):
    return name.rstrip(".")
