"""What the host makes of what it sees of its DKIM records, and of a signature."""

import base64
import hashlib
import os
import subprocess
import sys
import tempfile
import types
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../../lib/role/remote/dkim.d"))

try:
    import dns.resolver  # noqa: F401
except ModuleNotFoundError:
    # The machine that runs the tests need not have it: nothing here asks DNS.
    for name in ("exception", "flags", "message", "name", "query", "rcode", "rdatatype", "resolver"):
        sys.modules[f"dns.{name}"] = types.ModuleType(f"dns.{name}")
    sys.modules["dns"] = types.ModuleType("dns")

import milter
import records
import schedule
import signature
from records import ABSENT, OTHER, SEEN, UNKNOWN, Sight

NAME = ("mta1", "example.com")
KEYS = {"mta1": "v=DKIM1; p=AAAA", "mta2": "v=DKIM1; p=BBBB"}


def book(now=1000.0, keys=KEYS, stored=None):
    made = schedule.Book(stored)
    made.keep(["mta1", "mta2"], ["example.com"], keys, now)
    return made


class PublishedBeforeUsed(unittest.TestCase):
    def test_a_key_waits_for_what_resolvers_may_remember(self):
        found = book()
        found.note(NAME, Sight(SEEN, memory=900), 1000)
        self.assertIsNone(found.selector_of("example.com", ["mta1", "mta2"], 1899))
        self.assertEqual(found.selector_of("example.com", ["mta1", "mta2"], 1900), "mta1")

    def test_a_record_that_goes_again_before_that_starts_anew(self):
        found = book()
        found.note(NAME, Sight(SEEN, memory=900), 1000)
        found.note(NAME, Sight(ABSENT), 1500)
        found.note(NAME, Sight(SEEN, memory=900), 1600)
        self.assertIsNone(found.selector_of("example.com", ["mta1"], 2400))
        self.assertEqual(found.selector_of("example.com", ["mta1"], 2500), "mta1")

    def test_nothing_is_concluded_from_silence(self):
        found = book()
        found.note(NAME, Sight(SEEN, memory=0), 1000)
        for now in range(1000, 90_000, 3600):
            found.note(NAME, Sight(UNKNOWN), now)
        self.assertEqual(found.selector_of("example.com", ["mta1"], 90_000), "mta1")

    def test_a_record_that_is_missing_for_a_moment_still_counts(self):
        found = book()
        found.note(NAME, Sight(SEEN, memory=0), 1000)
        found.note(NAME, Sight(ABSENT), 2000)
        found.note(NAME, Sight(ABSENT), 2500)
        self.assertEqual(found.selector_of("example.com", ["mta1"], 2500), "mta1")
        found.note(NAME, Sight(SEEN, memory=900), 2550)
        self.assertEqual(found.selector_of("example.com", ["mta1"], 2550), "mta1")

    def test_a_record_that_stays_away_counts_no_more(self):
        for kind in (ABSENT, OTHER):
            found = book()
            found.note(NAME, Sight(SEEN, memory=0), 1000)
            found.note(NAME, Sight(kind), 2000)
            found.note(NAME, Sight(kind), 2600)
            self.assertIsNone(found.selector_of("example.com", ["mta1"], 2600))

    def test_a_new_key_is_looked_for_anew(self):
        found = book()
        found.note(NAME, Sight(SEEN, memory=0), 1000)
        again = book(now=5000, keys={**KEYS, "mta1": "v=DKIM1; p=CCCC"}, stored=found.stored())
        self.assertIsNone(again.selector_of("example.com", ["mta1"], 5000))
        self.assertIn(NAME, again.due(5000))

    def test_the_other_key_signs_where_only_its_record_is_there(self):
        found = book()
        found.note(("mta2", "example.com"), Sight(SEEN, memory=0), 1000)
        self.assertEqual(found.selector_of("example.com", ["mta1", "mta2"], 1000), "mta2")

    def test_what_was_seen_is_remembered(self):
        found = book()
        found.note(NAME, Sight(SEEN, memory=60), 1000)
        again = book(now=2000, stored=found.stored())
        self.assertEqual(again.selector_of("example.com", ["mta1"], 2000), "mta1")

    def test_a_domain_that_is_left_out_is_forgotten(self):
        found = book()
        found.keep(["mta1", "mta2"], ["example.net"], KEYS, 2000)
        self.assertEqual(sorted(found.records), [("mta1", "example.net"), ("mta2", "example.net")])

    def test_the_longer_a_record_is_missing_the_less_often_it_is_looked_for(self):
        found = book()
        found.note(NAME, Sight(ABSENT), 1000)
        self.assertEqual(found.records[NAME].next, 1000 + schedule.SOONEST)
        found.note(NAME, Sight(ABSENT), 1000 + 10 * 86400)
        self.assertEqual(found.records[NAME].next, 1000 + 10 * 86400 + schedule.LATEST)


class Rotation(unittest.TestCase):
    YEAR, WEEK = 365 * 86400, 7 * 86400

    def turn(self, now, ready=True, **state):
        return schedule.turn(state, ready, now, self.YEAR, self.WEEK)

    def test_nothing_happens_before_its_time_or_before_anything_has_signed(self):
        self.assertIsNone(self.turn(5000))
        self.assertIsNone(self.turn(1000 + self.YEAR - 1, since=1000))

    def test_the_next_key_signs_when_its_time_has_come_and_the_world_sees_it(self):
        self.assertIsNone(self.turn(1000 + self.YEAR, ready=False, since=1000))
        self.assertEqual(self.turn(1000 + self.YEAR, since=1000), schedule.SWITCH)
        self.assertEqual(self.turn(1000 + 3 * self.YEAR, since=1000), schedule.SWITCH)

    def test_the_old_key_stays_public_for_its_time_and_is_made_anew_then(self):
        self.assertIsNone(self.turn(2000 + self.WEEK - 1, since=2000, retired=2000))
        self.assertEqual(self.turn(2000 + self.WEEK, since=2000, retired=2000), schedule.RENEW)
        # Nothing is switched before that, however late it is.
        self.assertEqual(self.turn(2000 + 2 * self.YEAR, since=2000, retired=2000), schedule.RENEW)

    def test_a_key_is_ready_for_domains_whose_records_are_all_believed(self):
        found = book()
        found.note(("mta2", "example.com"), Sight(SEEN, memory=900), 1000)
        self.assertFalse(found.is_ready("mta2", ["example.com"], 1899))
        self.assertTrue(found.is_ready("mta2", ["example.com"], 1900))
        self.assertFalse(found.is_ready("mta2", ["example.com", "example.net"], 1900))
        self.assertFalse(found.is_ready("mta2", [], 1900))


class Records(unittest.TestCase):
    def test_one_record_with_the_same_key_is_the_record(self):
        record = "v=DKIM1; k=rsa; p=AAAA"
        self.assertEqual(records.judge("a.", ["v=DKIM1;k=rsa; p=AA AA"], record, 0).kind, SEEN)
        self.assertEqual(records.judge("a.", [], record, 0).kind, ABSENT)
        self.assertEqual(records.judge("a.", ["v=DKIM1; p=AAAB"], record, 0).kind, OTHER)
        self.assertEqual(records.judge("a.", ["v=DKIM1; p=AAAA", "x"], record, 0).kind, OTHER)

    def test_what_lies_between_selector_and_zone_is_not_asked_for(self):
        self.assertEqual(records.parent("mta1._domainkey.mail.example.com."), "mail.example.com.")


class Signatures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        cls.key = f"{cls.folder}/key.pem"
        subprocess.run(["openssl", "genrsa", "-out", cls.key, "1024"], check=True, capture_output=True)
        half = subprocess.run(["openssl", "pkey", "-in", cls.key, "-pubout", "-outform", "DER"], check=True, capture_output=True)
        cls.record = f"v=DKIM1; p={base64.b64encode(half.stdout).decode()}"

    def sign(self, extra="", names="from:subject:subject"):
        body = base64.b64encode(hashlib.sha256(b"Hello there\r\n").digest()).decode()
        text = f" a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=mta1;{extra}\r\n\th={names}; bh={body}; b="
        signed = "from:me@example.com\r\nsubject:A b\r\n" if "subject" in names else "from:me@example.com\r\n"
        signed += signature.relaxed_field("DKIM-Signature", text)
        done = subprocess.run(
            ["openssl", "dgst", "-sha256", "-sign", self.key], input=signed.encode(), capture_output=True, check=True
        )
        return text + base64.b64encode(done.stdout).decode()

    def verify(
        self, text, fields=(("From", " me@example.com"), ("Subject", " A\r\n  b")), body=b"Hello   there \r\n\r\n\r\n", record=None
    ):
        signature.verify(text, "example.com", "mta1", record or self.record, list(fields), body)

    def test_a_right_one_is_right(self):
        self.verify(self.sign())

    def test_another_text_sender_or_key_is_seen(self):
        text = self.sign()
        other = "v=DKIM1; p=" + self.record[-40:]
        for wrong in (
            {"body": b"Hello there!\r\n"},
            {"fields": [("From", "you@example.com"), ("Subject", "A b")]},
            {"fields": [("From", "me@example.com"), ("Subject", "A b"), ("Subject", "and another")]},
            {"record": other},
        ):
            with self.subTest(wrong), self.assertRaises(signature.Wrong):
                self.verify(text, **wrong)

    def test_one_over_a_part_of_the_body_is_wrong(self):
        with self.assertRaises(signature.Wrong):
            self.verify(self.sign(extra=" l=3;"))

    def test_one_by_another_selector_is_wrong(self):
        with self.assertRaises(signature.Wrong):
            signature.verify(self.sign(), "example.com", "mta2", self.record, [], b"")


class Milters(unittest.TestCase):
    def test_one_that_is_not_there_is_told(self):
        with self.assertRaises(milter.Refused):
            milter.added_fields("/nonexistent/milter.sock", "a@b", "c@d", [], b"")


unittest.main()
