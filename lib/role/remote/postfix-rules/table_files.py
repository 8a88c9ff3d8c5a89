"""Files in /etc/postfix/tables: judged by the parameters that name them, and compiled; see own_tables.py for what is allowed."""

import os
import re
import stat

import compiling
import own_tables
import plain_file
from parameters import settings


def origin_of(path, line):
    """Fragment and line of a line of main.cf."""
    with open(f"{path}.origin", encoding="utf-8") as file:
        origin, _, number = file.read().split("\n")[line - 1].rpartition(":")
    return origin, number


class TableFiles:
    """Those that the candidate names: judged by what they are used for, and compiled."""

    def __init__(self, arguments, context, problems, reader):
        self.arguments = arguments
        self.context = context
        self.problems = problems
        self.reader = reader
        self.numbers = {}
        with open(arguments.main, encoding="utf-8", errors="surrogateescape") as file:
            parameters = settings(file.read())
        self.uses = list(own_tables.uses(parameters, os.path.abspath(arguments.out), context.restriction_classes))

    def judge(self):
        for line, parameter, type_, name in self.uses:
            problem = own_tables.use_problem(parameter, type_, name, self.context.restriction_classes)
            if problem is None and not self.reader.source(self.path(name), self.arguments.candidate).exists():
                problem = f"'{parameter}' names {self.path(name)}, which is not there"
            if problem:
                self.problems.add(*origin_of(self.arguments.main, line), problem)
        if self.problems.count == 0:
            os.makedirs(os.path.join(self.arguments.out, "tables"), exist_ok=True)
            for name in {name: True for *_, name in self.uses}:
                self.write(name)

    def write(self, name):
        path = self.path(name)
        kinds = {
            own_tables.kind_of(parameter, self.context.restriction_classes) for _, parameter, _, used in self.uses if used == name
        }
        type_ = name.partition(".")[2] or "cdb"
        source = self.reader.source(path, self.arguments.candidate)
        try:
            lines = list(
                self.reader.verbatim(source, self.context, self.problems) if type_ in own_tables.PATTERNS else self.pairs(source)
            )
            if "passwords" in kinds and os.stat(source.real).st_mode & 0o007:
                self.problems.add(path, 0, "has passwords, and everybody on the host can read it: chmod 640")
        except OSError as error:
            self.problems.add(path, 0, plain_file.unreadable(error))
            return
        for number, line in enumerate(lines, 1):
            key, _, value = line.strip().partition(" ")
            if type_ in own_tables.PATTERNS:
                key = line.strip()
            for kind in sorted(kinds) if key and key[0] != "#" else []:
                problem = own_tables.entry_problem(kind, type_, key, value, self.context)
                if problem:
                    self.problems.add(path, self.numbers.get(number, number) if type_ == "cdb" else number, problem)
        target = os.path.join(self.arguments.out, "tables", name)
        # Postfix opens what smtp(8) logs in with before it gives up the rights of root.
        os.umask(0o077 if "passwords" in kinds else 0o022)
        with open(target, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.writelines(f"{line}\n" for line in lines)
        os.umask(0o022)

    def pairs(self, source):
        self.numbers = {}
        for count, (number, key, value) in enumerate(self.reader.pairs(source, self.problems), 1):
            self.numbers[count] = number
            yield f"{key} {value}"

    def compile(self):
        tools = compiling.Compiler(self.arguments.tools, self.arguments.compile, self.arguments.before)
        for name in {name: True for *_, name in self.uses}:
            target = os.path.join(self.arguments.out, "tables", name)
            type_ = name.partition(".")[2]
            key = "127.0.0.1" if type_ == "cidr" else "postmaster@localhost"
            os.umask(stat.S_IMODE(os.stat(target).st_mode) ^ 0o777)
            said = (
                tools.run("postmap", "-q", key, f"{type_}:{target}")
                if type_
                else tools.run("postmap", f"{self.arguments.compile}:{target}")
            )
            os.umask(0o022)
            for line in said.splitlines()[: compiling.MOST_TOLD]:
                found = re.search(r",? line (\d+): (.*)", line)
                self.problems.add(
                    self.path(name),
                    found.group(1) if found and type_ else 0,
                    found.group(2) if found else line.replace(target, self.path(name)),
                )

    @staticmethod
    def path(name):
        return f"{own_tables.FOLDER}/{name}"
