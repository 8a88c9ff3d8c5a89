#!/usr/bin/python3
"""postfix-lookups FOLDER

Looks something up in every table that the configuration in FOLDER (main.cf, main.cf.origin, master.cf) names, for whatever service. A
daemon opens its tables with the first mail, and puts off all mail when one is missing or cannot be read; here that is reported before the
change, with the place of the parameter. Exit 1 when there is such a table.

Each question is asked as the user of the mail system. Postfix opens a table of its own as root, so one that only root can read is asked
as root: where nobody else can write the file or a folder on its way.
"""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time

# Root runs it, and leaves no compiled modules behind.
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "postfix-rules"))

import lookups  # noqa: E402
from harmless import one_line  # noqa: E402
from parameters import settings  # noqa: E402

MAIL_USER = "postfix"
ANSWER_SECONDS = 20
# Service users write tables into values, as many as they like, and the gate's lock is held meanwhile.
ALL_SECONDS = 60
AT_ONCE = 8
MOST_TABLES = 500
MOST_SAID = 4096
KEY = "postmaster@localhost"
AN_ADDRESS = "127.0.0.1"
# Passwords come after the change is found to be good; until then mail for these smart hosts waits.
MADE_LATER = "/var/lib/mailserver/relay/"
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"}


def parameters(folder, *options):
    """Name and expanded value of all that the configuration says; of a service, its name comes first."""
    result = subprocess.run(
        ["postconf", "-c", folder, *options], env=ENVIRONMENT, capture_output=True, text=True, errors="surrogateescape", check=False
    )
    if result.returncode != 0:
        raise SystemExit(f"postfix-gate: {one_line(result.stderr.strip(), 600)}")
    for line in result.stdout.split("\n"):
        name, equals, value = line.partition(" =")
        if equals:
            yield name.strip(), value.strip()


class Places:
    """Where a parameter is set."""

    def __init__(self, folder):
        with open(f"{folder}/main.cf", encoding="utf-8", errors="surrogateescape") as file:
            lines = {name: line for line, name, _ in settings(file.read())}
        with open(f"{folder}/main.cf.origin", encoding="utf-8") as file:
            origins = file.read().split("\n")
        self.origin = {name: origins[line - 1] for name, line in lines.items()}

    def of(self, name):
        service, _, bare = name.rpartition("/")
        return f"/etc/postfix/master.d: {service}" if service else self.origin.get(bare, "main.cf:0")


def question(table, tools):
    type_, _, _ = table.removeprefix("proxy:").partition(":")
    return ["postmap", "-c", tools, "-q", AN_ADDRESS if type_ == "cidr" else KEY, table.removeprefix("proxy:")]


def asked(tables, tools, user, deadline):
    """What postmap says of each table; nothing of those that can be used."""
    waiting = list(tables)
    while waiting:
        yield from asked_at_once(waiting[:AT_ONCE], tools, user, deadline)
        waiting = waiting[AT_ONCE:]


def asked_at_once(tables, tools, user, deadline):
    running = {
        table: subprocess.Popen(
            question(table, tools),
            user=user,
            group=user,
            extra_groups=[],
            cwd="/",
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for table in tables
    }
    for table, process in running.items():
        try:
            left = max(0.01, min(ANSWER_SECONDS, deadline - time.monotonic()))
            said = process.communicate(timeout=left)[1].decode("utf-8", "replace")
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            said = f"no answer within {ANSWER_SECONDS} s, or {ALL_SECONDS} s for all tables"
        yield table, said[:MOST_SAID].strip()


def only_roots(path):
    """Whether root alone can write a file, and all folders on the way to it."""
    path = os.path.realpath(path)
    while True:
        status = os.lstat(path)
        if status.st_uid != 0 or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            return False
        if path == "/":
            return True
        path = os.path.dirname(path)


def lookup_problems(tables, folder):
    """What is wrong with each of the tables that cannot be used."""
    tools = tempfile.mkdtemp(prefix="tools.", dir=folder)
    deadline = time.monotonic() + ALL_SECONDS
    try:
        os.chmod(tools, 0o755)
        path = os.path.join(tools, "main.cf")
        with open(path, "w", encoding="ascii") as file:
            file.write("compatibility_level = 3.10\n")
        os.utime(path, (os.stat(path).st_mtime - 10,) * 2)
        found = {table: said for table, said in asked(tables, tools, MAIL_USER, deadline) if said}
        again = [
            table
            for table, said in found.items()
            if "Permission denied" in said and not table.startswith("proxy:") and is_of_root(table)
        ]
        for table in again:
            del found[table]
        found.update((table, said) for table, said in asked(again, tools, "root", deadline) if said)
    finally:
        shutil.rmtree(tools)
    return found


def is_of_root(table):
    type_, _, path = table.partition(":")
    try:
        return only_roots(path + lookups.INDEXED.get(type_, ""))
    except OSError:
        return False


def main():
    folder = os.path.abspath(sys.argv[1])
    values = [*parameters(folder, "-nx"), *parameters(folder, "-Px")]
    named = [(name, table) for name, value in values for table in lookups.tables(name.rpartition("/")[2], value)]
    missing = [
        (name, path) for name, value in values for path in lookups.files(name.rpartition("/")[2], value) if not os.path.exists(path)
    ]
    own, servers, others = {}, {}, []
    for _, table in named:
        type_, _, path = table.removeprefix("proxy:").partition(":")
        if path.startswith(f"{folder}/maps/"):
            # Compiled a moment ago.
            if not os.path.exists(path + lookups.INDEXED.get(type_, "")):
                own[table] = "there is no such map in /etc/mail"
        elif path.startswith(MADE_LATER) and not os.path.exists(path + lookups.INDEXED.get(type_, "")):
            continue
        elif type_ in lookups.OF_SERVERS:
            if not os.path.exists(path):
                servers[table] = f"{path} is not there"
        else:
            others.append(table)
    others = list(dict.fromkeys(others))
    places = Places(folder)
    if len(others) > MOST_TABLES:
        name = next(name for name, table in named if table == others[MOST_TABLES])
        text = f"{places.of(name)}: {bare(name)}: with it, the parameters name {len(others)} tables, the limit is {MOST_TABLES}"
        print(f"postfix-gate: {text}: write the entries into tables in /etc/postfix/tables", file=sys.stderr)
        return 1
    found = {**own, **servers, **lookup_problems(others, folder)}
    problems = [
        f"{places.of(name)}: {bare(name)}: '{table}' cannot be used: {lookups.problem_of(table, found[table])}"
        for name, table in named
        if table in found and "is older than source file" not in found[table]
    ]
    problems += [f"{places.of(name)}: {bare(name)}: there is no file {path}" for name, path in missing]
    for text in dict.fromkeys(problems):
        print(f"postfix-gate: {one_line(text.replace(f'{folder}/maps/', '/etc/mail/'), 600)}", file=sys.stderr)
    return 1 if problems else 0


def bare(name):
    return name.rpartition("/")[2]


if __name__ == "__main__":
    sys.exit(main())
