"""memory.py RULES FOLDER: judges half a million aliases in FOLDER, and prints the MiB that it took and the number of faults."""

import resource
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])

import recipient_tables  # noqa: E402

OUT = sys.argv[2]
COUNT = 500_000
TABLES = {
    "aliases": "root: admin@outside.example\n",
    "stack-aliases": "postmaster: root\n",
    "local-aliases": "",
    "canonical": "",
    "stack-virtual-domains": "alias.example OK\n",
    "relay-domains": "relayed.example OK\n",
    "main.cf": "myhostname = mail.example\nmydestination = $myhostname, localhost\nrecipient_delimiter = +\n",
}


def entries():
    """Of each kind some: to a mailbox, to another server, to an address that has to be asked for, over others, and in a circle."""
    for number in range(COUNT // 4):
        yield f"m{number}@alias.example webapp@mail.example\n"
        yield f"o{number}@alias.example box{number}@outside.example\n"
        yield f"r{number}@relayed.example box{number}@outside.example\n"
        yield f"v{number}@alias.example o{number}@alias.example\n"
    for number in range(10_000):
        yield f"w{number}@alias.example v{number}@alias.example\n"
    yield "a@alias.example b@alias.example\nb@alias.example a@alias.example\n"


class Found:
    count = 0

    def add(self, _path, number, text):
        self.count += 1
        print(number, text, file=sys.stderr)


with open(f"{OUT}/virtual-aliases", "w", encoding="ascii") as file:
    file.writelines(entries())
for name, content in TABLES.items():
    with open(f"{OUT}/{name}", "w", encoding="ascii") as file:
        file.write(content)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
found = Found()
recipient_tables.judge(OUT, f"{OUT}/main.cf", {"root", "webapp"}, lambda name: (name, f"{OUT}/{name}", True), found)
with open(f"{OUT}/verify-aliases", encoding="ascii") as file:
    asked = sum(1 for _ in file)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024 - before, found.count, asked)
