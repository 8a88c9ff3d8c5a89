"""What outlives the program: accounts, recipients that each has written to, and bans, in one database on the state volume. Held in
memory and written once a second, so that nobody waits for a disk; what is lost when the machine dies is that second."""

import hashlib
import json
import os
import sqlite3
import threading
import time

from limits import Account

# Far more than logins and clients of known networks: those that were silent longest go.
MOST_ACCOUNTS = 20_000
# Of one account, and of all.
MOST_RECIPIENTS = 100_000
MOST_RECIPIENTS_OF_ALL = 1_000_000
# What was not written to for so long is new again.
RECIPIENT_DAYS = 180
SCHEMA = """
create table if not exists accounts (name text primary key, record text not null) without rowid;
create table if not exists recipients (account text, hash blob, day integer, primary key (account, hash)) without rowid;
create table if not exists facts (name text primary key, value text not null) without rowid;
"""


class Store:
    def __init__(self, path):
        self.lock = threading.RLock()
        self.path = path
        self.database = opened(path)
        self.accounts = {
            name: Account(json.loads(record)) for name, record in self.database.execute("select name, record from accounts")
        }
        self.changed = set()
        self.fresh = {}
        self.key = self.fact("key") or self.remember("key", os.urandom(16).hex())

    def fact(self, name):
        with self.lock:
            found = self.database.execute("select value from facts where name = ?", (name,)).fetchone()
        return found[0] if found else None

    def remember(self, name, value):
        with self.lock, self.database:
            self.database.execute("insert or replace into facts values (?, ?)", (name, value))
        return value

    def load(self, name):
        """Something else that is kept, or None."""
        return json.loads(self.fact(name) or "null")

    def save(self, name, value):
        self.remember(name, json.dumps(value))

    def account(self, name):
        """To be changed under the lock."""
        self.changed.add(name)
        return self.accounts.setdefault(name, Account())

    def hash(self, recipient):
        return hashlib.blake2b(
            recipient.lower().encode("utf-8", "surrogateescape"), digest_size=8, key=bytes.fromhex(self.key)
        ).digest()

    def is_new(self, account, recipient):
        entry = (account, self.hash(recipient))
        if entry in self.fresh:
            return False
        return self.database.execute("select 1 from recipients where account = ? and hash = ?", entry).fetchone() is None

    def wrote_to(self, account, recipient, now):
        self.fresh[account, self.hash(recipient)] = int(now // 86400)

    def write(self):
        """Everything that changed, in one transaction."""
        with self.lock:
            if not self.changed and not self.fresh:
                return
            records = [(name, json.dumps(self.accounts[name].record())) for name in self.changed if name in self.accounts]
            with self.database:
                self.database.executemany("insert or replace into accounts values (?, ?)", records)
                entries = [(account, value, day) for (account, value), day in self.fresh.items()]
                self.database.executemany("insert or replace into recipients values (?, ?, ?)", entries)
            self.changed, self.fresh = set(), {}

    def clean(self, now):
        """Bounded, whatever happens; once an hour."""
        with self.lock, self.database:
            names = sorted(self.accounts, key=lambda name: (bool(self.accounts[name].stopped), self.accounts[name].at))
            for name in names[: max(0, len(names) - MOST_ACCOUNTS)]:
                del self.accounts[name]
                self.database.execute("delete from accounts where name = ?", (name,))
            self.database.execute("delete from recipients where day < ?", (int(now // 86400) - RECIPIENT_DAYS,))
            counts = self.database.execute("select account, count(*) from recipients group by account").fetchall()
            for account, count in counts:
                self.oldest_go("account = ? and", (account,), count - MOST_RECIPIENTS)
            self.oldest_go("", (), self.database.execute("select count(*) from recipients").fetchone()[0] - MOST_RECIPIENTS_OF_ALL)

    def oldest_go(self, of, arguments, surplus):
        if surplus <= 0:
            return
        where = "where account = ?" if of else ""
        self.database.execute(
            f"delete from recipients where {of} (account, hash) in (select account, hash from recipients {where} order by day limit ?)",
            (*arguments, *arguments, surplus),
        )


def opened(path):
    """A database that is damaged is put aside: mail goes on, and counting begins anew."""
    try:
        return prepared(path)
    except sqlite3.DatabaseError:
        os.replace(path, f"{path}.damaged")
        for ending in ("-wal", "-shm"):
            if os.path.exists(path + ending):
                os.unlink(path + ending)
        return prepared(path)


def prepared(path):
    database = sqlite3.connect(path, check_same_thread=False, timeout=5)
    database.execute("pragma journal_mode = wal")
    database.execute("pragma synchronous = normal")
    database.executescript(SCHEMA)
    database.execute("select count(*) from accounts").fetchone()
    return database


def write_for_ever(store, seconds=1):
    cleaned = 0
    while True:
        time.sleep(seconds)
        store.write()
        if time.monotonic() - cleaned > 3600 or cleaned == 0:
            store.clean(time.time())
            cleaned = time.monotonic()
