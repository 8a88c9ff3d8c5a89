"""Lines of maps that are good in any case, separated from the others by grep(1): in a large map nearly all of them are, and each
line that has to be looked at here takes a hundred times as long."""

import errno
import os
import re
import subprocess

LABEL = "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
NAME = rf"({LABEL}\.)+[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?"
LOCAL = r"[A-Za-z0-9_][A-Za-z0-9_+=-]*(\.[A-Za-z0-9_+=-]+)*"
ADDRESS = f"{LOCAL}@{NAME}"
ACTION = r"(OK|REJECT|DUNNO|DISCARD|HOLD|[45][0-9][0-9])([[:blank:]][ -~]*)?"
BLANK = "[[:blank:]]+"
# Labels and names that are too long.
LONG = "[A-Za-z0-9-]{64}|.{200}"
# So many others are no exception any more.
MOST_OTHERS = 20_000


def virtual(_):
    return f"({ADDRESS}|@{NAME}){BLANK}({ADDRESS}|[A-Za-z0-9_]+)"


def canonical(_):
    return f"({ADDRESS}|@{NAME}){BLANK}{ADDRESS}"


def access_mail(_):
    return f"({ADDRESS}|{LOCAL}@|{NAME}){BLANK}{ACTION}"


def access_name(_):
    return f"{NAME}{BLANK}{ACTION}"


def transport(context):
    services = "|".join(re.escape(name) for name in sorted(context.services) if re.fullmatch(r"[A-Za-z0-9_-]+", name))
    return rf"({ADDRESS}|{NAME}){BLANK}({services}):" if services else "$^"


def others(path, pattern):
    """Number and text of each line that is neither of the pattern nor a comment; None when there are too many of them, or one
    continues the line before it."""
    found = {}
    for arguments in (["-vx", rf"(#.*|({pattern})?[[:blank:]]*)"], [LONG]):
        for line in grep(path, "-n", *arguments):
            number, _, text = line.partition(b":")
            if text[:1] in (b" ", b"\t") or len(found) >= MOST_OTHERS:
                return None
            if not text.startswith(b"#"):
                found[int(number)] = text
    return dict(sorted(found.items()))


def copy(path, pattern, target, only_plain):
    """The plain lines of the file; `only_plain`: others are left out, else there are none."""
    with open(target, "wb") as out:
        if not only_plain:
            with open(path, "rb") as file:
                while part := file.read(1024 * 1024):
                    out.write(part)
            out.write(b"\n")
            return
        for line in grep(path, "-x", rf"({pattern})[[:blank:]]*"):
            if len(line) < 200 and not re.search(rb"[A-Za-z0-9-]{64}", line):
                out.write(line + b"\n")


def grep(path, *arguments):
    """Lines that grep prints, one after the other."""
    *options, pattern = arguments
    command = ["grep", "-a", "-E", *options, "-e", pattern, "--", path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "LC_ALL": "C"}) as process:
        try:
            for line in process.stdout:
                yield line.rstrip(b"\n")
        except GeneratorExit:
            process.kill()
            raise
    if process.returncode not in (0, 1):
        # No line printed, and yet not looked at.
        raise OSError(errno.EIO, "grep failed", path)
