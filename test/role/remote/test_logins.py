"""What logins may send, with a clock of the test; run by logins.test.ts."""

import io
import json
import os
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../../lib/role/remote/logins.d"))

import first_hop
import gatekeeper
import journal
import known_clients
import senders
from guard import Guard, client_of
from limits import DAY, HOUR, MINUTE
from store import Store
from watch import Watch, client_name

LIMITS = {
    "mailsPerMinute": 100,
    "mailsPerHour": 1000,
    "mailsPerDay": 5000,
    "recipientsPerMinute": 200,
    "recipientsPerHour": 2000,
    "recipientsPerDay": 10000,
    "newRecipientsPerDay": 500,
}


class Policy:
    def __init__(self, versions=None):
        self.versions = versions or {}

    def limits(self, name):
        return LIMITS

    def version(self, name):
        return self.versions.get(name)


class Alerts:
    def __init__(self):
        self.told = []

    def tell(self, subject, text):
        self.told.append(subject)


class Host:
    """A watch with its database; a restart keeps the database only."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "logins.sqlite")
        self.now = 1_800_000_000.0
        self.alerts = Alerts()
        self.start()

    def start(self, versions=None):
        self.store = Store(self.path)
        self.watch = Watch(Policy(versions), self.store, self.alerts, clock=lambda: self.now)

    def restart(self, versions=None):
        self.store.write()
        self.store.database.close()
        self.start(versions)

    def send(self, name, mails, recipients=1, seconds=0.0, to="u{mail}-{recipient}@receiver.test"):
        """How many recipients are taken of so many mails, one after the other in so many seconds."""
        taken = 0
        for mail in range(mails):
            self.now += seconds / mails
            begins = True
            for recipient in range(recipients):
                if self.watch.recipient(name, to.format(mail=mail, recipient=recipient), begins) is None:
                    taken += 1
                    begins = False
        return taken


class Test(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.host = Host(folder.name)
        self.addCleanup(lambda: self.host.store.database.close())


class Limits(Test):
    def test_what_gets_through(self):
        known = "customer{recipient}@receiver.test"
        for what, arguments, low, high in (
            ("a thief: 1991 mails to 9955 recipients in 15 s", {"mails": 1991, "recipients": 5, "seconds": 15}, 200, 255),
            ("a patient thief: 50 mails an hour to new people, for two days", {"mails": 2400, "seconds": 2 * DAY}, 1400, 1500),
            ("a faster one: 200 an hour for a day", {"mails": 4800, "seconds": DAY}, 900, 1000),
            ("a slow one: 20 an hour for a day", {"mails": 480, "seconds": DAY}, 480, 480),
            ("a busy application: 90 mails a minute for ten minutes", {"mails": 900, "seconds": 600, "to": known}, 900, 900),
            ("a burst of 100", {"mails": 100}, 100, 100),
            ("a newsletter to 150 people", {"mails": 1, "recipients": 150}, 150, 150),
        ):
            with self.subTest(what):
                taken = self.host.send(what, **arguments)
                self.assertGreaterEqual(taken, low)
                self.assertLessEqual(taken, high)

    def test_a_burst_of_the_whole_limit_passes_and_then_one_after_the_other(self):
        self.assertEqual(self.host.send("alice", 101), 100)
        self.host.now += MINUTE / 100 + 0.01
        self.assertEqual(self.host.send("alice", 2), 1)
        self.host.now += MINUTE
        self.assertEqual(self.host.send("alice", 101), 100)

    def test_one_login_does_not_count_for_another(self):
        self.host.send("alice", 200)
        self.assertEqual(self.host.send("bob", 10), 10)

    def test_people_that_were_written_to_before_are_not_new(self):
        for _ in range(30):
            self.assertEqual(self.host.send("alice", 100, seconds=HOUR, to="u{mail}@receiver.test"), 100)
            self.host.restart()

    def test_a_restart_forgets_nothing(self):
        self.host.send("alice", 150, to="u{mail}@receiver.test")
        self.host.restart()
        self.assertEqual(self.host.send("alice", 5), 0)
        self.assertFalse(self.host.store.is_new("alice", "U1@receiver.test"))
        self.assertTrue(self.host.store.is_new("bob", "u1@receiver.test"))

    def test_a_clock_that_is_put_back_gives_nothing(self):
        self.host.send("alice", 150)
        self.host.now -= DAY
        self.assertEqual(self.host.send("alice", 5), 0)

    def test_a_patient_thief_is_told_of_within_a_day(self):
        """50 mails an hour to new people."""
        while not self.host.alerts.told:
            self.host.send("thief", 50, seconds=HOUR, to=f"{{mail}}-{self.host.now}@receiver.test")
        self.assertLess(self.host.now, 1_800_000_000.0 + DAY)
        self.assertEqual(
            self.host.alerts.told, ["thief has reached its limit of 500 recipients that it never wrote to before a day"]
        )

    def test_what_cannot_be_refused_counts_and_the_next_mail_waits(self):
        for recipient in range(300):
            self.host.watch.counted("[127.0.0.1]", f"u{recipient}@receiver.test", begins=recipient == 0)
        self.assertIn("200 recipients a minute", self.host.watch.full("[127.0.0.1]"))
        self.assertIsNone(self.host.watch.full("bob"))
        self.host.now += MINUTE
        self.assertIsNone(self.host.watch.full("[127.0.0.1]"))
        self.assertEqual(self.host.send("[127.0.0.1]", 1, recipients=200), 200 - 100)

    def test_new_recipients_of_the_host_keep_no_mail_to_known_ones(self):
        for mail in range(600):
            self.host.now += 10 * MINUTE
            self.host.watch.counted("[127.0.0.1]", f"u{mail}@receiver.test", begins=True)
        self.assertIsNone(self.host.watch.full("[127.0.0.1]"))

    def test_the_limit_is_told_once_a_day(self):
        for _ in range(3):
            self.host.send("alice", 150)
            self.host.now += HOUR
        self.assertEqual(self.host.alerts.told, ["alice has reached its limit of 100 mails a minute"])
        self.host.now += DAY + MINUTE
        self.host.send("alice", 150)
        self.assertEqual(len(self.host.alerts.told), 2)

    def test_a_damaged_database_keeps_nobody_from_sending(self):
        self.host.send("alice", 150)
        self.host.store.write()
        self.host.store.database.close()
        with open(self.host.path, "r+b") as file:
            file.write(b"not a database at all" * 1000)
        self.host.start()
        self.assertEqual(self.host.send("alice", 1), 1)


class Stopping(Test):
    def test_a_login_whose_mail_is_mostly_bad(self):
        for what, good, bad, stopped in (
            ("nothing else", 0, {"refused": 20}, True),
            ("nothing else, but little of it", 0, {"refused": 19}, False),
            ("half of it spam", 30, {"spam": 30}, True),
            ("less than half", 60, {"bounced": 25}, False),
            ("some of everything", 30, {"bounced": 8, "spam": 8, "refused": 8}, True),
        ):
            with self.subTest(what):
                self.host.send(what, good)
                for kind, count in bad.items():
                    for _ in range(count):
                        self.host.watch.went_wrong(what, kind)
                self.assertEqual(self.host.watch.refusal(what) is not None, stopped)

    def stop(self, name="alice"):
        for _ in range(25):
            self.host.watch.went_wrong(name, "bounced")
        self.assertIn("is stopped: of 0 recipients", self.host.watch.refusal(name))

    def test_is_told_once_and_outlives_a_restart(self):
        self.stop()
        self.host.restart()
        self.stop()
        self.assertEqual(self.host.alerts.told, ["the login alice was stopped"])

    def test_ends_when_it_is_released(self):
        self.stop()
        self.assertTrue(self.host.watch.release("alice"))
        self.assertIsNone(self.host.watch.refusal("alice"))
        self.assertFalse(self.host.watch.release("alice"))
        self.assertFalse(self.host.watch.release("nobody"))

    def test_ends_with_a_new_password_of_the_stack(self):
        self.host.restart({"alice": 1})
        self.stop()
        self.host.restart({"alice": 1})
        self.assertIsNotNone(self.host.watch.refusal("alice"))
        self.host.restart({"alice": 2})
        self.assertIsNone(self.host.watch.refusal("alice"))

    def test_never_happens_to_a_known_network(self):
        name = client_name("203.0.113.7")
        for _ in range(100):
            self.host.watch.went_wrong(name, "bounced")
        self.assertIsNone(self.host.watch.refusal(name))

    def test_clients_are_counted_by_what_one_customer_has(self):
        names = {
            address: client_name(address)
            for address in ("203.0.113.7", "::1", "2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:1::1")
        }
        self.assertEqual(
            list(names.values()), ["[203.0.113.7]", "[::1]", "[2001:db8::/64]", "[2001:db8::/64]", "[2001:db8:0:1::/64]"]
        )


class KnownClientsOnPort25(Test):
    def setUp(self):
        super().setUp()
        policy = self.host.watch.policy
        policy.origin = "mail.example.test"
        policy.senders_of_client = lambda address: {"198.51.100.7": frozenset(["example.test"])}.get(address, frozenset(["*"]))
        self.server = known_clients.KnownClients(
            os.path.join(os.path.dirname(self.host.path), "policy.sock"), policy, self.host.watch
        )
        self.addCleanup(self.server.server_close)

    def asked(self, address, sender, instance="1", recipient="x@receiver.test", state="RCPT"):
        return self.server.answer(
            {"protocol_state": state, "client_address": address, "sender": sender, "recipient": recipient, "instance": instance}
        )

    def test_write_as_whom_they_may(self):
        for address, sender, answer in (
            ("198.51.100.7", "x@example.test", "DUNNO"),
            ("198.51.100.7", "", "DUNNO"),
            ("198.51.100.7", "x@sub.example.test", "550 5.7.1 [198.51.100.7] may not send as <x@sub.example.test>"),
            (
                "198.51.100.7",
                "x%bank.test@example.test",
                "550 5.7.1 the sender address can be read in more than one way ([198.51.100.7])",
            ),
            (
                "198.51.100.7",
                "x@example.test\udcff",
                "550 5.7.1 the sender address can be read in more than one way ([198.51.100.7])",
            ),
            ("198.51.100.8", "ceo@bank.test", "DUNNO"),
            ("2001:db8::7", "ceo@bank.test", "DUNNO"),
        ):
            with self.subTest(sender=sender, address=address):
                self.assertEqual(self.asked(address, sender), answer)

    def test_have_limits_by_mail_and_recipient(self):
        mails = [self.asked("198.51.100.8", "a@b.test", instance=str(mail)) for mail in range(101)]
        self.assertEqual(mails[:100], ["DUNNO"] * 100)
        self.assertRegex(mails[100], r"^450 4\.7\.1 \[198\.51\.100\.8\] may send 100 mails a minute: try again in 1 s$")
        recipients = [self.asked("198.51.100.9", "a@b.test", recipient=f"u{n}@c.test") for n in range(201)]
        self.assertEqual(recipients[:200], ["DUNNO"] * 200)
        self.assertRegex(recipients[200], "^450 .*200 recipients a minute")

    def test_questions_are_read_within_bounds(self):
        for text, wanted in (
            (b"a=1\nb=x=y\n\n", {"a": "1", "b": "x=y"}),
            (b"a=1\n", None),
            (b"\n", None),
            (b"a=" + b"x" * 10_000 + b"\n\n", None),
            (b"a=1\n" * 200 + b"\n", None),
        ):
            with self.subTest(text=text[:20]):
                self.assertEqual(known_clients.question(io.BytesIO(text)), wanted)


class FirstHop(unittest.TestCase):
    HOST = "mail.example.test"
    AMAVIS = "from mail.example.test ([127.0.0.1])\n by localhost (mail.example.test [127.0.0.1]) (amavis, port 10024)\n with ESMTP"

    def of(self, client="unknown [198.51.100.7]", helo="app.test", how="ESMTP", tls="", to="\n\tfor <x@receiver.test>", host=HOST):
        return f"from {helo} ({client})\n\t{tls}by {host} (Postfix) with {how}{to}; Wed, 2 Dec 2026 10:00:00 +0000 (UTC)"

    def test_is_the_client_of_port_25_and_of_no_other(self):
        tls = "(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\n\t(No client certificate requested)\n\t"
        own = self.of()
        for fields, client in (
            ([own], "198.51.100.7"),
            ([self.of(to="")], "198.51.100.7"),
            ([self.of(how="ESMTPS", tls=tls)], "198.51.100.7"),
            ([self.of(how="UTF8SMTP")], "198.51.100.7"),
            ([self.of(how="SMTP", client="app.test [198.51.100.7]")], "198.51.100.7"),
            ([self.of(client="unknown [IPv6:2001:db8::7]")], "2001:db8::7"),
            ([self.of(client="localhost [127.0.0.1]")], "127.0.0.1"),
            ([self.AMAVIS, own], "198.51.100.7"),
            # What was looked at when it was submitted.
            ([self.of(how="ESMTPSA")], None),
            ([self.of(how="ESMTPSA id 4abc")], None),
            ([self.of(how="ESMTP id 4abc")], None),
            (["by mail.example.test (Postfix, from userid 1000)\n\tid 4abc; Wed, 2 Dec 2026 10:00:00 +0000 (UTC)"], None),
            # What came below was written by the client.
            ([self.of(how="ESMTPSA"), own], None),
            ([], None),
            (["", "x", "from"], None),
            ([self.of(host="other.test")], None),
            # What a client can say of itself within the field of this host.
            ([self.of(helo="[127.0.0.1]")], "198.51.100.7"),
            ([self.of(helo="a\u00a0b")], "198.51.100.7"),
            ([self.of(helo="\u3000")], "198.51.100.7"),
            ([self.of(helo="a\u0085b\u2028")], "198.51.100.7"),
            ([self.of(to='\n\tfor <" by mail.example.test (Postfix) with ESMTPSA id 4"@receiver.test>')], "198.51.100.7"),
            ([self.of(tls='(Client CN "by mail.example.test (Postfix) with ESMTPSA id 4", Issuer "x")\n\t')], "198.51.100.7"),
            ([self.of(client="unknown [999.1.1.1]")], None),
        ):
            with self.subTest(fields=fields):
                self.assertEqual(first_hop.client_on_port_25(fields, self.HOST), client)


class FromFields(unittest.TestCase):
    def test_of_any_length_cost_no_time(self):
        for field in ('"a" <x@example.test>, ' * 4000, "x" * 100_000, '"' * 100_000, "(" * 100_000, "a," * 50_000, "\\" * 100_000):
            with self.subTest(field[:30]):
                begin = time.process_time()
                problem = senders.header_problem(frozenset(["example.test"]), [field], "mail.example.test")
                self.assertEqual(problem, "the From field is longer than 10000 characters")
                senders.addresses_in(field, "mail.example.test")
                self.assertLess(time.process_time() - begin, 1)


class Journal(Test):
    """Lines as amavis 2.13 and Postfix 3.10 write them."""

    def heard(self, *lines):
        for program, message in lines:
            journal.heard_of_mail(self.host.watch, program, message)

    def bad(self):
        return self.host.store.accounts["alice"].bad if "alice" in self.host.store.accounts else {}

    def test_what_becomes_of_a_mail_counts_for_its_login(self):
        passed = (
            "amavis",
            "(00123-01) Passed CLEAN {RelayedOutbound}, [203.0.113.9]:4711 <x@example.test> -> <u@receiver.test>, Queue-ID: 4AAA, Message-ID: <1@x>, mail_id: a-B, Hits: -1, size: 400, queued_as: 4BBB, 210 ms",
        )
        blocked = (
            "amavis",
            "(00123-02) Blocked SPAM {DiscardedOutbound,Quarantined}, [203.0.113.9]:4711 <x@example.test> -> <u@receiver.test>,<v@receiver.test>, quarantine: spam-x.gz, Queue-ID: 4AAA, Message-ID: <1@x>, mail_id: x, Hits: 1000, size: 500, 90 ms",
        )
        bounced = (
            "postfix/smtp",
            "4BBB: to=<u@receiver.test>, relay=mx.receiver.test[198.51.100.9]:25, delay=1, delays=0/0/0/1, dsn=5.1.1, status=bounced (host mx.receiver.test said: 550 no such user)",
        )
        deferred = (
            "postfix/smtp",
            "4BBB: to=<u@receiver.test>, relay=none, delay=1, delays=0/0/0/1, dsn=4.4.1, status=deferred (timed out)",
        )
        forged = (
            "amavis",
            '(00123-03) Blocked SPAM {Discarded}, <"a>, Queue-ID: 4AAA, "@x> -> <u@receiver.test>, Queue-ID: 4CCC, Message-ID: <1@x>',
        )
        for what, lines, bad in (
            ("spam, counted by recipients", [blocked], {"spam": 2}),
            ("a bounce after the filter", [passed, bounced], {"bounced": 1}),
            ("a bounce of a mail of others", [bounced], {}),
            ("one that waits", [passed, deferred], {}),
            ("a line that somebody else wrote", [passed, ("bin/deliver", bounced[1])], {}),
            ("a queue id in a recipient", [forged], {}),
        ):
            with self.subTest(what):
                self.host.store.accounts.clear()
                self.host.watch.on_their_way.clear()
                self.host.watch.queued("4AAA", "alice")
                self.heard(*lines)
                self.assertEqual(self.bad(), bad)


class Guessing(unittest.TestCase):
    def setUp(self):
        self.now = 1_800_000_000.0
        self.guard = Guard(lambda: ["203.0.113.0/28", "2001:db8:5::/48"])

    def guess(self, addresses, login="alice", seconds=0.0):
        """How many wrong passwords are answered: nobody listens to who is shut out."""
        answered = 0
        for address in addresses:
            self.now += seconds / len(addresses)
            if self.guard.bans.get(client_of(address), (0, 0))[0] > self.now:
                continue
            answered += 1
            self.guard.failed(address, login, self.now)
        return answered

    def test_what_gets_through(self):
        own = [f"2001:db8:1:2::{number:x}" for number in range(1, 1000)]
        for what, addresses, seconds, most in (
            ("1727 tries in 21 s from one address", ["198.51.100.7"] * 1727, 21, 11),
            ("one a minute for two days from one address", ["198.51.100.8"] * 2880, 2 * DAY, 40),
            ("from every address of one /64", own, 60, 11),
            ("ten a minute from 100 addresses in turn", [f"198.{n}.0.9" for n in range(100)] * 100, 60000, 600),
            ("from one network, address by address", [f"198.18.0.{n}" for n in range(1, 251) for _ in range(20)], 600, 800),
            ("a person who mistypes", ["198.51.100.9"] * 3, 20, 3),
        ):
            with self.subTest(what):
                self.assertLessEqual(self.guess(addresses, what, seconds), most)

    def test_one_address_is_shut_out_whatever_logins_it_tries(self):
        answered = sum(self.guess(["198.51.100.7"], f"login{number}", 1) for number in range(200))
        self.assertLessEqual(answered, 11)

    def test_the_owner_of_a_login_and_others_in_the_network_are_heard_meanwhile(self):
        self.guard.succeeded("198.51.100.50", self.now)
        self.guess([f"198.51.100.{n}" for n in range(1, 49)] * 40, seconds=300)
        self.guess([f"10.{n // 256}.{n % 256}.1" for n in range(2000)], seconds=300)
        self.assertEqual(self.guess(["198.51.100.50"] * 9), 9)
        self.assertEqual(self.guess(["192.88.99.7"]), 1)

    def test_who_comes_back_is_shut_out_for_longer_up_to_a_week(self):
        lengths = []
        for _ in range(7):
            for _ in range(10):
                length = self.guard.failed("198.51.100.7", "alice", self.now)
                if length:
                    lengths.append(length)
                    self.now += length + 1
                    break
        self.assertEqual(lengths, [HOUR, 4 * HOUR, 16 * HOUR, 64 * HOUR, 7 * DAY, 7 * DAY, 7 * DAY])

    def test_addresses_that_the_stack_names_and_the_host_itself_are_heard_always(self):
        for address in ("203.0.113.7", "2001:db8:5:9::1", "127.0.0.1", "::1"):
            with self.subTest(address):
                self.assertEqual(self.guess([address] * 100), 100)

    def test_a_ban_outlives_a_restart_and_can_be_lifted(self):
        self.guess(["198.51.100.7"] * 20 + ["2001:db8:1::7"] * 20)
        self.guard = Guard(list, json.loads(json.dumps(self.guard.record())))
        self.assertEqual(set(self.guard.lasting(self.now)), {"198.51.100.7", "2001:db8:1::"})
        self.assertTrue(self.guard.lift("2001:db8:1::ffff"))
        self.assertFalse(self.guard.lift("198.51.100.8"))
        self.assertEqual(self.guess(["2001:db8:1::7"] * 9), 9)

    def test_what_postfix_says_of_a_wrong_password(self):
        for program, message, heard in (
            (
                "postfix/submission/smtpd",
                "warning: laptop.example[198.51.100.7]: SASL PLAIN authentication failed: authentication failure, sasl_username=alice@mailserver",
                ("198.51.100.7", "alice@mailserver"),
            ),
            (
                "postfix/submissions/smtpd",
                "warning: unknown[2001:db8::7]: SASL LOGIN authentication failed: authentication failure, sasl_username=x[203.0.113.5]: SASL, sasl_username=y",
                ("2001:db8::7", "x[203.0.113.5]: SASL, sasl_username=y"),
            ),
            (
                "postfix/smtpd",
                "warning: unknown[198.51.100.7]: SASL PLAIN authentication failed: authentication failure, sasl_username=alice",
                None,
            ),
            (
                "bin/deliver",
                "warning: unknown[198.51.100.7]: SASL PLAIN authentication failed: authentication failure, sasl_username=alice",
                None,
            ),
            (
                "postfix/submission/smtpd",
                "warning: unknown[198.51.100.7]: SASL PLAIN authentication failed: generic failure, sasl_username=alice",
                None,
            ),
            ("postfix/submission/smtpd", "warning: SASL authentication failure: Password verification failed", None),
        ):
            with self.subTest(message):
                self.assertEqual(gatekeeper.failure(program, message), heard)


if __name__ == "__main__":
    unittest.main()
