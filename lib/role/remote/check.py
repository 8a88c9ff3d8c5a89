#!/usr/bin/python3
"""Is this mail server well? One check, or all of them, as plugins of Nagios and its kin: one line, and the exit code
0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. Nothing of it needs root but --record.
"""

import argparse
import json
import os
import select
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor

# Root runs it, and leaves no compiled modules behind.
sys.dont_write_bytecode = True
os.environ.setdefault("RES_OPTIONS", "timeout:3 attempts:2")

from checks import blocklists, filtering, freshness, logins, mta, names, pace, relay, report, services, signing  # noqa: E402
from checks.outcome import NAMES, OK, UNKNOWN, Outcome, age, reason  # noqa: E402

CONFIGURATION = os.path.join(os.path.dirname(os.path.abspath(__file__)), "checks.json")
# (name, what it looks at, check, the part of the role that not every host has)
CHECKS = (
    ("processes", "filters, policy services and scanner answer in their own protocols", services.processes, None),
    ("ports", "25, 587 and 465: banner, STARTTLS, AUTH only where it belongs", services.ports, None),
    ("certificate", "it is for the HELO name and does not end soon", services.certificate, None),
    ("spam", "GTUBE is refused by the filter", filtering.spam, None),
    ("virus", "EICAR is refused by the filter", filtering.virus, "antivirus"),
    ("unscanned", "a damaged archive, which cannot be scanned, is refused by the filter", filtering.unscanned, "antivirus"),
    ("maps", "tables and configuration in effect are made of what the files say", mta.maps, None),
    ("queue", "its length, and the age of the oldest mail", mta.queue, None),
    ("logins", "none was stopped or met a limit", logins.logins, None),
    ("relay", "smart hosts can be reached, and take login and senders of this host", relay.relays, "relay"),
    ("pace", "the slow start of a new address keeps to its schedule", pace.pace, "warmUp"),
    ("signing", "mail leaves signed, with keys that the world sees (DKIM)", signing.signing, "dkim"),
    ("signatures", "age of the virus signatures", freshness.signatures, "antivirus"),
    ("rules", "age of SpamAssassin's rules, and their daily update", freshness.rules, None),
    ("blocklists", "each lists what it must and nothing that it must not", blocklists.blocklists, None),
    ("fcrdns", "each address has the HELO name as its PTR, and the name has the address", names.fcrdns, None),
    ("reputation", "no address of this host is on a blocklist", blocklists.reputation, None),
)
# What to say where that part is missing.
MISSING = {
    "antivirus": "there is no virus scanner on this host",
    "relay": "mail of this host leaves by no smart host",
    "dkim": "mail of this host is not signed",
    "warmUp": "mail of this host leaves without a slow start",
}
# What they ask talks to root and to its own clients only; whoever else runs them has it done by a service of root's.
FOR_ROOT = ("processes", "spam", "virus", "unscanned", "logins", "relay", "signing")
LONGEST_ANSWER = 256 * 1024
# The samples go one after the other: together they would take two filters away from mail.
IN_TURN = ("spam", "virus", "unscanned")


def configured(path):
    """With the HELO name that the host has now."""
    with open(path, encoding="utf-8") as file:
        config = json.load(file)
    try:
        with open(config.get("heloNameFile", ""), encoding="utf-8") as file:
            config["heloName"] = file.read(300).split()[0]
    except (OSError, ValueError, IndexError):
        pass
    config["filter"]["recipient"] = f"{config['filter']['recipient']}@{config['heloName']}"
    return config


def is_there(part, config):
    return part is None or bool(config.get(part))


def examine(name, check, config):
    start = time.monotonic()
    try:
        outcome = asked(name, config) if name in FOR_ROOT and os.geteuid() != 0 else check(config)
    except Exception as error:  # A plugin has to say UNKNOWN, whatever happens.
        outcome = Outcome(UNKNOWN, f"the check itself failed: {type(error).__name__}: {reason(error)}")
    return outcome, time.monotonic() - start


def asked(name, config):
    with socket.socket(socket.AF_UNIX) as service:
        service.settimeout(config["runSeconds"])
        try:
            service.connect(config["socket"])
            service.sendall(f"{name}\n".encode())
            with service.makefile("rb") as file:
                answer = file.read(LONGEST_ANSWER)
        except OSError as error:
            return Outcome(UNKNOWN, f"mailserver-check.socket does not answer, and only root can ask without it: {reason(error)}")
    if not answer:
        return Outcome(UNKNOWN, "mailserver-check.socket hung up: too many checks at once, or the check took too long; try again")
    return report.from_json(answer.decode("utf-8", "replace")).outcomes[name]


def answer(config):
    """For the service: standard input is the user's connection, whose one line names a check."""
    if not select.select([sys.stdin.buffer], [], [], 5)[0]:
        return UNKNOWN
    name = os.read(0, 64).decode("ascii", "replace").strip()
    check = next((check for known, _, check, part in CHECKS if known == name and is_there(part, config)), None)
    if name not in FOR_ROOT or check is None:
        return UNKNOWN
    outcome, seconds = examine(name, check, config)
    print(json.dumps(report.to_json(report.Report(time.time(), {name: outcome}, {name: seconds}))))
    return OK


def examine_all(config):
    wanted = {name: check for name, _, check, part in CHECKS if is_there(part, config)}
    with ThreadPoolExecutor(max_workers=len(wanted)) as pool:
        side_by_side = {name: pool.submit(examine, name, check, config) for name, check in wanted.items() if name not in IN_TURN}
        found = {name: examine(name, wanted[name], config) for name in IN_TURN if name in wanted}
        found.update({name: future.result() for name, future in side_by_side.items()})
    outcomes = {name: found[name][0] for name in wanted}
    return report.Report(time.time(), outcomes, {name: found[name][1] for name in wanted})


def recorded(config):
    """The last run of the timer; None when there is none yet."""
    try:
        with open(status_file(config), encoding="utf-8") as file:
            return report.from_json(file.read())
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def status_file(config):
    return os.path.join(config["stateDirectory"], "status.json")


def last(config, name):
    """What the timer found, as long as that is not too old to be believed."""
    found = recorded(config)
    if found is None:
        return Outcome(UNKNOWN, "the checks were not run by their timer yet")
    since = time.time() - found.time
    if since > config["staleSeconds"]:
        return Outcome(UNKNOWN, f"the checks last ran {age(since)} ago; is mailserver-checks.timer running?")
    if name == "all":
        return found.summary()
    return found.outcomes.get(name, Outcome(UNKNOWN, "the last run has no such check"))


def record(config, found):
    """For the timer: files for others to read, and a line in the journal for what changed."""
    before = recorded(config)
    report.switch_off(config["blocklists"]["offDirectory"], found.outcomes["blocklists"])
    report.write(status_file(config), json.dumps(report.to_json(found), indent=1) + "\n")
    problems = 0
    for folder in dict.fromkeys((config["stateDirectory"], config["textfileDirectory"])):
        name = "metrics.prom" if folder == config["stateDirectory"] else "mailserver.prom"
        try:
            report.write(os.path.join(folder, name), report.to_prometheus(found))
        except OSError as error:
            problems += 1
            print(f"<3>{folder}/{name} cannot be written: {reason(error)}")
    for line in report.changes(before, found):
        print(line)
    return 1 if problems else 0


def parse(arguments):
    width = max(len(name) for name, *_ in CHECKS)
    listing = "\n".join(f"  {name:{width}}  {about}{f' ({part})' if part else ''}" for name, about, _, part in CHECKS)
    parser = argparse.ArgumentParser(
        prog="check",
        description=__doc__,
        epilog=f"checks:\n{listing}\n  {'all':{width}}  the worst of them",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("check", choices=[*(name for name, *_ in CHECKS), "all"], metavar="CHECK", help="see below")
    parser.add_argument("--config", default=CONFIGURATION, metavar="FILE", help=f"default: {CONFIGURATION}")
    parser.add_argument("--last", action="store_true", help="what the timer found last, without asking anything again")
    parser.add_argument("--json", action="store_true", help="all: print JSON instead of a line")
    parser.add_argument("--prometheus", metavar="FILE", help="all: write Prometheus' text format to FILE")
    parser.add_argument("--record", action="store_true", help="all: for the timer, needs root")
    options = parser.parse_args(arguments)
    if options.check != "all" and (options.json or options.prometheus or options.record):
        parser.error(f"--json, --prometheus and --record belong to 'all', not to '{options.check}'")
    if options.last and (options.json or options.prometheus or options.record):
        parser.error("--last goes with none of --json, --prometheus and --record")
    return options


def run(options):
    config = configured(options.config)
    if options.last:
        return say(options.check, last(config, options.check))
    if options.check != "all":
        check = next(check for name, _, check, _ in CHECKS if name == options.check)
        part = next(part for name, *_, part in CHECKS if name == options.check)
        if not is_there(part, config):
            return say(options.check, Outcome(UNKNOWN, MISSING[part]))
        return say(options.check, examine(options.check, check, config)[0])
    found = examine_all(config)
    if options.prometheus:
        report.write(options.prometheus, report.to_prometheus(found))
    if options.record:
        return record(config, found)
    if options.json:
        print(json.dumps(report.to_json(found), indent=1))
        return found.state
    return say("all", found.summary())


def say(name, outcome):
    print(outcome.line(name))
    return outcome.state


def main():
    if sys.argv[1:] == ["--answer"]:
        sys.exit(answer(configured(CONFIGURATION)))
    try:
        options = parse(sys.argv[1:])
    except SystemExit as end:
        # A usage error is not a CRITICAL of the host.
        sys.exit(0 if end.code in (0, None) else UNKNOWN)
    try:
        sys.exit(run(options))
    except (OSError, ValueError, KeyError) as error:
        print(f"{options.check.upper()} {NAMES[UNKNOWN]} - {type(error).__name__}: {reason(error)}")
        sys.exit(UNKNOWN)


main()
