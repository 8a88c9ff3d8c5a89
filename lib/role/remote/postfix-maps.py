#!/usr/bin/python3 -IS
"""postfix-maps [--candidate TREE] --master MASTER_CF --main MAIN_CF --out FOLDER [--mailboxes FILE] [--tolerate]
  [--compile TYPE --tools FOLDER --before FOLDER]

Reads the maps that people write, checks them line by line, and writes what postmap and postalias compile: one source for each
lookup table. --compile has them compile it; tables that are the same in the folder of before are taken from there, and the main.cf
of --tools is one that says nothing. --mailboxes, a list of the accounts that get one, has all recipients judged together. Every mistake is reported as file:line; any mistake: exit 1.
--tolerate is for files that were in effect before there was the rule that they break: of those that others than root can have written
the mistakes are reported, lines that have one by themselves are left out, and what only goes wrong together with others stays.
"""

import argparse
import contextlib
import errno
import functools
import os
import re
import sys

# Root runs it, and leaves no compiled modules behind.
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "postfix-rules"))

import compiling  # noqa: E402
import plain_file  # noqa: E402
import plain_lines  # noqa: E402
import recipient_tables  # noqa: E402
import table_files  # noqa: E402
from access import action_problem, client_key, helo_key, mail_key  # noqa: E402
from addresses import (  # noqa: E402
    address_form_problem,
    address_pattern,
    alias_name,
    alias_target,
    comment_problem,
    split_targets,
    target_address,
    unquoted_problem,
)
from harmless import one_line  # noqa: E402
from names import matched_domain  # noqa: E402
from networks import Together, octets_network, parse_network  # noqa: E402
from parameters import settings  # noqa: E402
from received import patterns  # noqa: E402
from submission_senders import sender_key, sender_key_problem, sender_problem  # noqa: E402
from transport import parameter_problem, transport_key, transport_problem  # noqa: E402

# Far above any list of a person.
LARGEST = 64 * 1024 * 1024
MOST_LINES = 1_500_000
LONGEST_ENTRY = 1024 * 1024
# Keys that are compared with all others.
MOST_KEYS = 100_000
# So few are looked at one by one.
FEW_LINES = 2000
MOST_TOLD = 20
MARK = b"\xef\xbb\xbf"
# Commands of master.cf that take mail out of the queue.
AGENTS = {"smtp", "lmtp", "local", "virtual", "pipe", "error", "discard"}


class Problems:
    """What is wrong, told as it is found; of very many only the first."""

    def __init__(self):
        self.count = 0

    def add(self, path, number, text):
        self.count += 1
        if self.count <= MOST_TOLD:
            print(f"postfix-gate: {path}:{number}: {one_line(text, 600)}", file=sys.stderr)

    def end(self):
        if self.count > MOST_TOLD:
            print(f"postfix-gate: and {self.count - MOST_TOLD} more", file=sys.stderr)


class Unheard(Problems):
    """For a second look at a file: its mistakes were told already."""

    def add(self, path, number, text):
        self.count += 1


class Tolerated(Problems):
    """Mistakes in `theirs`, the paths of files that others can have written, are reported and do not count."""

    def __init__(self, theirs):
        super().__init__()
        self.theirs = theirs
        # Lines by path.
        self.lines = {path: set() for path in theirs}

    def add(self, path, number, text):
        if path not in self.theirs:
            super().add(path, number, text)
            return
        if sum(map(len, self.lines.values())) < MOST_TOLD:
            print(f"postfix-gate: tolerated: {path}:{number}: {one_line(text, 600)}", file=sys.stderr)
        self.lines[path].add(number)


class Source:
    """One file of a person: its logical lines, continuation lines joined as Postfix does. `without`: numbers of lines that do not count."""

    def __init__(self, path, candidate, without=frozenset()):
        self.path = path
        self.real = path
        self.without = without
        if candidate and os.path.exists(candidate + path):
            self.real = candidate + path

    def exists(self):
        return os.path.lexists(self.real)

    def physical_lines(self):
        """Number and bytes of each line; from then on `is_ours` says whether only root can have written it, and `count` is their number."""
        with plain_file.opened(self.real, LARGEST) as (file, status):
            self.is_ours = plain_file.only_ours(status)
            self.count = self.inspect(file)
            file.seek(0)
            left = LARGEST
            for number in range(1, self.count + 2):
                line = file.readline(LONGEST_ENTRY + 1)
                left -= len(line)
                if not line or left < 0:
                    return
                yield number, line
                if not line.endswith(b"\n") and len(line) > LONGEST_ENTRY:
                    return

    def inspect(self, file):
        """The number of lines of a text that can be one."""
        count = 0
        while part := file.read(1024 * 1024):
            if b"\0" in part:
                raise plain_file.Unsuitable(
                    errno.EINVAL, "is not plain text: it has null bytes, as UTF-16 has; save it as UTF-8", self.path
                )
            count += part.count(b"\n")
        if count > MOST_LINES:
            raise plain_file.Unsuitable(errno.EFBIG, f"has {count} lines, the limit is {MOST_LINES}", self.path)
        return count

    def logical_lines(self, problems, only=None):
        """Number and text of each entry; `only`: the lines to look at, none of which continues another."""
        entry, first = [], 0
        for number, line in only.items() if only is not None else self.physical_lines():
            text = self.line(number, line, problems)
            if text is None:
                continue
            if text[0] in " \t" and entry:
                entry.append(text.strip(" \t"))
            elif text[0] in " \t" and only is None:
                problems.add(
                    self.path,
                    number,
                    "begins with white space and so continues the entry above, and there is none: move it to the left",
                )
            else:
                yield from self.whole(first, entry, problems)
                entry, first = [text.strip(" \t")], number
        yield from self.whole(first, entry, problems)

    def whole(self, first, entry, problems):
        text = " ".join(entry)
        if first in self.without:
            return
        if len(text) > LONGEST_ENTRY:
            problems.add(self.path, first, f"the entry is longer than {LONGEST_ENTRY} characters, which is the limit")
        elif text:
            yield first, text

    def line(self, number, line, problems):
        """What is meant by it; None for what says nothing, and for what not every program reads in the same way."""
        text = plain_file.text(line if number == 1 else line.removeprefix(MARK)).removesuffix("\n")
        if number != 1 and line.startswith(MARK):
            text = "\ufeff" + text
        bare = text.strip(" \t")
        if not bare or bare.startswith("#"):
            return None
        found = plain_file.AMBIGUOUS.search(text)
        if found:
            problems.add(
                self.path,
                number,
                f"there is {plain_file.named(found.group())} in it, which not every program reads in the same way",
            )
            return None
        return text


def pairs(source, problems, separator_needed=True, same=str.lower, only=None):
    """Key and value of each line; keys that come twice are reported, because only the first would count. In a large file it is
    postmap that finds these."""
    seen = {}
    for number, text in source.logical_lines(problems, only):
        parts = text.split(None, 1)
        key, value = parts[0], parts[1].strip() if len(parts) > 1 else ""
        # Quotes keep the words of a key together.
        quoted = re.match(r'("(?:\\.|[^"\\])*"@\S*)\s+(.*)', text)
        if quoted:
            key, value = quoted.groups()
        if separator_needed and not value:
            problems.add(source.path, number, f"'{key}' has no second column; expected a key, white space and a value")
            continue
        folded = same(key)
        if folded in seen:
            problems.add(source.path, number, f"'{key}' is there already in line {seen[folded]}, and only one of them can count")
            continue
        if len(seen) < MOST_KEYS:
            seen[folded] = number
        yield number, key, value


def access(key_problem):
    def convert(source, context, problems, only=None):
        for number, key, value in pairs(source, problems, only=only):
            for problem in (key_problem(key), action_problem(value, context)):
                if problem:
                    problems.add(source.path, number, problem)
            yield f"{key} {value}"

    return convert


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


def transport(source, context, problems, only=None):
    for number, key, value in pairs(source, problems, same=lambda key: key.lower().removeprefix("@"), only=only):
        for problem in (transport_key(key), transport_problem(value, context.services)):
            if problem:
                problems.add(source.path, number, problem)
        # transport(5) has no @domain: it would never match, and mail would go out by SMTP.
        yield f"{key.removeprefix('@')} {value}"


def sender_routes(source, context, problems):
    """Domains of senders, and the smart hosts that get their mail."""
    for number, key, value in pairs(source, problems):
        problem = transport_problem(value, context.services)
        if problem:
            problems.add(source.path, number, problem)
        yield f"{key} {value}"


def tls_policies(source, context, problems):
    """Smart hosts, and what is demanded of their TLS."""
    for _, key, value in pairs(source, problems):
        yield f"{key} {value}"


def canonical(source, context, problems, only=None):
    for number, key, value in pairs(source, problems, only=only):
        several = f"'{value}' has a comma: give every target an entry of its own" if "," in value else None
        bare = f"'{key}' looks like a domain: for every address in it write '@{key}'" if "@" not in key and "." in key else None
        target = target_address(value) or (None if value.startswith("@") else address_form_problem(value))
        for problem in (bare or address_pattern(key), comment_problem(value) or several or target):
            if problem:
                problems.add(source.path, number, problem)
        yield f"{key} {value}"


def virtual(source, context, problems, only=None):
    for number, key, value in pairs(source, problems, only=only):
        # virtual(5): of a line that names a domain the second column does not matter.
        names_domain = "@" not in key and "." in key
        problem = address_pattern(key) or (None if names_domain else comment_problem(value))
        before = set()
        targets = [] if names_domain else split_targets(value)
        for target in targets:
            # With others behind it, Postfix makes one address of all that it follows.
            if len(targets) > 1 and target.startswith("@"):
                problem = (
                    problem
                    or f"'{target}' keeps the part before the @, which only the one target of an entry can do: name addresses"
                )
            problem = problem or target_address(target) or (None if target.startswith("@") else address_form_problem(target))
            if target.lower() in before:
                problem = problem or f"'{target}' is in the list twice, case makes no difference"
            before.add(target.lower())
        if problem:
            problems.add(source.path, number, problem)
        yield f"{key} {value}"


def aliases(source, context, problems):
    for number, text in source.logical_lines(problems):
        match = re.match(r'("(?:\\.|[^"\\])*"|[^:#]+?)\s*:\s*(.*)', text)
        if not match:
            problems.add(source.path, number, f"'{text}' has no colon; expected name: target, target")
            continue
        name, value = match.groups()
        targets = split_targets(value)
        if not targets:
            problems.add(source.path, number, f"'{name}' has no target; expected name: target, target")
        unquoted = comment_problem(value) or unquoted_problem(value)
        judged = [unquoted] if unquoted else [alias_target(target, source.is_ours) for target in targets]
        for problem in [alias_name(name), *judged]:
            if problem:
                problems.add(source.path, number, problem)
        yield f"{name}: {', '.join(targets)}"


def domains(source, context, problems):
    for number, key, value in pairs(source, problems, separator_needed=False):
        problem = matched_domain(key)
        if not problem and re.fullmatch(r"[^\s#]*\w\.\w+", value.split("#")[0].strip().split(" ")[-1]):
            problem = f"'{value}' stands behind '{key}', where it counts for nothing: write one domain a line"
        if problem:
            problems.add(source.path, number, problem)
        yield f"{key} {value or 'OK'}"


def virtual_domains(source, context, problems):
    """Of a domain that the service users relay, the stack may know some addresses only: it stays theirs as a whole."""
    relayed = context.relayed_by_service_users()
    for number, key, value in pairs(source, problems, separator_needed=False):
        if not any(name in relayed for name in itself_and_parents(key.lower())):
            yield f"{key} {value or 'OK'}"


def itself_and_parents(name):
    """What a list of domains may have for a name: the name, or a parent of it with a dot before."""
    return [name] + [name[at:] for at, letter in enumerate(name) if letter == "." and at > 0]


def own_senders(source, context, problems):
    """Domains that nobody outside sends for. An access map would have each stand for its subdomains, which services elsewhere use."""
    for _, word, _ in pairs(source, problems, separator_needed=False):
        key = context.myhostname if word == "$myhostname" else word
        yield f"/@{re.escape(key)}\\.?$/ REJECT {key} is a domain of this server: log in on port 587 or 465 to send for it"


def recipients_to_verify(source, context, problems):
    """Domains whose next hop knows the recipients: it is asked, so that unknown ones are refused here and not bounced later. A pipe
    takes everything, and what never leaves this host is known here."""
    # In an access map a domain stands for its subdomains, which have no entry with a dot there.
    names = {}
    for _, key, _ in pairs(source, Unheard(), separator_needed=False):
        service = context.transport_of(key)
        if service in ("", "smtp", "smtp4", "relay", "lmtp"):
            names[key.lower().removeprefix(".")] = True
    for name in names:
        yield f"{name} reject_unverified_recipient"


def networks(source, context, problems):
    seen, together = {}, Together()
    for number, text in source.logical_lines(problems):
        word, *more = text.split("#")[0].split()
        if more and more[0].lower() != "ok":
            problems.add(source.path, number, f"'{text}': expected one address or network a line")
            continue
        network, problem = parse_network(word)
        if problem is None and network in seen:
            problem = f"'{word}' is there already in line {seen[network]}"
        if problem is None and together.add(network):
            problem = f"with '{word}' the networks of this list are a large part of the internet, and all of it could send through this host"
        if problem:
            problems.add(source.path, number, problem)
            continue
        seen[network] = number
        yield f"{network} OK"


def hidden_clients(source, context, problems):
    """Of `Received:` in what leaves this host; see received.py."""
    yield from patterns(context.myhostname, context.known_networks())


def known_clients(source, context, problems):
    """Who sends without a password through port 25: the restriction class of port 25 says what counts for them."""
    for network in sorted(context.known_networks()):
        yield f"{network} known_client_restrictions"


def submission_senders(source, context, problems):
    """Logins and known networks, and whom they may write as."""
    for number, key, value in pairs(source, problems, same=sender_key):
        senders = split_targets(value)
        for problem in [comment_problem(value) or sender_key_problem(key), *map(sender_problem, senders)]:
            if problem:
                problems.add(source.path, number, problem)
        yield f"{sender_key(key)} {', '.join(senders)}"


def verbatim(source, context, problems):
    for number, line in source.physical_lines():
        source.line(number, line, problems)
        text = plain_file.text(line).removesuffix("\n")
        # What is wrong in a line is reported with its number.
        yield "#" if number in source.without or text.lstrip(" \t").startswith("#") else text


class Reader:
    """How the files of people are read, for tables next to the maps."""

    source, pairs, verbatim = Source, staticmethod(pairs), staticmethod(verbatim)


class Context:
    """What the rest of the candidate says: names that maps may refer to, and where mail goes."""

    def __init__(self, master, main, candidate):
        self.candidate = candidate
        self.services = set()
        with open(master, encoding="utf-8") as file:
            for line in file:
                if line[:1] not in ("", "#", " ", "\t", "\n"):
                    fields = line.split()
                    if len(fields) > 7 and fields[1] == "unix" and fields[7] in AGENTS:
                        self.services.add(fields[0])
        with open(main, encoding="utf-8", errors="surrogateescape") as file:
            parameters = {name: value for _, name, value in settings(file.read())}
        words = {name: re.split(r"[\s,]+", value) for name, value in parameters.items()}
        self.restriction_classes = {name.lower() for name in words.get("smtpd_restriction_classes", []) if name}
        lists = [
            value for name, value in words.items() if name.endswith("_restrictions") or name.lower() in self.restriction_classes
        ]
        self.restriction_words = {word for value in lists for word in value}

        self.myhostname = parameters.get("myhostname", "")
        self.mynetworks = words.get("mynetworks", [])

    def known_networks(self):
        """Who sends without a login: the addresses in mynetworks, and external-networks."""
        found = [parse_network(word)[0] for word in self.mynetworks if word[:1].isdigit() or word[:1] == "["]
        source = Source("/etc/mail/external-networks", self.candidate)
        with contextlib.suppress(OSError):
            lines = source.logical_lines(Unheard()) if source.exists() else []
            found += [parse_network(text.split("#")[0].split()[0])[0] for _, text in lines if text.split("#")[0].strip()]
        return {str(network) for network in found if network is not None}

    def transport_problem(self, value):
        return transport_problem(value, self.services)

    def relayed_by_service_users(self):
        source = Source("/etc/mail/relay-domains", self.candidate)
        try:
            return {key.lower() for _, key, _ in pairs(source, Unheard(), separator_needed=False)} if source.exists() else set()
        except OSError:
            return set()

    def transport_of(self, domain):
        """The service that mail of a domain goes to, the empty text for the one that is not named; the service users' map counts first."""
        for entries in self.transports():
            for key in [*itself_and_parents(domain.lower()), "*"]:
                if key in entries:
                    return entries[key].split(":", 1)[0].strip()
        return ""

    def past_smart_hosts(self):
        """Where the map of the service users sends all mail, if there are smart hosts that it would have gone to; else None."""
        way = self.entries("/etc/mail/transport").get("*", ":").strip()
        return way if not way.startswith(":") and any(SMART_HOST.fullmatch(name) for name in self.services) else None

    @functools.cache
    def transports(self):
        return [self.entries(path) for path in ("/etc/mail/transport", "/etc/postfix/stack/transport")]

    def entries(self, path):
        source = Source(path, self.candidate)
        try:
            return {key.lower().lstrip("@"): value for _, key, value in pairs(source, Unheard())} if source.exists() else {}
        except OSError:
            return {}


# Services of `relay`, in master.d/15_relay.cf.
SMART_HOST = re.compile(r"relay-[0-9]+")
TABLES = [
    ("access-client", "/etc/mail/access-client", access(client_key)),
    ("postscreen-access", "/etc/mail/access-client", permitted_clients),
    ("access-helo", "/etc/mail/access-helo", access(helo_key)),
    ("access-recipient", "/etc/mail/access-recipient", access(mail_key)),
    ("access-sender", "/etc/mail/access-sender", access(mail_key)),
    ("canonical", "/etc/mail/canonical", canonical),
    ("canonical.pcre", "/etc/mail/canonical.pcre", verbatim),
    ("external-networks", "/etc/mail/external-networks", networks),
    ("local-aliases", "/etc/mail/local-aliases", aliases),
    ("relay-domains", "/etc/mail/relay-domains", domains),
    ("verify-recipients", "/etc/mail/relay-domains", recipients_to_verify),
    ("submission-senders", "/etc/mail/submission-senders", submission_senders),
    ("transport", "/etc/mail/transport", transport),
    ("virtual-aliases", "/etc/mail/virtual-aliases", virtual),
    ("aliases", "/etc/aliases", verbatim),
    ("stack-aliases", "/etc/postfix/stack/aliases", verbatim),
    ("stack-relay-domains", "/etc/postfix/stack/relay-domains", domains),
    ("stack-transport", "/etc/postfix/stack/transport", transport),
    ("stack-virtual-domains", "/etc/postfix/stack/virtual-domains", virtual_domains),
    ("stack-verify-recipients", "/etc/postfix/stack/verify-recipients", access(mail_key)),
    ("hidden-clients.pcre", "/etc/postfix/myhostname", hidden_clients),
    ("known-clients", "/etc/postfix/myhostname", known_clients),
    ("stack-own-senders.pcre", "/etc/postfix/stack/own-senders", own_senders),
    ("stack-relay-senders", "/etc/postfix/stack/relay-senders", sender_routes),
    ("stack-relay-recipients", "/etc/postfix/stack/relay-recipients", transport),
    ("stack-relay-tls", "/etc/postfix/stack/relay-tls", tls_policies),
]


# Lines of these maps that are good in any case.
PLAIN = {
    "access-helo": plain_lines.access_name,
    "access-recipient": plain_lines.access_mail,
    "access-sender": plain_lines.access_mail,
    "canonical": plain_lines.canonical,
    "transport": plain_lines.transport,
    "virtual-aliases": plain_lines.virtual,
}


def write_table(name, source, convert, target, context, problems):
    """The source of a table, from the lines of a person."""
    pattern = PLAIN[name](context) if name in PLAIN else None
    only = None
    if pattern:
        # To see whether it can be read at all, and how long it is.
        next(source.physical_lines(), None)
        if source.count > FEW_LINES:
            only = plain_lines.others(source.real, pattern)
    if only is not None:
        plain_lines.copy(source.real, pattern, target, only_plain=bool(only))
    with open(target, "a", encoding="utf-8", errors="surrogateescape") as file:
        for line in convert(source, context, problems, only) if pattern else convert(source, context, problems):
            file.write(f"{line}\n")


def judge_table(name, source, convert, target, context, problems):
    # A table that is missing would make Postfix put off all mail; an empty one says nothing.
    open(target, "wb").close()
    try:
        if source.exists() and 0 not in source.without:
            write_table(name, source, convert, target, context, problems)
    except OSError as error:
        # A service user could point a link at a file that only root reads, and have it quoted in a message.
        reason = "it is a symbolic link; put the file itself there" if error.errno == errno.ELOOP else error.strerror
        problems.add(source.path, 0, f"cannot be read: {reason}")


def judge_main(path, services, problems):
    """Parameters that name transports and next hops, which Postfix itself looks at with the first mail. PATH.origin has a line for
    each line of main.cf: the fragment and its line."""
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        text = file.read()
    for line, name, value in settings(text):
        problem = parameter_problem(name, value.strip(), services)
        if problem:
            problems.add(*table_files.origin_of(path, line), f"{name}: {problem}")


def written_by_others(candidate):
    """Paths of maps that others than root can have written."""
    for path in {path for _, path, _ in TABLES}:
        source = Source(path, candidate)
        if source.exists() and not plain_file.only_ours(os.lstat(source.real)):
            yield path


def judge_recipients(arguments, problems):
    """What the lines of all tables say together."""
    sources = {name: Source(path, arguments.candidate) for name, path, _ in TABLES}

    def file_of(name):
        real = sources[name].real
        return sources[name].path, real, not plain_file.only_ours(os.lstat(real))

    with open(arguments.mailboxes, encoding="utf-8") as file:
        mailboxes = {line.split()[0].lower() for line in file if line.strip()}
    recipient_tables.judge(arguments.out, arguments.main, mailboxes, file_of, problems)


def tell_bypass(context):
    """What is allowed, and seldom meant."""
    way = context.past_smart_hosts()
    if way:
        text = f"/etc/mail/transport: '* {way}' sends all mail past the smart hosts of the stack (relay), but for recipients that they are named for; '* :' leaves it to them"
        print(f"postfix-gate: note: {one_line(text, 600)}", file=sys.stderr)


def compile_all(arguments, problems):
    compiler = compiling.Compiler(arguments.tools, arguments.compile, arguments.before)
    for name, path in [(name, path) for name, path, _ in TABLES] + [(name, name) for name in recipient_tables.MADE]:
        target = os.path.join(arguments.out, name)
        source = Source(path, arguments.candidate).real
        for number, text in compiling.explained(compiler.compile(target), target, path, source):
            problems.add(path, number, text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--candidate", default="")
    parser.add_argument("--compile", metavar="TYPE")
    parser.add_argument("--tools")
    parser.add_argument("--before")
    parser.add_argument("--mailboxes")
    parser.add_argument("--tolerate", action="store_true")
    for name in ("--master", "--main", "--out"):
        parser.add_argument(name, required=True)
    arguments = parser.parse_args()
    problems = Tolerated(set(written_by_others(arguments.candidate))) if arguments.tolerate else Problems()
    context = Context(arguments.master, arguments.main, arguments.candidate)
    judge_main(arguments.main, context.services, problems)
    for name, path, convert in TABLES:
        target = os.path.join(arguments.out, name)
        judge_table(name, Source(path, arguments.candidate), convert, target, context, problems)
        if arguments.tolerate and problems.lines.get(path):
            without = Source(path, arguments.candidate, without=problems.lines[path])
            judge_table(name, without, convert, target, context, Unheard())
    if arguments.mailboxes and not problems.count:
        judge_recipients(arguments, problems)
    own = table_files.TableFiles(arguments, context, problems, Reader)
    own.judge()
    if arguments.compile and not problems.count:
        compile_all(arguments, problems)
        own.compile()
    problems.end()
    if not problems.count:
        tell_bypass(context)
    return 1 if problems.count else 0


sys.exit(main())
