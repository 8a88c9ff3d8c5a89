"""What becomes of the passwords, without a database; run by sasl-users.test.ts."""

import importlib.util
import os
import subprocess
import tempfile
import unittest

PROGRAM = os.path.join(os.path.dirname(__file__), "../../../lib/role/remote/sasl-users.py")
specification = importlib.util.spec_from_file_location("sasl_users", PROGRAM)
users = importlib.util.module_from_spec(specification)
specification.loader.exec_module(users)

DATABASE = users.Database("/nonexistent/sasldb2", "mailserver")
NOTHING = {"record": {}, "entries": {}}


def entries(**passwords):
    return {DATABASE.key(name): password.encode() for name, password in passwords.items()}


def recorded(**versions):
    return {name: users.entry(version, password.encode()) for name, (version, password) in versions.items()}


def given(**versions):
    return {name: {"version": version, "password": password} for name, (version, password) in versions.items()}


class Differences(unittest.TestCase):
    def told(self, found, record, wanted):
        return list(users.differences(DATABASE, found, record, wanted))

    def test_are_none_when_all_is_as_the_stack_says(self):
        self.assertEqual(self.told(entries(alice="one", hand="x"), recorded(alice=(1, "one")), {"alice": 1}), [])

    def test_tell_what_is_missing_old_changed_and_too_much(self):
        found = entries(old="one", changed="by hand", gone="x")
        record = recorded(old=(1, "one"), changed=(1, "one"), removed=(1, "one"), gone=(1, "x"))
        self.assertEqual(
            self.told(found, record, {"new": 1, "old": 2, "changed": 1, "removed": 1}),
            [
                "the submission user new is not there yet",
                "the password of old is version 1, the stack has 2",
                "the password of changed was changed on the host",
                "the submission user removed was removed on the host",
                "the submission user gone is no longer in the stack",
            ],
        )


class Merged(unittest.TestCase):
    def test_sets_what_is_new_and_leaves_others_alone(self):
        changed, record = users.merged(DATABASE, entries(hand="x"), {}, {"alice": 1}, given(alice=(1, "one")), NOTHING)
        self.assertEqual(changed, entries(hand="x", alice="one"))
        self.assertTrue(users.is_recorded(record["alice"], b"one"))

    def test_removes_whom_the_stack_names_no_more_with_everything_of_theirs(self):
        found = {
            **entries(alice="one", alicexyz="x"),
            b"alice\0mailserver\0cmusaslsecretOTP": b"y",
            b"alice\0elsewhere\0userPassword": b"z",
        }
        changed, record = users.merged(DATABASE, found, recorded(alice=(1, "one")), {}, {}, NOTHING)
        self.assertEqual(changed, {**entries(alicexyz="x"), b"alice\0elsewhere\0userPassword": b"z"})
        self.assertEqual(record, {})

    def test_puts_back_what_somebody_changed(self):
        changed, _ = users.merged(
            DATABASE, entries(alice="two"), recorded(alice=(1, "one")), {"alice": 1}, given(alice=(1, "one")), NOTHING
        )
        self.assertEqual(changed, entries(alice="one"))

    def test_keeps_what_is_right_though_the_value_given_is_another_one(self):
        found, record = entries(alice="one"), recorded(alice=(1, "one"))
        self.assertEqual(users.merged(DATABASE, found, record, {"alice": 1}, given(alice=(1, "two")), NOTHING), (found, record))

    def test_refuses_what_it_has_no_password_for(self):
        for other in ({}, given(alice=(3, "three"))):
            with self.assertRaisesRegex(users.Failed, "password of alice in version 2 is not at hand"):
                users.merged(DATABASE, {}, {}, {"alice": 2}, other, NOTHING)

    def test_goes_back_to_what_the_apply_found(self):
        before = {"record": recorded(alice=(1, "one")), "entries": entries(alice="one", bob="by hand", hand="x")}
        wanted = {"alice": 2, "bob": 1}
        found, record = users.merged(
            DATABASE, before["entries"], before["record"], wanted, given(alice=(2, "two"), bob=(1, "b")), NOTHING
        )
        self.assertEqual(found, entries(alice="two", bob="b", hand="x"))
        found = {**found, **entries(meanwhile="y")}
        found, record = users.merged(DATABASE, found, record, {"alice": 1}, given(alice=(2, "two"), bob=(1, "b")), before)
        self.assertEqual(found, entries(alice="one", bob="by hand", hand="x", meanwhile="y"))
        self.assertEqual(record, before["record"])


class FoundBefore(unittest.TestCase):
    def test_is_nothing_for_the_change_itself_and_all_of_it_for_a_rollback(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "secrets", "before.json")
            self.assertEqual(users.found_before(path, {"a": 1}, {b"k\0": b"v\xff"}), NOTHING)
            self.assertEqual(users.found_before(path, {"b": 2}, {}), {"record": {"a": 1}, "entries": {b"k\0": b"v\xff"}})
            self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
            self.assertEqual(os.stat(os.path.dirname(path)).st_mode & 0o777, 0o700)


def plain_tool(*command, data=None):
    """The tools of the database, with its dump as the file itself."""
    if "load" in command[0]:
        with open(command[-1], "wb") as file:
            file.write(data)
        return b""
    with open(command[-1], "rb") as file:
        return file.read()


class Races(unittest.TestCase):
    """Somebody is at `sudo saslpasswd2` in the very moment of an apply."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.addCleanup(setattr, users, "tool", users.tool)
        self.addCleanup(setattr, users, "is_open_elsewhere", users.is_open_elsewhere)
        self.addCleanup(setattr, users.os, "chown", users.os.chown)
        users.tool, users.os.chown = plain_tool, lambda *_: None
        self.database = users.Database(os.path.join(self.folder.name, "sasldb2"), "mailserver")
        self.assertTrue(self.database.write(entries(hand="x"), None, {}))

    def test_what_is_written_to_the_replaced_database_is_not_lost(self):
        late = users.Database(self.database.path, "mailserver")
        writes = [entries(hand="y"), None]

        def somebody_writes(status):
            found = writes.pop(0) if writes else None
            if found:
                lines = [" " + text.hex() for pair in found.items() for text in pair]
                with open(f"{late.path}.old", "w", encoding="ascii") as file:
                    file.write("\n".join(["HEADER=END", *lines, "DATA=END", ""]))
            return found is not None

        users.is_open_elsewhere = somebody_writes
        place = os.path.join(self.folder.name, "secrets")
        os.mkdir(place)
        users.store(os.path.join(place, "submission-users.json"), given(alice=(1, "one")))
        users.apply(self.database, place, os.path.join(self.folder.name, "stack-users.json"), {"alice": 1})
        self.assertEqual(self.database.read(), entries(hand="y", alice="one"))
        self.assertEqual(sorted(os.listdir(self.folder.name)), ["sasldb2", "secrets", "stack-users.json"])

    def test_whoever_has_the_file_open_is_waited_for(self):
        self.assertFalse(users.is_open_elsewhere(os.stat(self.database.path)))
        reader = subprocess.Popen(["sleep", "60"], stdin=open(self.database.path, "rb"))
        try:
            self.assertTrue(users.is_open_elsewhere(os.stat(self.database.path)))
        finally:
            reader.kill()
            reader.wait()


if __name__ == "__main__":
    unittest.main()
