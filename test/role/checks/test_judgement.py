"""The pure parts of the checks; run by programs.test.ts with the modules in the path."""

import io
import os
import smtplib
import tempfile
import unittest
import zipfile
from collections import Counter
from unittest import mock

from checks import blocklists, filtering, freshness, mta, names, outcome, pace, relay, report, services, signing
from checks.relay_session import AWAY, PARTLY, WELL, WRONG, Found
from checks.outcome import CRITICAL, OK, UNKNOWN, WARNING, Metric, Outcome

HOUR = 3600
DAY = 24 * HOUR


class Outcomes(unittest.TestCase):
    def test_is_one_line_with_performance_data(self):
        found = Outcome(
            WARNING, "12 mails\nwait | now", (Metric("length", 12, "", 10, 100), Metric("time", 0.25, "s", label=("port", "25")))
        )
        self.assertEqual(found.line("queue"), "QUEUE WARNING - 12 mails wait / now | 'length'=12;10;100 '25 time'=0.25s")

    def test_takes_the_worst_of_several_and_names_it_first(self):
        found = outcome.together([Outcome(OK, "a"), Outcome(WARNING, "b"), Outcome(CRITICAL, "c")], "well")
        self.assertEqual((found.state, found.message), (CRITICAL, "c; b"))
        self.assertEqual(outcome.together([Outcome(OK, "a")], "well").message, "well")
        self.assertEqual(outcome.worst([WARNING, UNKNOWN]), UNKNOWN)
        self.assertEqual(outcome.worst([]), OK)

    def test_says_in_words_what_an_exception_is_about(self):
        self.assertEqual(outcome.reason(ConnectionRefusedError(111, "Connection refused")), "Connection refused")
        self.assertEqual(outcome.reason(TimeoutError()), "no answer in time")
        self.assertEqual(outcome.reason(smtplib.SMTPConnectError(421, b"too many\nconnections")), "421 too many connections")

    def test_alarms_at_the_limit_and_not_before(self):
        self.assertEqual([outcome.limited(value, 10, 20) for value in (9, 10, 19, 20)], [OK, WARNING, WARNING, CRITICAL])

    def test_says_lengths_of_time_as_people_do(self):
        self.assertEqual(
            [outcome.age(seconds) for seconds in (5, 119, 120, 2 * HOUR, 47 * HOUR, 49 * HOUR)],
            ["5 s", "119 s", "2 min", "2 h", "47 h", "2 d"],
        )


class Names(unittest.TestCase):
    HELO = "Mail.example.com"
    CASES = (
        ("198.51.100.7", ["mail.example.com"], ["198.51.100.7", "198.51.100.8"], OK, "198.51.100.7"),
        ("2001:db8::7", ["mail.example.com"], ["2001:db8::7"], OK, "2001:db8::7"),
        ("198.51.100.7", None, ["198.51.100.7"], WARNING, "198.51.100.7: no answer from DNS about its PTR"),
        ("198.51.100.7", [], ["198.51.100.7"], CRITICAL, "198.51.100.7 has no PTR, Mail.example.com is expected"),
        (
            "198.51.100.7",
            ["ec2.example.net"],
            ["198.51.100.7"],
            CRITICAL,
            "PTR of 198.51.100.7 is ec2.example.net, not Mail.example.com",
        ),
        ("198.51.100.7", ["mail.example.com"], None, WARNING, "Mail.example.com: no answer from DNS about its addresses"),
        ("198.51.100.7", ["mail.example.com"], [], CRITICAL, "Mail.example.com has no A, 198.51.100.7 is expected"),
        ("2001:db8::7", ["mail.example.com"], [], CRITICAL, "Mail.example.com has no AAAA, 2001:db8::7 is expected"),
        (
            "198.51.100.7",
            ["mail.example.com"],
            ["198.51.100.9"],
            CRITICAL,
            "A of Mail.example.com is 198.51.100.9, not 198.51.100.7",
        ),
        ("198.51.100.7", ["mail.example.com"], ["10.0.0.7"], WARNING, "Mail.example.com is 10.0.0.7 for the resolver of this host"),
        (
            "198.51.100.7",
            ["a.example.com", "mail.example.com"],
            ["198.51.100.7"],
            WARNING,
            "198.51.100.7 has 2 PTRs (a.example.com, mail.example.com)",
        ),
    )

    def test_agree_with_the_address_or_are_told(self):
        for address, ptrs, found, state, message in self.CASES:
            with self.subTest(message):
                judged = names.judge(address, self.HELO, ptrs, found)
                self.assertEqual((judged.state, judged.message[: len(message)]), (state, message))

    def test_of_inner_addresses_say_nothing(self):
        self.assertEqual(
            [names.inside(address) for address in ("10.1.2.3", "100.64.0.1", "fd00::1", "198.51.100.7", "2001:db8::1")],
            [True, True, True, False, False],
        )
        self.assertEqual(
            names.fcrdns({"addresses": ["10.1.2.3"], "heloName": self.HELO}), Outcome(OK, "no public address of this host is known")
        )


class Samples(unittest.TestCase):
    CASES = (
        ("text", 554, "5.7.0 Reject, id=1-02 - spam", OK, "is refused"),
        ("text", 554, "5.7.0 Reject, id=1-02 - INFECTED: Eicar", CRITICAL, "refused for another reason"),
        ("text", 250, "2.0.0 Ok: queued as 4F", CRITICAL, "accepted, mail is not filtered"),
        ("text", 451, "4.3.0 Error: queue file write error", CRITICAL, "put off"),
        ("text", 451, "4.5.0 Error in processing, virus_scan FAILED", CRITICAL, "put off"),
        ("recipient", 450, "4.2.0 Greylisted, please try again in 60 seconds", WARNING, "greylisted"),
        ("recipient", 550, "5.1.1 User unknown", CRITICAL, "another reason (recipient)"),
        ("recipient", 554, "5.7.1 blocked - spam source", CRITICAL, "another reason (recipient)"),
        ("greeting", 421, "too many connections", CRITICAL, "put off"),
        ("connection", 0, "Connection refused", CRITICAL, "no answer"),
    )

    def test_tells_the_right_refusal_from_everything_else(self):
        for stage, code, answer, state, words in self.CASES:
            with self.subTest(answer=answer):
                found, message = filtering.classify("GTUBE", r"- spam\b", stage, code, answer)
                self.assertEqual(found, state)
                self.assertIn(words, message)

    def test_are_whole_mails(self):
        spam = filtering.compose("check@mail.example.com", "GTUBE", f"{filtering.GTUBE}\r\n", None).decode()
        self.assertIn(f"\n{filtering.GTUBE}\n", spam)
        virus = filtering.compose("check@mail.example.com", "EICAR", "text", filtering.EICAR.encode()).decode()
        self.assertIn("WDVPIVAlQEFQWzRcUFpYNTQoUF4pN0NDKTd9JEVJQ0FSLVNUQU5EQVJELUFOVElWSVJVUy1URVNU", virus.replace("\n", ""))
        for header in ("From: ", "To: ", "Date: ", "Message-ID: "):
            self.assertIn(f"\n{header}", f"\n{virus}")

    def test_of_what_cannot_be_scanned_are_damaged(self):
        self.assertTrue(filtering.damaged().startswith(b"PK\3\4"))
        with self.assertRaises(zipfile.BadZipFile):
            zipfile.ZipFile(io.BytesIO(filtering.damaged()))


class Queue(unittest.TestCase):
    LIMITS = {"warning": 2, "critical": 4, "ageWarningHours": 1, "ageCriticalHours": 5}

    def judge(self, *mails):
        return mta.judge_queue(
            [
                {
                    "queue_name": name,
                    "arrival_time": -seconds,
                    "recipients": [{"address": "a@b", **({"delay_reason": why} if why else {})}],
                }
                for name, seconds, why in mails
            ],
            self.LIMITS,
            0,
        )

    def test_is_well_when_empty(self):
        self.assertEqual(self.judge().line("queue").partition(" | ")[0], "QUEUE OK - 0 mails wait, 0 of them deferred, 0 on hold")

    def test_is_told_by_length_age_and_most_common_reason(self):
        found = self.judge(("deferred", 2 * HOUR, "timed out"), ("deferred", 60, "timed out"), ("active", 1, None))
        self.assertEqual(found.state, WARNING)
        self.assertEqual(found.message, "3 mails wait; the oldest mail waits for 2 h (2 deferred; most often: timed out)")
        self.assertEqual(self.judge(("deferred", 6 * HOUR, None)).state, CRITICAL)

    def test_leaves_mail_on_hold_to_who_holds_it(self):
        found = self.judge(*[("hold", 9 * DAY, None)] * 9)
        self.assertEqual(found.state, OK)
        self.assertIn(Metric("messages", 9, label=("queue", "hold")), found.metrics)

    def test_is_read_mail_by_mail_and_not_for_ever(self):
        mail = '{"queue_name": "deferred", "arrival_time": 0, "recipients": [{"address": "a@b", "delay_reason": "no"}]}'
        found = mta.judge_queue(mta.mails(["yes", mail]), {**self.LIMITS, "critical": 50_000}, 60)
        self.assertEqual((found.state, found.message), (CRITICAL, "more than 100000 mails wait (100000 deferred; most often: no)"))

    def test_is_unknown_when_it_cannot_be_read(self):
        for script, why in (
            ("echo 'postqueue: fatal: no queue' >&2; exit 69", "postqueue: fatal: no queue"),
            ("exit 3", "postqueue ended with 3"),
            ("echo '{half'", "postqueue -j did not print JSON"),
        ):
            with self.assertRaisesRegex(mta.Unread, why):
                list(mta.mails(["sh", "-c", script]))
        mail = '{"queue_name": "active", "arrival_time": 0}'
        self.assertEqual(len(list(mta.mails(["sh", "-c", f"echo warning: mail system is down >&2; echo '{mail}'"]))), 1)

    def test_is_given_up_when_it_does_not_end(self):
        with mock.patch.object(mta, "SECONDS", 0.2), self.assertRaisesRegex(mta.Unread, "did not end within 0.2 s"):
            list(mta.mails(["sleep", "100"]))


class Files(unittest.TestCase):
    def test_are_written_whole_and_changed_by_no_name_that_others_could_take(self):
        with tempfile.TemporaryDirectory() as folder, mock.patch.object(os, "chmod", side_effect=AssertionError):
            path = os.path.join(folder, "mailserver.prom")
            report.write(path, "text")
            with open(path, encoding="utf-8") as file:
                self.assertEqual(file.read(), "text")
            self.assertEqual((os.listdir(folder), os.stat(path).st_mode & 0o777), (["mailserver.prom"], 0o644))


class Certificates(unittest.TestCase):
    def judge(self, days, matches=True):
        found = services.judge_certificate(
            "port 25", "mail.example.com", days * DAY, matches, {"warningDays": 21, "criticalDays": 7}
        )
        return found.state, found.message

    def test_are_told_before_they_end(self):
        self.assertEqual(self.judge(22), (OK, "certificate of mail.example.com ends in 22 d"))
        self.assertEqual(self.judge(21), (WARNING, "port 25: certificate ends in 21 d"))
        self.assertEqual(self.judge(7), (CRITICAL, "port 25: certificate ends in 7 d"))
        self.assertEqual(self.judge(-3), (CRITICAL, "port 25: certificate ended 3 d ago"))

    def test_are_for_the_name(self):
        self.assertEqual(self.judge(90, False), (WARNING, "port 25: certificate is not for mail.example.com, it ends in 90 d"))


class Blocklists(unittest.TestCase):
    SITE = {"zone": "bl.example", "replies": "^127[.]0[.]0[.]2$"}
    CASES = (
        (["127.0.0.2"], [], False, OK, "bl.example", 0),
        (["127.0.0.2"], ["127.0.0.2"], False, CRITICAL, "lists 127.0.0.1 (127.0.0.2), it answers for everything", 1),
        (["127.0.0.2"], ["127.0.0.2"], True, WARNING, "it answers for everything, it is switched off", 1),
        ([], [], False, WARNING, "does not list 127.0.0.2, it answers for nothing", 1),
        (["127.0.0.9"], [], False, WARNING, "answers 127.0.0.9 for 127.0.0.2", 1),
        (["127.255.255.254"], ["127.255.255.254"], False, WARNING, "refuses to answer this resolver", 1),
        (None, [], False, WARNING, "no answer from DNS", 0),
        (["127.0.0.2"], None, False, WARNING, "no answer from DNS", 0),
    )

    def test_are_believed_only_when_they_pass_their_test_points(self):
        for listed, unlisted, off, state, words, lies in self.CASES:
            with self.subTest(words=words):
                found = blocklists.judge(self.SITE, listed, unlisted, off)
                self.assertEqual(found.state, state)
                self.assertIn(words, found.message)
                self.assertIn(Metric("lying", lies, label=("list", "bl.example")), found.metrics)

    def test_that_lie_are_switched_off_and_on_again(self):
        with tempfile.TemporaryDirectory() as folder:

            def run(*judged, state=OK):
                metrics = [metric for zone, usable, lies in judged for metric in blocklists.usable(zone, usable, lies)]
                report.switch_off(folder, Outcome(state, "", tuple(metrics)))
                return sorted(os.listdir(folder))

            self.assertEqual(run(("a.example", 0, 1), ("b.example", 1, 0)), ["a.example"])
            self.assertEqual(
                run(("a.example", 0, 0), ("b.example", 0, 1)), ["a.example", "b.example"], "no answer is not a recovery"
            )
            self.assertEqual(run(state=UNKNOWN), ["a.example", "b.example"])
            self.assertEqual(run(("a.example", 1, 0), ("b.example", 0, 1)), ["b.example"])
            self.assertEqual(run(("a.example", 1, 0)), [], "no longer in use")


class Reputation(unittest.TestCase):
    SITES = ({"zone": "a.example"}, {"zone": "b.example"})

    def judge(self, *found):
        outcome_found = blocklists.judge_reputation(self.SITES, found, ["203.0.113.25", "2001:db8::25"])
        return outcome_found.state, outcome_found.message

    def test_names_the_lists_that_have_this_host(self):
        self.assertEqual(self.judge([], []), (OK, "203.0.113.25, 2001:db8::25: on no list"))
        self.assertEqual(
            self.judge(["203.0.113.25"], None), (CRITICAL, "203.0.113.25 is on a.example: others refuse mail of this host")
        )
        self.assertEqual(self.judge(None, None)[0], WARNING)

    def test_asks_for_addresses_backwards(self):
        self.assertEqual(blocklists.reverse("203.0.113.25"), "25.113.0.203")
        self.assertTrue(blocklists.reverse("2001:db8::25").startswith("5.2.0.0.0.0."))
        self.assertTrue(blocklists.reverse("2001:db8::25").endswith(".8.b.d.0.1.0.0.2"))


class Freshness(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.at("since", 0)

    def at(self, name, hours, text=""):
        path = os.path.join(self.folder.name, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="latin1") as file:
            file.write(text)
        moment = outcome_now() - hours * HOUR
        os.utime(path, (moment, moment))
        return path

    def signatures(self):
        return freshness.signatures(
            {
                "signatures": {
                    "official": True,
                    "database": self.folder.name,
                    "since": os.path.join(self.folder.name, "since"),
                    "graceHours": 2,
                    "warningHours": 26,
                    "criticalHours": 72,
                }
            }
        )

    def test_puts_up_with_missing_signatures_for_a_while(self):
        self.assertEqual(self.signatures().state, WARNING)
        self.at("since", 3)
        self.at("main.cvd", 0)
        found = self.signatures()
        self.assertEqual(found.state, CRITICAL)
        self.assertIn("no virus signatures (daily)", found.message)

    def test_takes_the_newer_of_two_files(self):
        self.at("main.cvd", 900)
        self.at("daily.cvd", 900)
        self.at("daily.cld", 25)
        self.assertEqual(self.signatures().state, OK)

    def test_sees_that_a_mirror_is_behind(self):
        self.at("main.cvd", 1)
        self.at("daily.cvd", 1, "ClamAV-VDB:14 Sep 2021 09-12 -0400:26293:1972:90:x:y:z:1631625138")
        self.assertIn("the mirror is behind", self.signatures().message)

    def rules(self):
        return freshness.rules(
            {
                "rules": {
                    "updates": os.path.join(self.folder.name, "updates"),
                    "stamp": os.path.join(self.folder.name, "stamp"),
                    "unit": "none.service",
                    "installed": os.path.join(self.folder.name, "installed"),
                    "runHours": 50,
                    "warningDays": 30,
                    "criticalDays": 90,
                }
            }
        )

    def test_knows_that_rules_are_not_new_every_day_but_looked_for(self):
        self.at("installed", 1)
        self.assertIn("not switched on", self.rules().message)
        self.at("stamp", 1)
        self.assertEqual(self.rules().state, OK)
        self.at("installed", 60)
        self.assertIn("rules of its package only", self.rules().message)
        self.at("updates/4.000001/updates_spamassassin_org.cf", 40 * 24)
        self.assertEqual(self.rules().message, "rules of SpamAssassin are 40 d old")
        self.at("stamp", 51)
        self.assertIn("last ran 2 d ago", self.rules().message)


class Reports(unittest.TestCase):
    REPORT = report.Report(
        1000.5,
        {
            "queue": Outcome(
                WARNING, "3 mails wait", (Metric("messages", 3, label=("queue", "deferred")), Metric("oldest", 60, "s", 3600, 7200))
            ),
            "spam": Outcome(OK, "refused"),
        },
        {"queue": 0.1, "spam": 0.25},
    )

    def test_come_back_from_json(self):
        import json

        text = json.dumps(report.to_json(self.REPORT))
        self.assertEqual(report.from_json(text), self.REPORT)

    def test_are_what_prometheus_reads(self):
        text = report.to_prometheus(self.REPORT)
        for line in (
            "# TYPE mailserver_check_state gauge",
            'mailserver_check_state{check="queue"} 1',
            'mailserver_check_state{check="spam"} 0',
            'mailserver_queue_messages{queue="deferred"} 3',
            "mailserver_queue_oldest_seconds 60",
            "mailserver_checks_run_timestamp_seconds 1000.5",
            'mailserver_check_duration_seconds{check="spam"} 0.25',
        ):
            self.assertIn(f"\n{line}\n", f"\n{text}")
        self.assertEqual(report.escaped('a"b\\c\nd'), 'a\\"b\\\\c\\nd')

    def test_tell_the_journal_what_changed(self):
        self.assertEqual(report.changes(None, self.REPORT), ["<4>QUEUE WARNING - 3 mails wait"])
        self.assertEqual(report.changes(self.REPORT, self.REPORT), [])
        well = report.Report(2000, {**self.REPORT.outcomes, "queue": Outcome(OK, "0 mails wait")}, {})
        self.assertEqual(report.changes(self.REPORT, well), ["<5>QUEUE OK - 0 mails wait"])

    def test_are_written_whole(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "metrics.prom")
            report.write(path, "a 1\n")
            report.write(path, "a 2\n")
            self.assertEqual(os.listdir(folder), ["metrics.prom"])
            self.assertEqual(os.stat(path).st_mode & 0o777, 0o644)


def outcome_now():
    import time

    return time.time()


class SmartHosts(unittest.TestCase):
    ROUTES = [
        {"name": "relay-1", "relays": [{"host": "a", "port": 587, "user": "mail"}, {"host": "b", "port": 587}]},
        {"name": "relay-2", "relays": [{"host": "c", "port": 465}]},
    ]

    def judged(self, first, second, third, refused=()):
        found = {
            name: Found(kind, f"{name} is {kind}")
            for name, kind in zip(("mail at a:587", "b:587", "c:465"), (first, second, third), strict=True)
        }
        return relay.judge_relays(self.ROUTES, found, Counter(dict(refused)))

    def test_mail_waits_where_none_of_a_route_is_of_use(self):
        for kinds, state in (
            ((WELL, WELL, WELL), OK),
            ((AWAY, WELL, WELL), WARNING),
            ((WELL, WRONG, PARTLY), WARNING),
            ((AWAY, WRONG, WELL), CRITICAL),
            ((WELL, WELL, AWAY), CRITICAL),
        ):
            self.assertEqual(self.judged(*kinds).state, state, kinds)

    def test_names_the_worst_first(self):
        self.assertEqual(self.judged(PARTLY, WELL, WRONG).message, "c:465 is wrong; mail at a:587 is partly")

    def test_says_what_was_refused_for_good(self):
        found = self.judged(WELL, WELL, WELL, {("c", "554 not verified"): 3, ("c", "550 unknown"): 1}.items())
        self.assertEqual(found.state, WARNING)
        self.assertIn(
            "c has refused 4 recipients within an hour, and senders were told; most often: 554 not verified", found.message
        )

    def test_reads_refusals_in_the_log_of_postfix(self):
        bounced = (
            "4b1: to=<x@example.net>, relay=smtp.example.org[192.0.2.1]:587, delay=1, dsn=5.7.1, status=bounced "
            "(host smtp.example.org[192.0.2.1] said: 554 5.7.1 not verified (in reply to end of DATA command))"
        )
        log = "\n".join([bounced, bounced.replace("bounced", "deferred"), "4b2: removed"])
        with mock.patch("subprocess.run", return_value=mock.Mock(stdout=log)):
            found = relay.refusals(["relay-1"])
        self.assertEqual(dict(found), {("smtp.example.org", "554 5.7.1 not verified (in reply to end of DATA command)"): 1})

    def test_says_of_a_refusal_by_ses_what_to_do_about_it(self):
        why = (
            "554 Message rejected: Email address is not verified. The following identities failed the check in region EU-CENTRAL-1"
        )
        self.assertIn("ask for production access", self.judged(WELL, WELL, WELL, {("c", why): 1}.items()).message)


class SlowStart(unittest.TestCase):
    FRAGMENT = (
        "# Written by the host (day 3 of 14 of outgoingPace.warmUp); see warm-up.json in /usr/lib/mailserver.\n"
        "smtp_destination_rate_delay = 133s\nsmtp4_destination_rate_delay = 133s\n"
    )

    def test_says_which_day_it_is_and_what_that_means(self):
        found = pace.judge_pace("", self.FRAGMENT)
        self.assertEqual((found.state, found.metrics[0].value), (OK, 133))
        self.assertEqual(found.message, "day 3 of 14: 133 s between two mails to one domain, what is too much waits")

    def test_says_that_it_is_over(self):
        over = self.FRAGMENT.replace("day 3 of 14", "the slow start is over").replace("133s", "0s")
        self.assertEqual(pace.judge_pace("", over).message, "the slow start is over: no pause between mails")

    def test_warns_where_the_host_does_not_keep_to_the_schedule(self):
        self.assertEqual(pace.judge_pace("the pace of outgoing mail is not that of the day", self.FRAGMENT).state, WARNING)
        self.assertEqual(pace.judge_pace("", "smtp_destination_rate_delay = 1s\n").state, WARNING)


class Signing(unittest.TestCase):
    NOW = 1_000_000

    def record(self, **changes):
        return {"key": "k", "asked": 0, "next": 0, "seen": 10, "usable": 900, "gone": 0, "text": "", **changes}

    def state(self, domains, **changes):
        known = {"active": "mta1", "next": "mta2", "trial": None, "switched": self.NOW - 60, "due": 0, "retired": 0}
        return {**known, "domains": domains, **changes}

    def domain(self, signs="mta1", mta1=None, mta2=None):
        return {"signs": signs, "records": {"mta1": mta1 or self.record(), "mta2": mta2 or self.record()}}

    def unseen(self, name, selector="mta1", since=0, **changes):
        text = f"{selector}._domainkey.{name} has no TXT record"
        return self.record(seen=0, usable=0, text=text, asked=since, **changes)

    def judged(self, domains, **changes):
        found = signing.judge_signing(self.state(domains, **changes), self.NOW)
        return found.state, found.message

    def test_tells_that_all_names_sign(self):
        found = signing.judge_signing(self.state({"a.test": self.domain(), "b.test": self.domain()}), self.NOW)
        self.assertEqual((found.state, found.message), (OK, "2 of 2 names sign with mta1"))
        self.assertEqual([(metric.name, metric.value) for metric in found.metrics], [("names_signed", 2), ("names_unsigned", 0)])

    def test_says_what_keeps_mail_unsigned(self):
        unsigned = self.domain(None, self.unseen("a.test"), self.unseen("a.test", "mta2"))
        self.assertEqual(
            self.judged({"a.test": unsigned, "b.test": self.domain()}),
            (WARNING, "mail of a.test leaves unsigned: mta1._domainkey.a.test has no TXT record"),
        )

    def test_is_patient_with_records_that_are_new(self):
        since = self.NOW - 1200
        young = self.domain(None, self.unseen("a.test", since=since), self.unseen("a.test", "mta2", since=since))
        said = "1 of 2 names sign with mta1; 1 wait until the world sees their records, which takes an hour at most"
        self.assertEqual(self.judged({"a.test": young, "b.test": self.domain()}), (OK, said))

    def test_warns_of_a_next_key_that_is_not_public_when_it_is_to_sign_soon(self):
        domains = {"a.test": self.domain(mta2=self.unseen("a.test", "mta2")), "b.test": self.domain()}
        day = 86400
        said = "mta2 is to sign in 9 days, and its key is not public at a.test yet: apply the stack"
        self.assertEqual(self.judged(domains, due=self.NOW + 9 * day), (WARNING, said))
        self.assertIn("to sign now", self.judged(domains, due=self.NOW - day)[1])
        # There is time; nobody knows when; the old one is still public.
        for calm in ({"due": self.NOW + 90 * day}, {}, {"due": self.NOW, "retired": self.NOW - day}):
            self.assertEqual(self.judged(domains, **calm)[0], OK)

    def test_warns_of_a_record_that_is_gone_and_not_of_a_moment_without_it(self):
        def gone(seconds):
            return {"a.test": self.domain(mta1=self.record(gone=self.NOW - seconds, text="mta1._domainkey.a.test has another key"))}

        self.assertEqual(self.judged(gone(300))[0], OK)
        self.assertEqual(self.judged(gone(7200)), (WARNING, "mta1._domainkey.a.test has another key, for 2 h"))

    def test_is_critical_where_the_signer_is_broken(self):
        found = self.judged({"a.test": self.domain()}, trial="no answer in time")
        self.assertEqual(found, (CRITICAL, "the signer does not sign a test mail as it must (no answer in time): mail waits"))

    def test_warns_where_nobody_looks(self):
        self.assertEqual(
            self.judged({"a.test": self.domain()}, switched=self.NOW - 7200),
            (WARNING, "nobody has looked at the keys for 2 h; see systemctl status mailserver-dkim"),
        )
        self.assertEqual(self.judged({}, switched=0)[0], WARNING)

    def test_names_a_few_and_counts_the_rest(self):
        unsigned = {f"d{n}.test": self.domain(None, self.unseen(f"d{n}.test")) for n in range(9)}
        state, message = self.judged(unsigned)
        self.assertEqual((state, message.count("leaves unsigned")), (WARNING, 3))
        self.assertTrue(message.endswith("; and 6 more"))


if __name__ == "__main__":
    unittest.main()
