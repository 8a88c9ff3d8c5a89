"""Run on a mail host, as root: what a reload costs, next to bare postmap and `postfix reload` of the same files. Prints JSON."""

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time

REPEAT = int(sys.argv[1])
GATE = "/usr/lib/mailserver/postfix-gate"
TRIAL = "/usr/lib/mailserver/postfix-trial"
MAP = "/etc/mail/virtual-aliases"
WORK = "/var/tmp/gate-bench"
RELOAD = ["/etc/init.d/postfix", "reload"]

# Stands before the trial and notes how long that takes.
CLOCK = f"""#!/usr/bin/python3
import subprocess, sys, time
start = time.monotonic()
code = subprocess.run(["{WORK}/postfix-trial", *sys.argv[1:]]).returncode
open("{WORK}/seconds", "w").write(str(time.monotonic() - start))
sys.exit(code)
"""


def timed(command):
    start = time.monotonic()
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise SystemExit(f"{command}: {result.stderr[-2000:]}")
    return time.monotonic() - start


def largest(command):
    """MiB of the largest process below a command, which does not leave for a unit of its own."""
    pid = os.fork()
    if pid == 0:
        subprocess.run(command, capture_output=True, check=False)
        os.write(pipe[1], str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024).encode())
        os._exit(0)
    os.waitpid(pid, 0)
    return int(os.read(pipe[0], 64))


pipe = os.pipe()


def fill(lines, mark):
    with open(MAP, "w", encoding="ascii") as file:
        file.writelines(f"user{number}@example.com mailbox{number}.{mark}@backend.example.net\n" for number in range(lines))


def bare(lines):
    """The same files by the tools alone: this map, and a reload. The quickest of it is what nothing can be quicker than."""
    copy = f"{WORK}/bare"
    shutil.copyfile(MAP, copy)
    compiling = timed(["postmap", f"cdb:{copy}"])
    return compiling, timed(["postfix", "reload"])


def case(lines):
    found = {"reload": [], "trial": [], "postmap": [], "bare reload": []}
    for turn in range(REPEAT + 1):
        fill(lines, turn)
        compiling, reloading = bare(lines)
        whole = timed(RELOAD)
        # The first is for warming up.
        if turn:
            found["reload"].append(whole)
            found["trial"].append(float(open(f"{WORK}/seconds", encoding="ascii").read()))
            found["postmap"].append(compiling)
            found["bare reload"].append(reloading)
    fill(lines, "memory")
    result = {name: statistics.median(values) for name, values in found.items()}
    return {
        **result,
        "lines": lines,
        "memory": largest([GATE, "reload"]),
        "memory of postmap": largest(["postmap", f"cdb:{WORK}/bare"]),
    }


def unchanged():
    found = [(timed(RELOAD), timed(["postfix", "reload"])) for _ in range(REPEAT + 1)][1:]
    return {"reload": statistics.median(one for one, _ in found), "bare reload": statistics.median(other for _, other in found)}


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    os.mkdir(WORK, 0o700)
    saved = open(MAP, encoding="utf-8").read()
    shutil.copy2(TRIAL, f"{WORK}/postfix-trial")
    # It finds its rules next to itself.
    os.symlink("/usr/lib/mailserver/postfix-rules", f"{WORK}/postfix-rules")
    with open(f"{WORK}/clock", "w", encoding="ascii") as file:
        file.write(CLOCK)
    os.chmod(f"{WORK}/clock", 0o755)
    subprocess.run(["mount", "--bind", f"{WORK}/clock", TRIAL], check=True)
    try:
        print(json.dumps({"unchanged": unchanged(), "maps": [case(lines) for lines in (1, 100_000, 1_000_000)]}))
    finally:
        subprocess.run(["umount", TRIAL], check=False)
        with open(MAP, "w", encoding="utf-8") as file:
            file.write(saved)
        subprocess.run(RELOAD, capture_output=True, check=False)
        shutil.rmtree(WORK, ignore_errors=True)


main()
