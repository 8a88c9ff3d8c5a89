"""main.cf of a candidate: put together from the settings of all fragments, one line each, and read back as Postfix understands it."""

import collections
import os
import re
import subprocess

Setting = collections.namedtuple("Setting", "path number name value trusted")

HEADER = "# Put together by postfix-gate from the fragments in /etc/postfix/main.d, which is where changes belong."
ANSWER_SECONDS = 30
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"}


class Rejected(Exception):
    """Postfix does not take the candidate; the lines say why."""


def place(setting):
    return f"{setting.path}:{setting.number}"


def effective(settings):
    """The settings that count, by name: of two of one parameter the later one (R12)."""
    return {each.name: each for each in settings}


def doubles(settings):
    """Each setting that overrides another, and the other."""
    seen = {}
    for each in settings:
        if each.name in seen:
            yield each, seen[each.name]
        seen[each.name] = each


def write(folder, settings):
    """main.cf, and next to it main.cf.origin with the place of each of its lines."""
    lines, origins = [HEADER], ["main.cf:1"]
    for each in settings:
        lines += [f"# {place(each)}", f"{each.name} = {each.value}".rstrip(" ")]
        origins += [place(each)] * 2
    for name, text in (("main.cf", lines), ("main.cf.origin", origins)):
        path = os.path.join(folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write("".join(f"{line}\n" for line in text))
    # postconf waits until a main.cf is two seconds old, for fear of a half-written one; this one is whole.
    past = os.stat(path).st_mtime - 10
    for name in ("main.cf", "master.cf"):
        os.utime(os.path.join(folder, name), (past, past))


class Postfix:
    """What postconf(1) says of the configuration in a folder."""

    def __init__(self, program, folder):
        self.program = program
        self.folder = folder

    def read(self):
        asked = [self.ask(), self.ask("-x"), self.ask("-P")]
        (raw, self.complaints), (expanded, _), (overrides, master) = self.answers(asked)
        if master.strip():
            raise Rejected(f"master.cf: {self.short(master.strip())}")
        self.raw = parameters(raw)
        self.expanded = parameters(expanded)
        # Service, as `name/type`, to parameter to value.
        self.overrides = collections.defaultdict(dict)
        for key, value in parameters(overrides).items():
            service, _, name = key.rpartition("/")
            self.overrides[service][name] = value

    def ask(self, *options):
        return subprocess.Popen(
            [self.program, "-c", self.folder, *options],
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="surrogateescape",
        )

    def answers(self, asked):
        try:
            return [self.answer(each) for each in asked]
        finally:
            for each in asked:
                if each.poll() is None:
                    each.kill()
                    each.communicate()

    def expands(self, name):
        """Whether Postfix can make something of the value of a parameter."""
        try:
            self.answer(self.ask("-x", name))
            return True
        except Rejected:
            return False

    def answer(self, asked):
        try:
            out, said = asked.communicate(timeout=ANSWER_SECONDS)
        except subprocess.TimeoutExpired:
            asked.kill()
            raise Rejected(f"postconf did not answer within {ANSWER_SECONDS} s") from None
        if asked.returncode != 0:
            raise Rejected(self.short(said.strip() or f"postconf ended with {asked.returncode}"))
        return out, said

    def short(self, text):
        return re.sub(r"\S*postconf: |" + re.escape(f"{self.folder}/"), "", text)

    def unused(self):
        """Names that no part of Postfix asks for, and other words of warning."""
        names, warnings = set(), []
        for line in self.complaints.split("\n"):
            match = re.search(r"unused parameter: ([^=]*)=", line)
            if match:
                names.add(match.group(1))
            elif line:
                warnings.append(self.short(line).removeprefix("warning: "))
        return names, warnings

    def in_context(self, overrides, names):
        """Expanded values of parameters where a service has its own for others."""
        options = [part for name, value in overrides.items() for part in ("-o", f"{name}={value}")]
        return parameters(self.answer(self.ask("-x", *options, *names))[0])

    def known(self, names):
        """Those that are parameters of Postfix itself."""
        return set(parameters(self.answer(self.ask("-d", *names))[0])) if names else set()


def parameters(text):
    found = {}
    for line in text.split("\n"):
        name, equals, value = line.partition("=")
        if equals:
            found[name.strip()] = value.strip()
    return found
