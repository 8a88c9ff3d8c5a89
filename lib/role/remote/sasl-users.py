#!/usr/bin/python3
"""sasl-users check|apply [NAME=VERSION ...]

Users of submission that the stack names, in the database that `sudo saslpasswd2` writes as well: users of others are left alone.
`check` says what differs, exit 1. `apply` sets and removes in one rename; the passwords are in a file that is there during an
apply of the stack only, and so is what is needed to go back. What the stack set is on record with a salted digest, so that a
password that somebody else changed is reported.
"""

import hashlib
import hmac
import json
import os
import secrets
import subprocess
import sys
import time

PLACE = "/var/lib/mailserver"
CONFIGURATION = "/usr/lib/mailserver/sasl.conf"
PROPERTY = b"userPassword"
ATTEMPTS = 10
# saslpasswd2 has the database open for the moment of the change only.
WRITER_SECONDS = 5


class Failed(Exception):
    """Nothing was changed; the message says why."""


class Database:
    """Entries of sasldb: `user NUL realm NUL property` to value."""

    def __init__(self, path, realm):
        self.path = path
        self.realm = realm.encode()

    def read(self):
        if not os.path.exists(self.path):
            return {}
        lines = tool("db5.3_dump", self.path).decode("ascii").splitlines()
        values = [bytes.fromhex(line.strip()) for line in lines if line.startswith(" ")]
        return dict(zip(values[::2], values[1::2]))

    def write(self, entries, seen, before):
        """False when it is not what was `seen` any more, with the entries `before`: what a user at saslpasswd2 writes must not be lost."""
        text = ["VERSION=3", "format=bytevalue", "type=hash", "HEADER=END"]
        for key, value in entries.items():
            text += [f" {key.hex()}", f" {value.hex()}"]
        new, old = f"{self.path}.new", f"{self.path}.old"
        remove(new)
        tool("db5.3_load", new, data="\n".join([*text, "DATA=END", ""]).encode("ascii"))
        group = os.stat(os.path.dirname(self.path)).st_gid
        os.chown(new, 0, group)
        os.chmod(new, 0o640)
        sync(new)
        if self.state() != seen:
            remove(new)
            return False
        remove(old)
        if seen:
            os.link(self.path, old)
        os.replace(new, self.path)
        if seen and not self.is_unchanged(old, before):
            # Who had it open already wrote to the old one: it comes back, and is read again.
            os.replace(old, self.path)
            return False
        remove(old)
        return True

    def is_unchanged(self, old, before):
        """Waits until nobody can write to the old database any more, and says whether anybody did."""
        end = time.monotonic() + WRITER_SECONDS
        while is_open_elsewhere(os.stat(old)) and time.monotonic() < end:
            time.sleep(0.01)
        return Database(old, self.realm.decode()).read() == before

    def key(self, name):
        return self.start(name) + PROPERTY

    def of(self, name, entries):
        """Everything of a user, whatever the property."""
        start = self.start(name)
        return {key: value for key, value in entries.items() if key.startswith(start)}

    def start(self, name):
        """What the keys of a user begin with; an address as a name has its own realm."""
        user, _, realm = name.partition("@")
        return b"\0".join((user.encode(), realm.encode() or self.realm, b""))

    def state(self):
        try:
            status = os.stat(self.path)
        except FileNotFoundError:
            return None
        return status.st_ino, status.st_mtime_ns, status.st_size


def is_open_elsewhere(status):
    """Whether another process has the file open."""
    for process in os.listdir("/proc"):
        if not process.isdigit() or int(process) == os.getpid():
            continue
        folder = f"/proc/{process}/fd"
        try:
            for descriptor in os.listdir(folder):
                found = os.stat(f"{folder}/{descriptor}")
                if (found.st_dev, found.st_ino) == (status.st_dev, status.st_ino):
                    return True
        except OSError:
            continue
    return False


def tool(*command, data=None):
    result = subprocess.run(command, input=data, capture_output=True, check=False)
    if result.returncode != 0:
        raise Failed(f"{command[0]}: {result.stderr.decode('utf-8', 'replace').strip() or result.returncode}")
    return result.stdout


def digest(salt, password):
    return hashlib.sha256(bytes.fromhex(salt) + password).hexdigest()


def entry(version, password):
    salt = secrets.token_hex(16)
    return {"version": version, "salt": salt, "digest": digest(salt, password)}


def is_recorded(record, password):
    return hmac.compare_digest(record["digest"], digest(record["salt"], password))


def differences(database, entries, record, wanted):
    for name, version in wanted.items():
        found = record.get(name)
        password = entries.get(database.key(name))
        if found is None:
            yield f"the submission user {name} is not there yet"
        elif password is None:
            yield f"the submission user {name} was removed on the host"
        elif found["version"] != version:
            yield f"the password of {name} is version {found['version']}, the stack has {version}"
        elif not is_recorded(found, password):
            yield f"the password of {name} was changed on the host"
    for name in record:
        if name not in wanted:
            yield f"the submission user {name} is no longer in the stack"


def merged(database, entries, record, wanted, given, before):
    """Entries and record as they should be. `before` holds what this apply found: it is what a rollback goes back to."""
    entries, new = dict(entries), {}
    for name in record:
        if name in wanted:
            continue
        for key in database.of(name, entries):
            del entries[key]
        # Somebody else's, before the stack named it: of an apply that is undone.
        entries.update(database.of(name, before["entries"]))
    for name, version in wanted.items():
        key = database.key(name)
        kept = record.get(name)
        if kept and kept["version"] == version and key in entries and is_recorded(kept, entries[key]):
            new[name] = kept
        elif name in given and given[name]["version"] == version:
            entries[key] = given[name]["password"].encode()
            new[name] = entry(version, entries[key])
        elif before["record"].get(name, {}).get("version") == version and key in before["entries"]:
            entries[key] = before["entries"][key]
            new[name] = before["record"][name]
        else:
            raise Failed(f"the password of {name} in version {version} is not at hand: apply the stack again")
    return entries, new


def apply(database, place, record_path, wanted):
    given = load(os.path.join(place, "submission-users.json"), {})
    before = found_before(os.path.join(place, "submission-users-before.json"), load(record_path, {}), database.read())
    for _ in range(ATTEMPTS):
        seen = database.state()
        entries, record = database.read(), load(record_path, {})
        changed, new = merged(database, entries, record, wanted, given, before)
        if changed == entries or database.write(changed, seen, entries):
            store(record_path, new)
            return
    raise Failed("the passwords are being changed on the host all the time: apply again")


def found_before(path, record, entries):
    """What the first change of this apply found: nothing for that change itself, but a rollback comes second."""
    if not os.path.exists(path):
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        store(path, {"record": record, "entries": {key.hex(): value.hex() for key, value in entries.items()}})
        return {"record": {}, "entries": {}}
    found = load(path, {})
    return {
        "record": found["record"],
        "entries": {bytes.fromhex(key): bytes.fromhex(value) for key, value in found["entries"].items()},
    }


def load(path, default):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return default


def store(path, value):
    new = f"{path}.new"
    remove(new)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(value, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)


def sync(path):
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def remove(path):
    if os.path.lexists(path):
        os.unlink(path)


def configured(path):
    with open(path, encoding="utf-8") as file:
        return dict(line.strip().split("=", 1) for line in file if "=" in line)


def main():
    configuration = configured(os.environ.get("SASL_USERS_CONFIGURATION", CONFIGURATION))
    place = os.environ.get("SASL_USERS_SECRETS", f"{PLACE}/transaction/secrets")
    database = Database(configuration["database"], configuration["realm"])
    record_path = os.path.join(os.path.dirname(database.path), "stack-users.json")
    wanted = {name: int(version) for name, version in (argument.rsplit("=", 1) for argument in sys.argv[2:])}
    if sys.argv[1] == "apply":
        apply(database, place, record_path, wanted)
        return 0
    for difference in differences(database, database.read(), load(record_path, {}), wanted):
        print(difference)
        return 1
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (Failed, OSError, ValueError) as error:
        print(f"sasl-users: {error}", file=sys.stderr)
        sys.exit(1)
