"""Postfix' own state: maps and configuration that are not in effect (R45), and its queue."""

import glob
import itertools
import json
import os
import signal
import subprocess
import threading
import time
from collections import Counter

from checks import plain_file
from checks.outcome import CRITICAL, OK, UNKNOWN, WARNING, Metric, Outcome, age, limited, reason, together

SECONDS = 30
LARGEST_LIST = 1024 * 1024
MOST_MAILS = 100_000
LONGEST_LINE = 16 * 1024 * 1024
LONGEST_REASON = 120
MOST_REASONS = 1000
MOST_FILES = 1000
HOUR = 3600
QUEUES = ("maildrop", "incoming", "active", "deferred", "hold")


def maps(config):
    """By content, not by date: the gate knows what the live tables were made of."""
    places = config["maps"]
    try:
        result = subprocess.run([places["gate"], "status"], capture_output=True, text=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.SubprocessError) as error:
        return Outcome(UNKNOWN, f"{places['gate']} status: {reason(error)}")
    said = (result.stdout.strip() or result.stderr.strip() or f"exit {result.returncode}").splitlines()[-1]
    if result.returncode != 0:
        waiting = "not reloaded" in said
        changed = newer(places["sources"], modified(f"{places['current']}/fingerprint")) if waiting else []
        return Outcome(WARNING if waiting else CRITICAL, said + named(changed), (Metric("stale", 1),))
    if said.startswith("warning: "):
        return Outcome(WARNING, said.removeprefix("warning: "), (Metric("stale", 1),))
    # What was compiled by hand, behind the gate's back, is read only by daemons that start later.
    compiled = newer([f"{places['current']}/maps/*", f"{places['current']}/*.cf"], modified(places["loaded"]))
    if compiled:
        return Outcome(WARNING, "tables are newer than the daemons that read them" + named(compiled), (Metric("stale", 1),))
    edited = [source for source, read in places["lists"].items() if content(source) != content(read)]
    if edited:
        return Outcome(WARNING, "lists for postgrey were changed, and it was not restarted" + named(edited), (Metric("stale", 1),))
    return Outcome(OK, "maps and configuration in effect are made of what the files say", (Metric("stale", 0),))


def content(path):
    """As who reads it understands it; of a list that is not there, or none, as of an empty one. Service users write it."""
    try:
        return plain_file.text(plain_file.read(path, LARGEST_LIST)[0])
    except OSError:
        return ""


def modified(path):
    try:
        return os.stat(path).st_mtime
    except OSError:
        return 0.0


def newer(patterns, than):
    """Files changed after a moment, the latest first, each with its age."""
    paths = [path for pattern in patterns for path in itertools.islice(glob.iglob(pattern), MOST_FILES)]
    found = sorted(((modified(path), path) for path in paths if modified(path) > than), reverse=True)
    return [f"{path} ({age(time.time() - moment)} ago)" for moment, path in found]


def named(paths):
    return f": {', '.join(paths[:3])}{' and more' if len(paths) > 3 else ''}" if paths else ""


class Unread(Exception):
    """The queue cannot be read; the message says why."""


def queue(config):
    try:
        return judge_queue(mails(["postqueue", "-j"]), config["queue"], time.time())
    except Unread as error:
        return Outcome(UNKNOWN, f"the queue cannot be read: {error}")


def mails(command):
    """Each mail that the command tells of, an object of JSON a line; of very many only the first. A queue may be as long as the disk
    has room for, and strangers decide what is in it."""
    said = ""
    try:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except OSError as error:
        raise Unread(reason(error)) from None
    late = threading.Timer(SECONDS, process.kill)
    late.start()
    try:
        with process:
            for _ in range(MOST_MAILS):
                line = process.stdout.readline(LONGEST_LINE)
                if not line:
                    break
                if line.startswith(b"{"):
                    yield parsed(line)
                else:
                    said = said or line.decode("utf-8", "replace").strip()
            else:
                process.kill()
                return
        if process.returncode == -signal.SIGKILL:
            raise Unread(f"postqueue did not end within {SECONDS} s")
        if process.returncode != 0:
            raise Unread(said or f"postqueue ended with {process.returncode}")
    finally:
        late.cancel()
        process.kill()


def parsed(line):
    try:
        return json.loads(line)
    except ValueError:
        raise Unread("postqueue -j did not print JSON") from None


class Tally:
    """What is reported of a queue, mail by mail."""

    def __init__(self):
        self.counts = Counter()
        self.reasons = Counter()
        self.arrived = None

    def add(self, mail):
        self.counts[mail["queue_name"]] += 1
        # What somebody put on hold waits for somebody, not for a remote host.
        if mail["queue_name"] == "hold":
            return
        if self.arrived is None or mail["arrival_time"] < self.arrived:
            self.arrived = mail["arrival_time"]
        for recipient in mail.get("recipients", []):
            why = recipient.get("delay_reason", "")[:LONGEST_REASON]
            if why and (why in self.reasons or len(self.reasons) < MOST_REASONS):
                self.reasons[why] += 1


def judge_queue(mails, limits, now):
    tally = Tally()
    for mail in mails:
        tally.add(mail)
    counts = tally.counts
    more = "more than " if counts.total() >= MOST_MAILS else ""
    oldest = now - tally.arrived if tally.arrived is not None else 0
    length, deferred = counts.total() - counts["hold"], counts["deferred"]
    old_warning, old_critical = (limits[key] * HOUR for key in ("ageWarningHours", "ageCriticalHours"))
    states = [
        Outcome(limited(length, limits["warning"], limits["critical"]), f"{more}{length} mails wait"),
        Outcome(limited(oldest, old_warning, old_critical), f"the oldest mail waits for {age(oldest)}"),
    ]
    metrics = tuple(Metric("messages", counts[name], label=("queue", name)) for name in QUEUES)
    summary = f"{more}{length} mails wait, {deferred} of them deferred, {counts['hold']} on hold" + (
        f", the oldest for {age(oldest)}" if length else ""
    )
    found = together(states, summary)
    why = tally.reasons.most_common(1)[0][0] if tally.reasons else ""
    return Outcome(
        found.state,
        f"{found.message} ({deferred} deferred{f'; most often: {why}' if why else ''})" if found.state != OK else summary,
        (
            Metric("length", length, "", limits["warning"], limits["critical"]),
            Metric("oldest", oldest, "s", old_warning, old_critical),
            *metrics,
        ),
    )
