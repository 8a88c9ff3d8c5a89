"""How much a login may send. Each limit is a bucket: it holds as much as the limit says, what is sent fills it, and it runs empty
evenly within its time. So a burst of the whole limit passes at once, and then one mail after the other. Pure: time is given."""

MINUTE, HOUR, DAY = 60, 3600, 86400
# Limit, what fills its bucket, and seconds until a full one is empty.
LIMITS = {
    "mailsPerMinute": ("mails", MINUTE),
    "mailsPerHour": ("mails", HOUR),
    "mailsPerDay": ("mails", DAY),
    "recipientsPerMinute": ("recipients", MINUTE),
    "recipientsPerHour": ("recipients", HOUR),
    "recipientsPerDay": ("recipients", DAY),
    "newRecipientsPerDay": ("newRecipients", DAY),
}
WORDS = {"mails": "mails", "recipients": "recipients", "newRecipients": "recipients that it never wrote to before"}
TIMES = {MINUTE: "a minute", HOUR: "an hour", DAY: "a day"}


class Account:
    """What is known of one login or client: how full its buckets are, and what became of its mail."""

    def __init__(self, record=None):
        record = record or {}
        self.levels = dict(record.get("levels", {}))
        self.at = record.get("at", 0.0)
        self.sent = record.get("sent", 0.0)
        self.bad = dict(record.get("bad", {}))
        # When it last met a limit, and which.
        self.over = record.get("over")
        self.over_at = record.get("over_at", 0.0)
        # Why it was stopped, when, and with which version of its password.
        self.stopped = record.get("stopped")
        self.stopped_at = record.get("stopped_at", 0.0)
        self.version = record.get("version")

    def record(self):
        return {name: value for name, value in vars(self).items() if value}

    def run_dry(self, limits, now):
        """Time passes. A clock that was put back takes nothing away."""
        passed = max(0.0, now - self.at)
        self.at = now
        for name, level in list(self.levels.items()):
            left = level - passed * limits[name] / LIMITS[name][1] if name in limits else 0
            if left > 0:
                self.levels[name] = left
            else:
                del self.levels[name]
        fade = 0.5 ** (passed / HALF_LIFE)
        self.sent *= fade
        self.bad = {kind: count * fade for kind, count in self.bad.items() if count * fade > 0.01}

    def too_much(self, amounts, limits, now):
        """The limit that would be broken by these, or None."""
        self.run_dry(limits, now)
        for name, limit in limits.items():
            amount = amounts.get(LIMITS[name][0], 0)
            if amount and self.levels.get(name, 0) + amount > limit:
                return name
        return None

    def take(self, amounts, limits, now, at_any_rate=False):
        """Counts what is about to be sent, all of it or nothing. Gives the limit that it would break, or None. `at_any_rate`: it is counted
        though it breaks one."""
        over = self.too_much(amounts, limits, now)
        if over and not at_any_rate:
            return over
        for name in limits:
            amount = amounts.get(LIMITS[name][0], 0)
            if amount:
                self.levels[name] = self.levels.get(name, 0) + amount
        self.sent += amounts.get("recipients", 0)
        return over

    def went_wrong(self, kind, count, limits, now):
        """Recipients that were refused, bounced, or that the filter kept spam from."""
        self.run_dry(limits, now)
        self.bad[kind] = self.bad.get(kind, 0) + count
        if kind == "refused":
            self.sent += count

    def reason_to_stop(self):
        """Mostly bad, and enough of it to be no accident."""
        bad = sum(self.bad.values())
        if bad < FEWEST_BAD or bad < self.sent * WORST_SHARE:
            return None
        parts = [f"{round(count)} {BAD[kind]}" for kind, count in self.bad.items() if round(count)]
        return f"of {round(self.sent)} recipients of its mail {' and '.join(parts)}"


# What became of mail is forgotten by half in this time.
HALF_LIFE = DAY / 2
FEWEST_BAD = 20
WORST_SHARE = 0.5
BAD = {"refused": "were refused", "bounced": "bounced", "spam": "were to get spam or viruses"}


def words(name, limit):
    """A limit as people say it."""
    kind, seconds = LIMITS[name]
    return f"{limit} {WORDS[kind]} {TIMES[seconds]}"


def seconds_until_free(account, name, limits):
    """Until one more fits."""
    return max(1, round((account.levels.get(name, 0) + 1 - limits[name]) * LIMITS[name][1] / limits[name]))
