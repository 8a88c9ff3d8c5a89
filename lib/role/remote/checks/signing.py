"""Whether mail leaves signed (DKIM): the signer, its keys, and what the world sees of them, as the program that switches keys says."""

import json
import subprocess
import time

from checks.outcome import CRITICAL, OK, UNKNOWN, WARNING, Metric, Outcome, age, reason

SECONDS = 45
LARGEST = 16 * 1024 * 1024
MOST_NAMED = 3
# Resolvers remember for a quarter of an hour, as a rule, that a new record was missing; the switch looks every minute.
PATIENCE_SECONDS = 2 * 3600
# A zone that is written anew is without the record for a moment.
GONE_SECONDS = 600
# The next key is published by an apply of the stack, for which there is time enough before this.
NOTICE_SECONDS = 14 * 86400
# The timer runs every minute.
LATEST_RUN_SECONDS = 1800


def signing(config):
    try:
        result = subprocess.run([config["dkim"]["program"], "state"], capture_output=True, timeout=SECONDS, check=False)
        if result.returncode != 0:
            raise ValueError(result.stderr[-300:].decode("utf-8", "replace").strip() or f"exit {result.returncode}")
        return judge_signing(json.loads(result.stdout[:LARGEST]), time.time())
    except (OSError, ValueError, KeyError, subprocess.SubprocessError) as error:
        return Outcome(UNKNOWN, f"could not ask which mail is signed: {reason(error)}; apply the stack again")


def judge_signing(state, now):
    domains = state["domains"]
    signed = sum(1 for domain in domains.values() if domain["signs"])
    metrics = (Metric("names_signed", signed), Metric("names_unsigned", len(domains) - signed))
    if state["trial"]:
        return Outcome(CRITICAL, f"the signer does not sign a test mail as it must ({state['trial']}): mail waits", metrics)
    if now - state["switched"] > LATEST_RUN_SECONDS:
        since = f"for {age(now - state['switched'])}" if state["switched"] else "yet"
        return Outcome(WARNING, f"nobody has looked at the keys {since}; see systemctl status mailserver-dkim", metrics)
    active = state["active"]
    found = {name: problem_of(name, domain, active, now) for name, domain in sorted(domains.items())}
    young = [name for name, problem in found.items() if problem and is_young(domains[name], now)]
    wrong = [problem for name, problem in found.items() if problem and name not in young]
    if wrong:
        more = f"; and {len(wrong) - MOST_NAMED} more" if len(wrong) > MOST_NAMED else ""
        return Outcome(WARNING, "; ".join(wrong[:MOST_NAMED]) + more, metrics)
    missing = missing_next(state, now)
    if missing:
        days = max(0, round((state["due"] - now) / 86400))
        when = f"in {days} days" if days else "now"
        text = f"{state['next']} is to sign {when}, and its key is not public at {missing[0]} yet: apply the stack"
        return Outcome(WARNING, text, metrics)
    said = f"{signed} of {len(domains)} names sign with {active}"
    if young:
        said += f"; {len(young)} wait until the world sees their records, which takes an hour at most"
    return Outcome(OK, said, metrics)


def is_young(domain, now):
    """Whether its records have not been looked for long enough to wonder."""
    return all(now - record["asked"] < PATIENCE_SECONDS for record in domain["records"].values())


def problem_of(name, domain, active, now):
    """What is wrong with the key that signs, or should; None: nothing."""
    records = domain["records"]
    if not domain["signs"]:
        text = records.get(active, {}).get("text") or f"the record of {active} is not believed yet"
        return f"mail of {name} leaves unsigned: {text}"
    record = records.get(active, {})
    if record.get("gone") and now - record["gone"] >= GONE_SECONDS:
        return f"{record['text']}, for {age(now - record['gone'])}"
    if not record.get("usable"):
        return f"{name}: {record.get('text') or f'the record of {active} is missing'}; {domain['signs']} signs meanwhile"
    return None


def missing_next(state, now):
    """Names at which the next key, which is to sign soon, is not public."""
    if not state["due"] or state["due"] - now > NOTICE_SECONDS or state["retired"]:
        return []
    following = state["next"]
    return [name for name, domain in sorted(state["domains"].items()) if not domain["records"].get(following, {}).get("usable")]
