"""What Postfix and the filter say about mail, as they say it: which mail became which, what was spam, what bounced. Only lines that these
programs themselves wrote: the journal knows the unit and the user of whoever wrote one."""

import json
import logging
import pwd
import re
import subprocess
import time

FILTERED = re.compile(r"\b(Passed|Blocked) ([A-Z-]+)")
QUEUE_ID = re.compile(r", Queue-ID: (\w+)")
QUEUED_AS = re.compile(r", queued_as: (\w+)")
RECIPIENTS = re.compile(r"-> (<[^ ]*>)")
BOUNCED = re.compile(r"(\w+): to=<.*>, relay=.*, dsn=5\.[0-9.]+, status=bounced \(")
IS_BAD = {"SPAM", "SPAMMY", "INFECTED", "UNCHECKED"}


def command():
    postfix = pwd.getpwnam("postfix").pw_uid
    matches = ["_SYSTEMD_UNIT=postfix.service", f"_UID={postfix}", "+", "_SYSTEMD_UNIT=amavis.service"]
    return [
        "journalctl",
        "--follow",
        "--lines=0",
        "--quiet",
        "--output=json",
        "--output-fields=MESSAGE,SYSLOG_IDENTIFIER",
        *matches,
    ]


def follow_for_ever(heard):
    """Calls `heard` with program and message of each line."""
    while True:
        with subprocess.Popen(command(), stdout=subprocess.PIPE, stdin=subprocess.DEVNULL) as process:
            for line in process.stdout:
                try:
                    entry = json.loads(line)
                    heard(str(entry.get("SYSLOG_IDENTIFIER")), str(entry.get("MESSAGE")))
                except ValueError:
                    continue
        logging.warning("journalctl has ended: it is started again")
        time.sleep(1)


def heard_of_mail(watch, program, message):
    if program == "amavis":
        filtered(watch, message)
    elif program.startswith("postfix/") and "status=bounced" in message:
        found = BOUNCED.match(message)
        if found:
            watch.bad_mail(found.group(1), "bounced")


def filtered(watch, message):
    verdict = FILTERED.search(message)
    ids = QUEUE_ID.findall(message)
    # A second one was written by whoever sent the mail.
    if verdict is None or len(ids) != 1:
        return
    if verdict.group(1) == "Blocked" and verdict.group(2) in IS_BAD:
        recipients = RECIPIENTS.search(message)
        watch.bad_mail(ids[0], "spam", recipients.group(1).count(">,<") + 1 if recipients else 1)
        return
    new = QUEUED_AS.findall(message)
    if len(new) == 1:
        watch.moved(ids[0], new[0])
