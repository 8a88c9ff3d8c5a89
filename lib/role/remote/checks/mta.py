"""Postfix' own state: maps and configuration that are not in effect (R45), and its queue."""
import glob
import json
import os
import subprocess
import time
from collections import Counter

from checks import plain_file
from checks.outcome import CRITICAL, OK, UNKNOWN, WARNING, Metric, Outcome, age, limited, reason, together

SECONDS = 30
LARGEST_LIST = 1024 * 1024
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
    paths = [path for pattern in patterns for path in glob.glob(pattern)]
    found = sorted(((modified(path), path) for path in paths if modified(path) > than), reverse=True)
    return [f"{path} ({age(time.time() - moment)} ago)" for moment, path in found]


def named(paths):
    return f": {', '.join(paths[:3])}{' and more' if len(paths) > 3 else ''}" if paths else ""


def queue(config):
    try:
        result = subprocess.run(["postqueue", "-j"], capture_output=True, text=True, timeout=SECONDS, check=False, errors="replace")
    except (OSError, subprocess.SubprocessError) as error:
        return Outcome(UNKNOWN, f"postqueue: {reason(error)}")
    if result.returncode != 0:
        return Outcome(UNKNOWN, f"the queue cannot be read: {result.stderr.strip() or result.returncode}")
    try:
        mails = [json.loads(line) for line in result.stdout.splitlines() if line.strip()]
    except ValueError:
        return Outcome(UNKNOWN, "postqueue -j did not print JSON")
    return judge_queue(mails, config["queue"], time.time())


def judge_queue(mails, limits, now):
    counts = Counter(mail["queue_name"] for mail in mails)
    # What somebody put on hold waits for somebody, not for a remote host.
    moving = [mail for mail in mails if mail["queue_name"] != "hold"]
    oldest = max((now - mail["arrival_time"] for mail in moving), default=0)
    length, deferred = len(moving), counts["deferred"]
    old_warning, old_critical = (limits[key] * HOUR for key in ("ageWarningHours", "ageCriticalHours"))
    states = [
        Outcome(limited(length, limits["warning"], limits["critical"]), f"{length} mails wait"),
        Outcome(limited(oldest, old_warning, old_critical), f"the oldest mail waits for {age(oldest)}"),
    ]
    metrics = tuple(Metric("messages", counts[name], label=("queue", name)) for name in QUEUES)
    summary = f"{length} mails wait, {deferred} of them deferred, {counts['hold']} on hold" + (f", the oldest for {age(oldest)}" if moving else "")
    found = together(states, summary)
    why = common_reason(moving)
    return Outcome(
        found.state,
        f"{found.message} ({deferred} deferred{f'; most often: {why}' if why else ''})" if found.state != OK else summary,
        (Metric("length", length, "", limits["warning"], limits["critical"]), Metric("oldest", oldest, "s", old_warning, old_critical), *metrics),
    )


def common_reason(mails):
    reasons = Counter(
        recipient["delay_reason"] for mail in mails for recipient in mail.get("recipients", []) if recipient.get("delay_reason")
    )
    return reasons.most_common(1)[0][0][:120] if reasons else ""
