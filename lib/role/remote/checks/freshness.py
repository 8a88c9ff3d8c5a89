"""Age of what comes from outside every day: virus signatures and rules against spam."""

import glob
import os
import re
import subprocess
import time
from datetime import datetime

from checks import plain_file
from checks.outcome import CRITICAL, OK, WARNING, Metric, Outcome, age, limited

HOUR = 3600
DAY = 24 * HOUR
# A mirror may hand out the same old file again and again; ClamAV makes a new one nearly every day.
BUILD_DAYS = 7
LARGEST_DATABASE = 4 * 1024**3


def signatures(config):
    limits = config["signatures"]
    if not limits["official"]:
        return Outcome(OK, "test signature only, none are fetched")
    folder = limits["database"]
    found = {name: latest(glob.glob(f"{folder}/{name}.c[vl]d")) for name in ("main", "daily")}
    missing = [name for name, path in found.items() if path is None]
    now = time.time()
    if missing:
        waiting = now - os.stat(limits["since"]).st_mtime
        state = CRITICAL if waiting >= limits["graceHours"] * HOUR else WARNING
        return Outcome(
            state,
            f"no virus signatures ({' and '.join(missing)}) in {folder} after {age(waiting)}; mail is put off until freshclam has them",
        )
    daily = found["daily"]
    old = now - os.stat(daily).st_mtime
    warning, critical = limits["warningHours"] * HOUR, limits["criticalHours"] * HOUR
    metrics = (Metric("age", old, "s", warning, critical),)
    state = limited(old, warning, critical)
    if state != OK:
        return Outcome(state, f"virus signatures are {age(old)} old, freshclam gets no new ones", metrics)
    built = built_at(daily)
    if built is not None and now - built > BUILD_DAYS * DAY:
        return Outcome(
            WARNING, f"virus signatures were fetched {age(old)} ago and made {age(now - built)} ago: the mirror is behind", metrics
        )
    return Outcome(OK, f"virus signatures are {age(old)} old", metrics)


def latest(paths):
    return max(paths, key=lambda path: os.stat(path).st_mtime, default=None)


def built_at(path):
    """When ClamAV made a database, by its header `ClamAV-VDB:14 Sep 2021 09-12 -0400:333:...`; None: it does not say."""
    with plain_file.opened(path, LARGEST_DATABASE) as (file, _):
        header = file.read(512).decode("latin1")
    match = re.match(r"ClamAV-VDB:(\d+ \w+ \d+ \d\d-\d\d [+-]\d{4}):", header)
    return datetime.strptime(match[1], "%d %b %Y %H-%M %z").timestamp() if match else None


def rules(config):
    limits = config["rules"]
    updated = latest(glob.glob(f"{limits['updates']}/*/*.cf"))
    now = time.time()
    problem = not_updating(limits, now)
    if problem:
        return Outcome(WARNING, problem)
    if updated is None:
        installed = now - os.stat(limits["installed"]).st_mtime
        if installed >= limits["runHours"] * HOUR:
            return Outcome(
                WARNING,
                f"SpamAssassin has the rules of its package only, {age(installed)} after it was installed: sa-update gets none",
            )
        return Outcome(OK, "rules of the package, the first daily update is still to come")
    old = now - os.stat(updated).st_mtime
    warning, critical = limits["warningDays"] * DAY, limits["criticalDays"] * DAY
    state = limited(old, warning, critical)
    return Outcome(state, f"rules of SpamAssassin are {age(old)} old", (Metric("age", old, "s", warning, critical),))


def not_updating(limits, now):
    """Rules are not new every day, so their age alone says nothing of the update; its own traces do."""
    try:
        ran = now - os.stat(limits["stamp"]).st_mtime
    except FileNotFoundError:
        return "the daily update of SpamAssassin's rules is not switched on"
    if ran >= limits["runHours"] * HOUR:
        return f"the daily update of SpamAssassin's rules last ran {age(ran)} ago"
    try:
        shown = ["systemctl", "show", "-P", "Result", limits["unit"]]
        result = subprocess.run(shown, capture_output=True, text=True, timeout=10, check=False).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return None
    return None if result in ("success", "") else f"the last update of SpamAssassin's rules failed: {result}"
