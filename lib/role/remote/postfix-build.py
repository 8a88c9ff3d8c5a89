#!/usr/bin/python3 -IS
"""postfix-build FOLDER --candidate TREE --current FOLDER --lying BLOCKLISTS --compile TYPE [--tolerate]

Puts main.cf and the maps of FOLDER together, where master.cf and `users` (`name:home` a line) are already, and judges them. main.cf.live
is the main.cf for the live state, main.cf the same with FOLDER in the place of that state.

Each step is one of the programs next to this one, in a process forked off from this one: to start Python and to read the rules takes
longer than most of their work. Compiled rules are kept in memory (/run), where root alone can write.
"""

import argparse
import importlib
import importlib.machinery
import os
import shutil
import sys
import time
import types

HERE = os.path.dirname(os.path.realpath(__file__))
RULES = os.path.join(HERE, "postfix-rules")
RUN = "/run/mailserver"
INSTALLED = "/usr/lib/mailserver"

sys.dont_write_bytecode = True
sys.path.insert(0, RULES)


def keep_compiled():
    """Only of the installed programs. The folder's name changes with every file that is replaced, as size and age of a file need not."""
    if HERE != INSTALLED or os.geteuid() != 0 or os.stat(RUN).st_mode & 0o077:
        return
    stats = [entry.stat() for folder in (HERE, RULES) for entry in os.scandir(folder) if entry.is_file()]
    name = f"compiled-{max(at.st_ctime_ns for at in stats):x}-{sum(at.st_ino for at in stats):x}-{len(stats)}"
    if not os.path.isdir(os.path.join(RUN, name)):
        for old in os.listdir(RUN):
            if old.startswith("compiled-"):
                shutil.rmtree(os.path.join(RUN, old), ignore_errors=True)
    sys.pycache_prefix = os.path.join(RUN, name)
    sys.dont_write_bytecode = False


def load_rules():
    for name in sorted(os.listdir(RULES)):
        module, dot, _ = name.partition(".py")
        if dot:
            importlib.import_module(module)


def step(program, *arguments):
    """Ends this program with the step that fails."""
    pid = os.fork()
    if pid == 0:
        path = os.path.join(HERE, program)
        sys.argv = [path, *arguments]
        sys.modules["__main__"] = module = types.ModuleType("__main__")
        module.__file__ = path
        exec(importlib.machinery.SourceFileLoader("__main__", path).get_code("__main__"), module.__dict__)
        sys.exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if code != 0:
        sys.exit(code if code > 0 else 1)


def seem_old(*paths):
    """Postfix waits until a main.cf is two seconds old, for fear of a half-written one; these are whole."""
    past = time.time() - 10
    for path in paths:
        os.utime(path, (past, past))


def stand_in(folder, current):
    """The candidate refers to itself, not to what is live."""
    path = f"{folder}/main.cf"
    shutil.copy2(path, f"{path}.live")
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(text.replace(f"{current}/", f"{folder}/"))
    seem_old(path, f"{path}.live")


def write_mailboxes(folder):
    """Accounts that have a mailbox; no file of anybody's. What nobody else takes, postmaster's mail too, goes to root."""
    with open(f"{folder}/users", encoding="utf-8", errors="surrogateescape") as file:
        names = {"root", *[line.partition(":")[0] for line in file if line.strip()]}
    path = f"{folder}/maps/mailboxes"
    with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.writelines(f"{name} OK\n" for name in sorted(names))
    return path


def compile_mailboxes(path, tools, kind, before):
    import compiling

    said = compiling.Compiler(tools, kind, before).compile(path)
    if said:
        sys.exit(f"postfix-gate: the list of service users cannot be compiled: {said}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    for name in ("candidate", "current", "lying", "compile"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--tolerate", action="store_true")
    options = parser.parse_args()
    folder, before = options.folder, f"{options.current}/maps"
    keep_compiled()
    load_rules()
    of_candidate = ("--candidate", options.candidate)
    step("postfix-fragments", *of_candidate, "--maps", before, "--lying", options.lying, "--assemble", folder)
    stand_in(folder, options.current)
    maps, tools = f"{folder}/maps", f"{folder}/tools"
    os.mkdir(maps)
    os.mkdir(tools)
    # The tools of Postfix read a main.cf too; this one says nothing, so what they say is about the maps.
    with open(f"{tools}/main.cf", "w", encoding="ascii") as file:
        file.write("compatibility_level = 3.10\n")
    seem_old(f"{tools}/main.cf")
    mailboxes = write_mailboxes(folder)
    step(
        "postfix-maps",
        *of_candidate,
        *("--master", f"{folder}/master.cf", "--main", f"{folder}/main.cf", "--mailboxes", mailboxes, "--out", maps),
        *("--compile", options.compile, "--tools", tools, "--before", before),
        *(["--tolerate"] if options.tolerate else []),
    )
    compile_mailboxes(mailboxes, tools, options.compile, before)
    shutil.rmtree(tools)
    step("postfix-lookups", folder)


if __name__ == "__main__":
    main()
