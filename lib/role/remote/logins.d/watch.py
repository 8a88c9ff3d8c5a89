"""What logins and known networks send, counted: who is over a limit, who is stopped, and what is reportedabout it."""

import collections
import ipaddress
import threading
import time

from limits import DAY, seconds_until_free, words

# Mails on their way whose login is remembered, for what becomes of them.
MOST_ON_THEIR_WAY = 50_000


class Watch:
    def __init__(self, policy, store, alerts, clock=time.time):
        self.policy = policy
        self.store = store
        self.alerts = alerts
        self.clock = clock
        self.lock = threading.Lock()
        self.on_their_way = collections.OrderedDict()
        for name, account in store.accounts.items():
            if account.stopped and self.has_new_password(name, account):
                self.release(name)

    def refusal(self, name):
        """Why a login may send nothing at all; None: it may."""
        with self.store.lock:
            account = self.store.accounts.get(name)
            if account is None or not account.stopped:
                return None
            return f"{name} is stopped: {account.stopped}. The operator of this server can release it"

    def recipient(self, name, recipient, begins):
        """Counts one more recipient. Gives the words of the refusal when that would be too much, else None."""
        now = self.clock()
        with self.store.lock:
            new = self.store.is_new(name, recipient)
            over = self.over(name, {"recipients": 1, "mails": int(begins), "newRecipients": int(new)}, now)
            if over is None and new:
                self.store.wrote_to(name, recipient, now)
        return over

    def full(self, name):
        """The words of the refusal when not even one more mail to somebody known fits, else None; nothing is counted."""
        return self.over(name, {"recipients": 1, "mails": 1}, self.clock(), just_asked=True)

    def counted(self, name, recipient, begins):
        """Counts one more recipient that cannot be refused by itself; the mail after it can."""
        now = self.clock()
        with self.store.lock:
            new = self.store.is_new(name, recipient)
            amounts = {"recipients": 1, "mails": int(begins), "newRecipients": int(new)}
            self.store.account(name).take(amounts, self.policy.limits(name), now, at_any_rate=True)
            if new:
                self.store.wrote_to(name, recipient, now)

    def over(self, name, amounts, now, just_asked=False):
        """Counts amounts, unless it is just asked. Gives the words of the refusal when they are too much, else None."""
        limits = self.policy.limits(name)
        with self.store.lock:
            account = self.store.account(name)
            over = account.too_much(amounts, limits, now) if just_asked else account.take(amounts, limits, now)
            if over is None:
                return None
            first = now - account.over_at > DAY
            account.over, account.over_at = over, now
            wait = seconds_until_free(account, over, limits)
        if first:
            self.alerts.tell(
                f"{name} has reached its limit of {words(over, limits[over])}",
                f"{name} tries to send more than {words(over, limits[over])}. What is above the limit is put off with a 450 reply.\n"
                "If that is more than it should send, change its password. If it should send that much, raise the limit in the stack:\n"
                "docs/logins.md. You get this message once until it has kept to its limits for a day.\n",
            )
        return f"{name} may send {words(over, limits[over])}: try again in {wait} s"

    def queued(self, queue_id, name):
        with self.lock:
            self.on_their_way[queue_id] = name
            while len(self.on_their_way) > MOST_ON_THEIR_WAY:
                self.on_their_way.popitem(last=False)

    def moved(self, queue_id, new_id):
        """The filter handed a mail on."""
        with self.lock:
            name = self.on_their_way.get(queue_id)
        if name is not None:
            self.queued(new_id, name)

    def bad_mail(self, queue_id, kind, count=1):
        with self.lock:
            name = self.on_their_way.get(queue_id)
        if name is not None:
            self.went_wrong(name, kind, count)

    def went_wrong(self, name, kind, count=1):
        """Counts what was refused, bounced or filtered; a login most of whose mail is so is stopped."""
        now = self.clock()
        with self.store.lock:
            account = self.store.account(name)
            account.went_wrong(kind, count, self.policy.limits(name), now)
            reason = None if account.stopped or is_client(name) else account.reason_to_stop()
            if reason is None:
                return
            account.stopped, account.stopped_at, account.version = reason, now, self.policy.version(name)
            self.store.write()
        self.alerts.tell(
            f"the login {name} was stopped",
            f"{name} may send nothing any more, for {reason}. That is what a stolen password or an old list of addresses looks like.\n"
            "Its mail is put off with a 450 reply. Change its password, then release it:\n\n"
            f"    sudo mailserver-logins release {name}\n\n"
            "or, for a login of the stack, raise its passwordVersion together with the new password.\n",
        )

    def has_new_password(self, name, account):
        return self.policy.version(name) is not None and self.policy.version(name) != account.version

    def release(self, name):
        """A login may send again; gives whether there was anything to undo."""
        with self.store.lock:
            account = self.store.accounts.get(name)
            if account is None or not (account.stopped or account.levels or account.bad):
                return False
            account.stopped, account.levels, account.bad, account.sent = None, {}, {}, 0.0
            account.over, account.over_at = None, 0.0
            self.store.changed.add(name)
        return True

    def state(self):
        """For checks and for people."""
        now = self.clock()
        with self.store.lock:
            accounts = list(self.store.accounts.items())
            return {
                "time": now,
                "stopped": {name: account.stopped for name, account in accounts if account.stopped},
                "over": {
                    name: words(account.over, self.policy.limits(name).get(account.over, 0))
                    for name, account in accounts
                    if account.over and now - account.over_at < DAY and not account.stopped
                },
            }


def client_name(address):
    """By what a client without a login is counted: its address, of IPv6 the network that one customer has."""
    found = ipaddress.ip_address(address)
    if found.version == 4 or found.is_loopback:
        return f"[{found}]"
    return f"[{ipaddress.ip_network((found, 64), strict=False)}]"


def is_client(name):
    return name.startswith("[")
