"""record.py SEED COUNT: random aliases, and whose mail a real Postfix put off or sent back, as real-postfix.json has them.

To be run as root on a Debian 13 machine with Postfix. It starts a Postfix of its own, with its own configuration, queue and port, sends
one mail to each entry, and takes all of it away again. The account `webapp` must be there.
"""

import json
import os
import random
import re
import shutil
import smtplib
import subprocess
import sys
import tempfile
import time

PORT = 2600
SECONDS = 120
MAIN = """compatibility_level = 3.10
queue_directory = {place}/queue
data_directory = {place}/data
myhostname = mail.example
mydestination = $myhostname, localhost
mynetworks = 127.0.0.0/8
inet_protocols = ipv4
parent_domain_matches_subdomains =
virtual_alias_maps = texthash:{place}/config/virtual
virtual_alias_domains = regexp:{place}/config/virtual-domains
relay_domains = regexp:{place}/config/relay-domains
alias_maps = texthash:{place}/config/aliases
alias_database =
local_recipient_maps =
transport_maps = texthash:{place}/config/transport
recipient_delimiter = +
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_reject_unlisted_recipient = no
mailbox_command = /bin/true
forward_path =
maillog_file = {place}/log
maillog_file_prefixes = {place}
"""


def case(number):
    """Aliases with names that no other case has."""
    aliased = [f"d{number}.alias.example", f"e{number}.alias.example"]
    taken, relayed = f"p{number}.pipe.example", f"r{number}.relay.example"
    name = lambda: random.choice("abc")
    known = []

    def anything():
        return random.choice(
            [
                f"{name()}@{random.choice(aliased)}",
                f"{name()}@{random.choice(aliased)}",
                f"{name()}+x@{random.choice(aliased)}",
                f"l{number}{name()}",
                f"l{number}{name()}@mail.example",
                "webapp",
                f"{name()}@{taken}",
                f"{name()}@{relayed}",
                "ok@sink.test",
            ]
        )

    def good():
        if known and random.random() < 0.5:
            return random.choice(known)
        return (
            random.choice(["webapp", f"{name()}@{taken}", f"{name()}@{relayed}", "ok@sink.test", "webapp+x"])
            if random.random() < 0.93
            else anything()
        )

    target = good if random.random() < 0.6 else anything
    targets = lambda: list(dict.fromkeys(target() for _ in range(random.choice([1, 1, 1, 2, 3]))))
    virtual, aliases = {}, {}
    for _ in range(random.randint(1, 7)):
        domain = random.choice(aliased)
        key = random.choice(
            [f"{name()}@{domain}"] * 6 + [f"@{domain}", f"{name()}+x@{domain}", f"l{number}{name()}", f"{name()}@{taken}"]
        )
        virtual[key] = targets() if random.random() < 0.8 else ["@" + random.choice([*aliased, taken])]
        known += [key] if "@" in key[1:] else []
    for _ in range(random.randint(0, 3)):
        key = f"l{number}{name()}"
        if key not in virtual:
            aliases[key] = targets()
            known.append(key)
    return {"virtual": virtual, "aliases": aliases}


def recipients(each):
    keys = [*each["virtual"], *each["aliases"]]
    return list(
        dict.fromkeys(f"no-such-user{key}" if key[0] == "@" else key if "@" in key else f"{key}@mail.example" for key in keys)
    )


def lay_out(place, cases):
    for folder in ("config", "queue", "data"):
        os.makedirs(f"{place}/{folder}")
    shutil.chown(f"{place}/data", "postfix")
    os.chmod(place, 0o755)
    entries = lambda table: "".join(f"{key} {', '.join(targets)}\n" for each in cases for key, targets in each[table].items())
    with open("/usr/share/postfix/master.cf.dist", encoding="utf-8") as file:
        services = re.sub(r"(?m)^(\S+\s+\S+\s+\S+\s+\S+\s+)[y-](?=\s)", r"\1n", file.read())
    files = {
        "main.cf": MAIN.format(place=place),
        "master.cf": re.sub(r"(?m)^smtp(\s+inet)", rf"127.0.0.1:{PORT}\1", services),
        "virtual": entries("virtual"),
        "aliases": entries("aliases"),
        "virtual-domains": "/^[a-z0-9]+\\.alias\\.example$/ OK\n",
        "relay-domains": "/\\.(pipe|relay)\\.example$/ OK\n",
        "transport": "".join(f"{domain} discard:\n" for domain in ("sender.test", "sink.test", ".pipe.example", ".relay.example")),
    }
    for name, text in files.items():
        with open(f"{place}/config/{name}", "w", encoding="utf-8") as file:
            file.write(text)


def deliver(sender, recipient):
    """Whether the mail is taken."""
    with smtplib.SMTP("127.0.0.1", PORT, timeout=60) as session:
        session.ehlo("client.test")
        session.mail(sender)
        session.rcpt(recipient)
        return session.data("Subject: trial\r\n\r\n")[0] == 250


def wait_until(condition):
    end = time.monotonic() + SECONDS
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"not within {SECONDS} s")
        time.sleep(0.1)


def answers():
    try:
        smtplib.SMTP("127.0.0.1", PORT).quit()
        return True
    except OSError:
        return False


def main():
    random.seed(int(sys.argv[1]))
    cases = [case(number) for number in range(int(sys.argv[2]))]
    place = tempfile.mkdtemp(prefix="recipients-")
    lay_out(place, cases)
    postfix = ["postfix", "-c", f"{place}/config"]
    subprocess.run([*postfix, "start"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(answers)
        sent = [(number, index, address) for number, each in enumerate(cases) for index, address in enumerate(recipients(each))]
        failed = [(number, address) for number, index, address in sent if not deliver(f"s{number}-{index}@sender.test", address)]
        busy = lambda: subprocess.run(["postqueue", "-c", f"{place}/config", "-j"], capture_output=True, check=True).stdout
        wait_until(lambda: not re.search(b'"(active|incoming|maildrop)"', busy()))
        with open(f"{place}/log", encoding="utf-8") as file:
            bounced = set(re.findall(r"to=<(s\d+-\d+)@sender\.test>.*status=sent", file.read()))
        failed += [(number, address) for number, index, address in sent if f"s{number}-{index}" in bounced]
    finally:
        subprocess.run([*postfix, "stop"], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        shutil.rmtree(place)
    results = [{**each, "failed": sorted(address for at, address in failed if at == number)} for number, each in enumerate(cases)]
    json.dump(results, sys.stdout, indent=2)
    print()


main()
