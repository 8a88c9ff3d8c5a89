"""Which key signs the mail of which domain. Pure: from what was seen of the records, and when.

A record counts once it has been there for as long as a resolver may remember the time before it. One that is there counts until it has
been gone for a while: a record that is written anew is missing for a moment.
"""

from dataclasses import asdict, dataclass

from records import ABSENT, OTHER, SEEN

GONE_SECONDS = 600
# How soon a record is looked at again: the younger the question, the sooner.
SOONEST, LATEST = 50, 3600
MOST_LOOKS = 400


@dataclass
class Record:
    """What is known of one record. Times are seconds since the epoch, 0: never."""

    # The public key that this is about.
    key: str = ""
    # Since when it is looked for, and when it is looked for next.
    asked: float = 0
    next: float = 0
    # Since when it has been there, and when it is believed.
    seen: float = 0
    usable: float = 0
    gone: float = 0
    text: str = ""

    def is_usable(self, now):
        return bool(self.usable) and self.usable <= now


class Book:
    """The records of all domains, by selector and domain."""

    def __init__(self, stored=None):
        self.records = {tuple(key.split(" ")): Record(**fields) for key, fields in (stored or {}).items()}

    def stored(self):
        return {" ".join(key): asdict(record) for key, record in sorted(self.records.items())}

    def keep(self, selectors, domains, keys, now):
        """Forgets what nobody asks for any more; a new key is looked for anew."""
        wanted = {(selector, domain) for selector in selectors for domain in domains}
        self.records = {name: record for name, record in self.records.items() if name in wanted}
        for name in wanted:
            if self.records.get(name, Record()).key != keys[name[0]]:
                self.records[name] = Record(key=keys[name[0]], asked=now)

    def due(self, now):
        names = [name for name, record in self.records.items() if record.next <= now]
        return sorted(names, key=lambda name: self.records[name].next)[:MOST_LOOKS]

    def note(self, name, sight, now):
        record = self.records[name]
        record.text = sight.text
        if sight.kind == SEEN:
            record.gone = 0
            if not record.seen:
                record.seen, record.usable = now, now + sight.memory
        elif sight.kind in (ABSENT, OTHER):
            record.gone = record.gone or now
            if not record.usable or record.usable > now or now - record.gone >= GONE_SECONDS:
                record.seen = record.usable = 0
        if record.is_usable(now) and not record.gone:
            record.next = now + LATEST
        else:
            record.next = now + min(LATEST, max(SOONEST, (now - record.asked) / 10))
            if record.usable > now:
                record.next = min(record.next, record.usable)

    def is_ready(self, selector, domains, now):
        """Whether a key can sign for all of these, of which there is one at least."""
        return bool(domains) and all(self.records.get((selector, domain), Record()).is_usable(now) for domain in domains)

    def selector_of(self, domain, order, now):
        """The first of the selectors whose record is believed; None: the mail of the domain is not signed yet."""
        return next((name for name in order if self.records.get((name, domain), Record()).is_usable(now)), None)


SWITCH, RENEW = "switch", "renew"


def due(state, rotate_seconds):
    """When the next key is to sign; 0: nothing has signed yet."""
    return state["since"] + rotate_seconds if state.get("since") else 0


def turn(state, ready, now, rotate_seconds, keep_seconds):
    """What is to be done with the keys: have the next one sign, or make a new one of the one that signed before. state: since, when the
    key that signs began to; retired, when the other one ended. That stays public for mail that is still under way."""
    if state.get("retired"):
        return RENEW if now - state["retired"] >= keep_seconds else None
    return SWITCH if ready and 0 < due(state, rotate_seconds) <= now else None
