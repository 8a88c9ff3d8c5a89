"""The slow start of a new address: which day it is, and whether the host keeps to the schedule."""

import re
import subprocess

from checks.outcome import OK, UNKNOWN, WARNING, Metric, Outcome, reason

SECONDS = 20
STAGE = re.compile(r"^# .*\((.*) of outgoingPace\.warmUp\)")
PAUSE = re.compile(r"^\S+_destination_rate_delay = (\d+)s$", re.MULTILINE)


def pace(config):
    try:
        result = subprocess.run(
            [config["warmUp"]["program"], "check"], capture_output=True, text=True, timeout=SECONDS, check=False
        )
        with open(config["warmUp"]["fragment"], encoding="utf-8") as file:
            return judge_pace(result.stdout.strip() or result.stderr.strip(), file.read())
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        return Outcome(UNKNOWN, f"the pace of the day cannot be read: {reason(error)}; apply the stack again")


def judge_pace(missing, fragment):
    stage, pauses = STAGE.search(fragment), [int(found) for found in PAUSE.findall(fragment)]
    metrics = (Metric("pause", max(pauses, default=0), "s"),)
    if missing or stage is None:
        return Outcome(
            WARNING, f"{missing or 'the fragment of the day is not ours'}; see systemctl status mailserver-warm-up.timer", metrics
        )
    pause = f"{max(pauses)} s between two mails to one domain, what is too much waits" if any(pauses) else "no pause between mails"
    return Outcome(OK, f"{stage[1]}: {pause}", metrics)
