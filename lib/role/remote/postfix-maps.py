#!/usr/bin/python3
"""postfix-maps [--candidate TREE] --master MASTER_CF --main MAIN_CF --out FOLDER
postfix-maps --list: the paths of all of them, one a line

Reads the maps that people write, checks them line by line, and writes what postmap and postalias compile: one source for each
lookup table, and beside it NAME.origin, the path people know it by. Every mistake is told as file:line; any mistake: exit 1.
"""
import argparse
import errno
import ipaddress
import os
import re
import stat
import sys

ACTIONS = {
    "ok", "reject", "dunno", "defer", "defer_if_reject", "defer_if_permit", "bcc", "discard", "filter", "hold", "info",
    "prepend", "redirect", "warn", "permit",
}
RESTRICTIONS = re.compile(r"(permit|reject|defer|warn|check)_[a-z0-9_]+$|sleep$")
DOMAIN = re.compile(r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", re.I)


# Far above any list of a person; root takes the file into memory.
LARGEST = 64 * 1024 * 1024


class Problems:
    def __init__(self):
        self.count = 0

    def add(self, path, number, text):
        self.count += 1
        print(f"postfix-gate: {path}:{number}: {text}", file=sys.stderr)


class Unheard(Problems):
    """For a second look at a file: its mistakes were told already."""

    def add(self, path, number, text):
        self.count += 1


class Source:
    """One file of a person: its logical lines, continuation lines joined as Postfix does."""

    def __init__(self, path, candidate):
        self.path = path
        self.real = path
        if candidate and os.path.exists(candidate + path):
            self.real = candidate + path

    def exists(self):
        return os.path.lexists(self.real)

    def raw(self):
        # A pipe that somebody put there would never end.
        descriptor = os.open(self.real, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(descriptor, encoding="utf-8", errors="surrogateescape") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise OSError(errno.EINVAL, "is no regular file", self.path)
            if status.st_size > LARGEST:
                raise OSError(errno.EFBIG, f"is larger than {LARGEST // 1024 // 1024} MiB", self.path)
            return file.read()

    def logical_lines(self):
        found = []
        for number, line in enumerate(self.raw().split("\n"), 1):
            text = line.rstrip("\r")
            if not text.strip() or text.lstrip().startswith("#"):
                continue
            if text[0] in " \t" and found:
                found[-1] = (found[-1][0], found[-1][1] + " " + text.strip())
            else:
                found.append((number, text.strip()))
        return found


def pairs(source, problems, separator_needed=True):
    """Key and value of each line; keys are told when they come twice, because only the first would count."""
    seen = {}
    for number, text in source.logical_lines():
        parts = text.split(None, 1)
        key, value = parts[0], parts[1].strip() if len(parts) > 1 else ""
        if separator_needed and not value:
            problems.add(source.path, number, f"'{key}' has no second column; expected a key, white space and a value")
            continue
        folded = key.lower()
        if folded in seen:
            problems.add(source.path, number, f"'{key}' is there already in line {seen[folded]}, and only one of them can count")
            continue
        seen[folded] = number
        yield number, key, value


def access(source, context, problems):
    for number, key, value in pairs(source, problems):
        word = value.split()[0]
        name = word.lower()
        known = (
            name in ACTIONS or RESTRICTIONS.match(name) or re.match(r"[45]\d\d$", word) or value.isdigit()
            or name in context.restriction_classes
        )
        if not known:
            problems.add(
                source.path, number,
                f"'{word}' is no action of access(5); Postfix would put off every mail that matches. "
                "Use e.g. OK, REJECT text, DUNNO, DISCARD, HOLD, 550 text",
            )
        if name == "filter" or name == "redirect" or name == "prepend" or name == "bcc":
            if len(value.split()) < 2:
                problems.add(source.path, number, f"{word} needs something after it, see access(5)")
        yield f"{key} {value}"


def transport(source, context, problems):
    for number, key, value in pairs(source, problems):
        # transport(5) has no @domain: it would never match, and mail would go out by SMTP.
        if key.startswith("@"):
            key = key[1:]
        service = value.split(":", 1)[0].strip()
        if ":" not in value:
            problems.add(source.path, number, f"'{value}' has no colon; expected transport:nexthop, e.g. smtp:[10.0.0.5]:25")
        elif service and service not in context.services:
            near = ", ".join(sorted(name for name in context.services if name.startswith("user-")) or ["smtp", "relay", "smtp4"])
            problems.add(source.path, number, f"there is no transport '{service}' in master.cf; there are e.g. {near}")
        yield f"{key} {value}"


def addresses(source, context, problems):
    for _, key, value in pairs(source, problems):
        yield f"{key} {value}"


def domains(source, context, problems):
    for number, key, value in pairs(source, problems, separator_needed=False):
        name = key.lstrip(".")
        if key.startswith("@"):
            problems.add(source.path, number, f"'{key}' is no domain; leave out the @")
        elif not DOMAIN.match(name):
            problems.add(source.path, number, f"'{key}' is no domain name")
        yield f"{key} {value or 'OK'}"


def recipients_to_verify(source, context, problems):
    """Domains whose next hop knows the recipients: it is asked, so that unknown ones are refused here and not bounced later. A pipe
    takes everything, and what never leaves this host is known here."""
    for _, key, _ in pairs(source, Unheard(), separator_needed=False):
        name = key.lstrip(".")
        service = context.transport_of(name)
        if service in ("", "smtp", "smtp4", "relay", "lmtp"):
            yield f"{name} reject_unverified_recipient"


def networks(source, context, problems):
    for number, text in source.logical_lines():
        parts = text.split()
        if len(parts) > 1 and parts[1].lower() != "ok":
            problems.add(source.path, number, f"'{text}': expected one address or network a line")
            continue
        network = parse_network(source, number, parts[0], problems)
        if network is not None:
            yield f"{network} OK"


def permitted_clients(source, context, problems):
    """Addresses and networks that the operator permits: postscreen lets them pass without a test. What else there is to say of a
    client, and of clients by name, is said later; so every other entry only keeps a wider one from counting."""
    found = []
    for _, key, value in pairs(source, Unheard()):
        network = octets_network(key)
        if network is not None:
            permitted = value.split()[0].lower() in ("ok", "permit") or value.isdigit()
            found.append((network, "permit" if permitted else "dunno"))
    for network, action in sorted(found, key=lambda entry: -entry[0].prefixlen):
        yield f"{network} {action}"


def octets_network(key):
    """The network that a key of access(5) means: an address, or its first octets or groups; None: a name."""
    try:
        if re.fullmatch(r"\d+(\.\d+){0,3}", key):
            octets = key.split(".")
            return ipaddress.ip_network(f"{'.'.join(octets + ['0'] * (4 - len(octets)))}/{8 * len(octets)}")
        if re.fullmatch(r"[0-9a-f]{1,4}(:[0-9a-f]{1,4}){0,6}", key, re.I) and ":" in key:
            return ipaddress.ip_network(f"{key}::/{16 * len(key.split(':'))}")
        return ipaddress.ip_network(key) if ":" in key else None
    except ValueError:
        return None


def parse_network(source, number, word, problems):
    """A network as cidr_table(5) has it. Brackets are Postfix' way to write IPv6 in main.cf and are taken too."""
    plain = re.sub(r"^\[([^\]]*)\]", r"\1", word)
    try:
        network = ipaddress.ip_network(plain)
    except ValueError as error:
        fix = ""
        if "host bits" in str(error):
            fix = f"; did you mean {ipaddress.ip_network(plain, strict=False)}?"
        problems.add(source.path, number, f"'{word}' is no address or CIDR network: {error}{fix}")
        return None
    if network.prefixlen == 0:
        problems.add(source.path, number, f"'{word}' is the whole internet: everyone could send through this host")
        return None
    return network


def verbatim(source, context, problems):
    yield source.raw().rstrip("\n")


class Context:
    """What the rest of the candidate says: names that maps may refer to, and where mail goes."""

    def __init__(self, master, main, candidate):
        self.candidate = candidate
        self.services = set()
        with open(master, encoding="utf-8") as file:
            for line in file:
                if line[:1] not in ("", "#", " ", "\t", "\n"):
                    fields = line.split()
                    if len(fields) > 1 and fields[1] == "unix":
                        self.services.add(fields[0])
        self.restriction_classes = set()
        with open(main, encoding="utf-8", errors="surrogateescape") as file:
            for line in re.sub(r"\n[ \t]+", " ", file.read()).split("\n"):
                match = re.match(r"smtpd_restriction_classes\s*=(.*)", line)
                if match:
                    self.restriction_classes = {name.lower() for name in re.split(r"[\s,]+", match.group(1)) if name}


    def transport_of(self, domain):
        """The service that mail of a domain goes to, the empty text for the one that is not named; the service users' map counts first."""
        for path in ("/etc/mail/transport", "/etc/postfix/stack/transport"):
            try:
                source = Source(path, self.candidate)
                entries = {key.lower().lstrip("@"): value for _, key, value in pairs(source, Unheard())} if source.exists() else {}
            except OSError:
                continue
            parents = [domain.lower()] + [domain.lower()[at:] for at, letter in enumerate(domain) if letter == "."]
            for key in [*parents, "*"]:
                if key in entries:
                    return entries[key].split(":", 1)[0].strip()
        return ""


TABLES = [
    ("access-client", "/etc/mail/access-client", access),
    ("postscreen-access", "/etc/mail/access-client", permitted_clients),
    ("access-helo", "/etc/mail/access-helo", access),
    ("access-recipient", "/etc/mail/access-recipient", access),
    ("access-sender", "/etc/mail/access-sender", access),
    ("canonical", "/etc/mail/canonical", addresses),
    ("canonical.pcre", "/etc/mail/canonical.pcre", verbatim),
    ("external-networks", "/etc/mail/external-networks", networks),
    ("local-aliases", "/etc/mail/local-aliases", verbatim),
    ("relay-domains", "/etc/mail/relay-domains", domains),
    ("verify-recipients", "/etc/mail/relay-domains", recipients_to_verify),
    ("transport", "/etc/mail/transport", transport),
    ("virtual-aliases", "/etc/mail/virtual-aliases", addresses),
    ("aliases", "/etc/aliases", verbatim),
    ("stack-aliases", "/etc/postfix/stack/aliases", verbatim),
    ("stack-relay-domains", "/etc/postfix/stack/relay-domains", domains),
    ("stack-transport", "/etc/postfix/stack/transport", transport),
    ("stack-virtual-domains", "/etc/postfix/stack/virtual-domains", domains),
    ("stack-verify-recipients", "/etc/postfix/stack/verify-recipients", access),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--candidate", default="")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--master", required="--list" not in sys.argv)
    parser.add_argument("--main", required="--list" not in sys.argv)
    parser.add_argument("--out", required="--list" not in sys.argv)
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(path for _, path, _ in TABLES))
        return 0
    problems = Problems()
    context = Context(arguments.master, arguments.main, arguments.candidate)
    for name, path, convert in TABLES:
        source = Source(path, arguments.candidate)
        # A table that is missing would make Postfix put off all mail; an empty one says nothing.
        try:
            text = "".join(f"{line}\n" for line in convert(source, context, problems)) if source.exists() else ""
        except OSError as error:
            # A service user could point a link at a file that only root reads, and have it quoted in a message.
            reason = "it is a symbolic link; put the file itself there" if error.errno == errno.ELOOP else error.strerror
            problems.add(path, 0, f"cannot be read: {reason}")
            continue
        target = os.path.join(arguments.out, name)
        with open(target, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(text)
        with open(f"{target}.origin", "w", encoding="utf-8") as file:
            file.write(path)
    return 1 if problems.count else 0


sys.exit(main())
