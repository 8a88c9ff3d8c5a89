#!/usr/bin/python3 -IS
"""postfix-trial FOLDER

Runs the configuration in FOLDER (main.cf, master.cf) as a Postfix of its own, with its own queue, on sockets that nobody else
can reach, and talks SMTP to it. Static checks do not see a misspelt restriction, a table that cannot be opened or an open
relay; a conversation does. Exit 0 when every answer is as it must be, else 1 with the answer and what Postfix logged.

The main.cf of the trial is the judged one, byte for byte, and behind it the lines that make it a trial; of two settings the later
counts for every program of Postfix. Only root and the daemons get into its folders, and what is said of a failure quotes no file but
those of the candidate.
"""

import contextlib
import os
import pwd
import re
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess
import sys
import threading
import time

# Root runs it, and leaves no compiled modules behind.
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "postfix-rules"))

from harmless import one_line  # noqa: E402
from parameters import settings  # noqa: E402

START_SECONDS = 10
LOG_SECONDS = 2
ANSWER_SECONDS = 30
REASONS_SHOWN = 5
LONGEST_REASON = 300
# Longer than all of it takes; when the trial is killed, its Postfix goes by itself.
LIFETIME_SECONDS = 300
# Each refusal counts as an error of the client, and many of them slow the dialogue down.
DOMAINS_TRIED = 3
# Of these the first that no alias is for.
SYSTEM_ACCOUNTS = ("daemon", "www-data", "bin", "sys", "games")
ALIASES = ("local-aliases", "aliases", "stack-aliases", "owners")
DAEMONS = "/usr/lib/postfix/sbin"
# Programs that greet with the name of their protocol.
GREETING = set("smtp lmtp local pipe error discard bounce trivial-rewrite verify proxymap anvil scache tlsmgr".split())
# Whatever a configuration says: the trial runs Debian's programs only, as Debian's users, and writes nowhere but in its folder.
OF_DEBIAN = {
    "daemon_directory": DAEMONS,
    "command_directory": "/usr/sbin",
    "shlib_directory": "/usr/lib/postfix",
    "meta_directory": "/etc/postfix",
    "mail_owner": "postfix",
    "setgid_group": "postdrop",
    "default_privs": "nobody",
    "debugger_command": "",
    "debug_peer_list": "",
    "import_environment": "MAIL_CONFIG MAIL_LOGTAG TZ LANG=C",
    "tls_config_file": "default",
    "multi_instance_enable": "no",
    "multi_instance_wrapper": "",
    "maillog_file_compressor": "gzip",
    "maillog_file_permissions": "0600",
}
# The role's policy services are left alone: an invented client has no place in the greylist.
POLICY_SERVICE = re.compile(
    r"check_policy_service\s*\{\s*(?:inet:127\.0\.0\.1:\d+|unix:/run/mailserver-logins/policy\.sock)[^}]*\}[ \t]*,?"
)
# So are its milters: they count what logins send.
MILTERS = re.compile(r"\0 *-o \{ (?:non_)?smtpd_milters = [^\0]*")
# A path, and what the system says of it; what else follows may be a quotation.
PATH = re.compile(r"(?<![\w./])/[^\s,;:\"']+")
OF_THE_SYSTEM = re.compile(r"[\"']?: (No such file or directory|Permission denied|Not a directory|Is a directory|Invalid argument)")
# Made by the host itself after the first change is found to be good.
SELF_SIGNED = "/var/lib/mailserver/tls/self-signed.pem"
REINJECTION = "127.0.0.1:10025"
# A client of the internet: an address that nobody has (RFC 1112 4) and so no known network holds, a name that cannot exist.
# postscreen takes the client from a proxy's line, so that it needs no port; and the trial need not wait as long as spammers.
TRIAL_OF_POSTSCREEN = ("postscreen_upstream_proxy_protocol=haproxy", "postscreen_greet_wait=1s", "postscreen_dnsbl_timeout=1s")
STRANGER = {"NAME": "stranger.invalid", "ADDR": "240.0.0.77"}


# Words about what the trial does: it wakes services and asks them for nothing, and sees for itself that one has ended.
OF_THE_TRIAL = re.compile(r"malformed request|bad command startup|exit status|unable to look up public/qmgr")
# Every line that makes it a trial overrides one of the candidate's.
OVERRIDDEN = "overriding earlier entry"


class Failed(Exception):
    """An answer, or none, that must not be."""


class UnixSession(smtplib.SMTP):
    """SMTP over a socket of the file system; with `header` as the first line, which a proxy would send."""

    header = ""

    def _get_socket(self, host, port, timeout):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(timeout)
        connection.connect(host)
        connection.sendall(self.header.encode())
        return connection


class Trial:
    def __init__(self, folder):
        self.folder = folder
        self.place = os.path.join(folder, "trial")
        self.queue = os.path.join(self.place, "queue")
        self.empty = os.path.join(self.place, "empty")
        self.log = os.path.join(self.place, "log")
        self.master = None
        self.services = {}
        self.postscreen = None
        self.agents = []

    def lay_out(self, tls):
        postfix = pwd.getpwnam("postfix")
        os.umask(0o077)
        for path in (self.place, self.queue, self.empty):
            os.mkdir(path)
            # The daemons pass, and see nothing.
            os.chown(path, 0, postfix.pw_gid)
            os.chmod(path, 0o710)
        for name in ("config", "queue/pid"):
            os.mkdir(os.path.join(self.place, name))
        queues = (
            "incoming",
            "active",
            "deferred",
            "bounce",
            "defer",
            "trace",
            "flush",
            "corrupt",
            "hold",
            "saved",
            "private",
            "public",
        )
        for name in ("data", *(f"{queue}/{name}" for queue in ("queue", "empty") for name in queues)):
            os.mkdir(os.path.join(self.place, name))
            os.chown(os.path.join(self.place, name), postfix.pw_uid, -1)
        # Its words belong into the same log.
        os.symlink(os.path.join(self.queue, "public", "postlog"), os.path.join(self.empty, "public", "postlog"))
        open(self.log, "w").close()
        self.write_main(tls)
        self.write_master()
        for name in ("main.cf", "master.cf"):
            # Postfix waits until a main.cf is two seconds old; this one is whole already.
            past = time.time() - 10
            os.utime(os.path.join(self.place, "config", name), (past, past))

    def write_main(self, tls):
        with open(os.path.join(self.folder, "main.cf"), encoding="utf-8", errors="surrogateescape") as file:
            text = file.read()
        without_policy = {name: POLICY_SERVICE.sub("", value) for _, name, value in settings(text) if POLICY_SERVICE.search(value)}
        parameters = {
            **without_policy,
            **OF_DEBIAN,
            "queue_directory": self.queue,
            "data_directory": os.path.join(self.place, "data"),
            "maillog_file": self.log,
            "maillog_file_prefixes": self.folder,
            "smtpd_authorized_xclient_hosts": "127.0.0.1",
            "smtpd_client_connection_count_limit": "0",
            "smtpd_delay_reject": "yes",
        }
        if not tls:
            parameters.update({"smtpd_tls_chain_files": "", "smtpd_tls_security_level": "none"})
        with open(os.path.join(self.place, "config", "main.cf"), "w", encoding="utf-8", errors="surrogateescape") as file:
            # The gate writes a setting a line. The last one of a name counts in any case; two of them would be a warning in the journal.
            kept = [line for line in text.split("\n") if line.partition("=")[0].rstrip(" ") not in parameters]
            file.write("\n".join(kept) + "".join(f"{name} = {value}\n" for name, value in parameters.items()))

    def write_master(self):
        """The same services; those of the network listen on sockets of the file system instead."""
        with open(os.path.join(self.folder, "master.cf"), encoding="utf-8") as file:
            lines = file.read().split("\n")
        out = []
        for line in re.sub(r"\n(?=[ \t])", "\0", "\n".join(lines)).split("\n"):
            fields = line.split(None, 8)
            if line[:1] == "#" or len(fields) < 8:
                continue
            command = fields[7].split("\0")[0]
            line = MILTERS.sub("", line)
            if command == "pickup":
                continue
            if command == "qmgr":
                # What the trial takes in is never delivered: the queue manager has a queue of its own, with nothing in it.
                line = re.sub(r"^\S+(\s+unix\s+\S+\s+\S+\s+\S+)\s+\S+", r"trial-qmgr\1 -", line)
                line += f"\0    -o queue_directory={self.empty}"
            if command in GREETING and fields[1] == "unix":
                self.agents.append(os.path.join("private" if fields[2] != "n" else "public", fields[0]))
            if fields[1] == "inet":
                name = "trial-" + re.sub(r"[^A-Za-z0-9]", "-", fields[0])
                path = os.path.join(self.queue, "public", name)
                line = re.sub(r"^\S+\s+inet\s+\S+", f"{name} unix n", line)
                if command == "smtpd":
                    self.services[fields[0]] = path
                elif command == "postscreen":
                    self.postscreen = path
                    line += "".join(f"\0    -o {option}" for option in TRIAL_OF_POSTSCREEN)
            if fields[1] == "pass" and command == "smtpd":
                # What is behind postscreen is talked to without it as well.
                self.services["smtp"] = os.path.join(self.queue, "public", "trial-behind-postscreen")
                out.append(re.sub(r"^\S+\s+pass\s+\S+", "trial-behind-postscreen unix n", line).replace("\0", "\n"))
            out.append(line.replace("\0", "\n"))
        with open(os.path.join(self.place, "config", "master.cf"), "w", encoding="utf-8") as file:
            file.write("\n".join(out))

    def start(self):
        config = os.path.join(self.place, "config")
        # Any program of Postfix reads what all of them have in common; this one says what it does not like to us.
        loaded = subprocess.run(["postmap", "-c", config, "-q", "x", "static:x"], capture_output=True, text=True, check=False)
        if loaded.returncode != 0:
            said = re.sub(r"postmap: |" + re.escape(config) + "/", "", loaded.stderr)
            raise Failed(" ".join(self.quotable(line) for line in said.split("\n") if line and OVERRIDDEN not in line))
        environment = {"MAIL_CONFIG": config, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "MAIL_LOGTAG": "postfix"}
        # Called off in between there would be a Postfix that nobody knows of.
        with CallingOff.held():
            self.master = subprocess.Popen(
                [f"{DAEMONS}/master", "-c", config, "-d", "-e", str(LIFETIME_SECONDS)],
                env=environment,
                cwd=self.queue,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        end = time.monotonic() + START_SECONDS
        sockets = [*self.services.values(), *([self.postscreen] if self.postscreen else [])]
        while not all(os.path.exists(path) for path in sockets):
            if self.master.poll() is not None:
                raise Failed(
                    "the configuration does not start: " + self.quotable(self.master.stderr.read(4096).decode("utf-8", "replace"))
                )
            if time.monotonic() > end:
                raise Failed(f"the configuration does not start within {START_SECONDS} s")
            time.sleep(0.02)

    def stop(self):
        if self.master is None:
            return
        self.master.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.master.wait(5)
        # A child that master forked a moment ago, and that is not a daemon yet, would stay for a second.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.master.pid, signal.SIGKILL)
            self.master.wait()
            while True:
                os.killpg(self.master.pid, 0)
                time.sleep(0.01)

    def died(self):
        """A daemon ended on its configuration; master waits a minute before it starts another one, we do not."""
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return "bad command startup" in file.read()

    def reasons(self):
        """What Postfix logged about a failure. Its log daemon may write the line after the client has its answer."""
        end = time.monotonic() + LOG_SECONDS
        while not (told := self.logged()) and time.monotonic() < end:
            time.sleep(0.05)
        return told

    def logged(self):
        if not os.path.exists(self.log):
            return []
        with open(self.log, encoding="utf-8", errors="replace") as file:
            found = [line for line in file if re.search(r"\b(warning|fatal|error|panic): ", line) and OVERRIDDEN not in line]
        found = [line for line in found if not OF_THE_TRIAL.search(line)]
        return list(dict.fromkeys(self.quotable(re.sub(r"^.*?\]: ", "", line)) for line in found))[:REASONS_SHOWN]

    def quotable(self, line):
        """A message of Postfix without what it may quote of a file that is not the candidate's."""
        text = one_line(line.strip().replace(f"{self.folder}/maps/", "/etc/mail/").replace(f"{self.folder}/", ""), LONGEST_REASON)
        foreign = next((found for found in PATH.finditer(text) if not found.group().startswith("/etc/mail/")), None)
        if foreign is None:
            return text
        known = OF_THE_SYSTEM.match(text, foreign.end())
        end = known.end() if known else foreign.end()
        return text[:end] + ("…" if end < len(text) else "")

    def watched(self):
        session = UnixSession(timeout=ANSWER_SECONDS, local_hostname="localhost")
        watch = threading.Thread(target=self.hang_up_when_dead, args=(session,), daemon=True)
        watch.start()
        return session

    def pass_postscreen(self, address):
        session = self.watched()
        session.header = f"PROXY TCP4 {address} 127.0.0.1 1024 25\r\n"
        expect(session.connect(self.postscreen), "2", f"port 25, postscreen, greeting of {address}")
        expect(session.ehlo("trial.invalid"), "2", f"port 25, postscreen, EHLO of {address}")
        session.quit()

    def session(self, service, stranger):
        session = self.watched()
        expect(session.connect(self.services[service]), "2", f"{service}: greeting")
        session.ehlo("trial.invalid")
        if stranger:
            expect(
                session.docmd("XCLIENT", " ".join(f"{key}={value}" for key, value in STRANGER.items())), "2", f"{service}: XCLIENT"
            )
            session.ehlo("trial.invalid")
        return session

    def hang_up_when_dead(self, session):
        while self.master.poll() is None and not self.died():
            time.sleep(0.1)
        if session.sock is not None:
            try:
                session.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return

    def wake_queue_manager(self):
        """It becomes a process of the user postfix when it can live with its configuration; it answers nobody."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as trigger:
            trigger.connect(os.path.join(self.queue, "public", "trial-qmgr"))
            trigger.sendall(b"W\0")
        end = time.monotonic() + ANSWER_SECONDS
        while not self.is_at_work("qmgr"):
            if self.died() or time.monotonic() > end:
                raise Failed("the queue manager does not start")
            time.sleep(0.01)

    def is_at_work(self, program):
        """Whether a child of master has given up the rights of root, which daemons do when they have read their configuration."""
        with open(f"/proc/{self.master.pid}/task/{self.master.pid}/children", encoding="ascii") as file:
            children = file.read().split()
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            for child in children:
                with open(f"/proc/{child}/comm", encoding="utf-8") as file:
                    if file.read().strip() == program and os.stat(f"/proc/{child}").st_uid == pwd.getpwnam("postfix").pw_uid:
                        return True
        return False

    def wake_agents(self):
        """Each service inside of Postfix greets who connects to it, if it can live with its configuration."""
        for name in self.agents:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as agent:
                agent.settimeout(0.2)
                agent.connect(os.path.join(self.queue, name))
                end = time.monotonic() + ANSWER_SECONDS
                while True:
                    try:
                        greeting = agent.recv(64)
                    except TimeoutError:
                        greeting = None
                    if greeting:
                        break
                    if greeting == b"" or self.died() or time.monotonic() > end:
                        raise Failed(f"the service {os.path.basename(name)} does not start")


def expect(answer, wanted, what):
    code, text = answer
    text = text.decode("utf-8", "replace").replace("\n", " ")
    broken = re.search(r"configuration error|lookup failure|Internal error|queue file write error", text)
    if broken or not str(code).startswith(tuple(wanted)):
        raise Failed(f"{what}: the answer is '{code} {text}', expected {' or '.join(f'{digit}xx' for digit in wanted)}")


def converse(trial, myhostname):
    unknown = f"no-such-user-{os.getpid()}@{myhostname}"
    # Port 25, from the internet. A refusal of the invented client itself (by name, by HELO) may come first; it must be one.
    session = trial.session("smtp", stranger=True)
    expect(session.mail(""), "2", "port 25, MAIL FROM:<>")
    expect(session.rcpt(f"postmaster@{myhostname}"), "245", "port 25, a mail to postmaster")
    expect(session.rcpt(unknown), "45", "port 25, an unknown recipient")
    expect(session.rcpt("relay@trial-of-relaying.invalid"), "45", "port 25, relaying for a stranger (an open relay if accepted)")
    for domain in [myhostname, *domains_without_subdomains(trial.folder)]:
        answer = session.rcpt(f"relay@no-such-host.{domain}")
        expect(answer, "45", f"port 25, relaying to a subdomain of {domain} that nobody named (an open relay if accepted)")
    session.quit()
    # Whom nobody has: taken now, it could only be sent back to a forged sender.
    session = trial.session("smtp", stranger=True)
    expect(session.mail(""), "2", "port 25, MAIL FROM:<>")
    for address in nobody(trial.folder, myhostname):
        expect(
            session.rcpt(address), "45", f"port 25, mail for {address}, which nobody has (it would be sent back to forged senders)"
        )
    session.quit()
    if trial.postscreen:
        trial.pass_postscreen(STRANGER["ADDR"])
        trial.pass_postscreen("127.0.0.1")
    # Known clients.
    session = trial.session("smtp", stranger=False)
    expect(session.mail(""), "2", "port 25, MAIL FROM:<> of this host")
    expect(session.rcpt(f"postmaster@{myhostname}"), "24", "port 25, a mail of this host to postmaster")
    session.quit()
    if "submission" in trial.services:
        session = trial.session("submission", stranger=True)
        expect(session.mail(f"postmaster@{myhostname}"), "2", "port 587, MAIL FROM")
        expect(session.rcpt(f"postmaster@{myhostname}"), "45", "port 587, a mail without a password (an open relay if accepted)")
        session.quit()
        session = trial.session("submission", stranger=False)
        expect(session.mail(""), "2", "port 587, MAIL FROM:<> of this host")
        expect(session.rcpt(f"postmaster@{myhostname}"), "24", "port 587, a mail of this host to postmaster")
        session.quit()
    if REINJECTION in trial.services:
        # A whole mail, as it comes back from the filter; it stays in the queue of the trial and goes with it.
        session = trial.session(REINJECTION, stranger=False)
        expect(session.mail(""), "2", "from the filter, MAIL FROM:<>")
        expect(session.rcpt(f"postmaster@{myhostname}"), "2", "from the filter, a mail to postmaster")
        expect(session.data("Subject: trial\r\n\r\n"), "2", "from the filter, its text")
        session.quit()


def nobody(folder, myhostname):
    """Addresses of this host, and of domains that have the recipients of virtual(5) only, which no entry is for: a name, with and without
    an extension, and an account of the system. A domain with an entry for all its addresses has none."""
    name = f"no-such-user-{os.getpid()}"
    aliased = [domain for domain in keys(folder, "stack-virtual-domains", "virtual-aliases") if "@" not in domain and "." in domain]
    domains = [myhostname, *aliased[:DOMAINS_TRIED]]
    found = {f"{local}@{domain}": domain for domain in domains for local in (name, f"{name}+tag")}
    accounts = {f"{account}@{myhostname}": account for account in SYSTEM_ACCOUNTS}
    everybody = [*found, *accounts]
    taken = answered(folder, ["pcre:canonical.pcre"], everybody)
    whole = answered(folder, ["cdb:canonical", "cdb:virtual-aliases"], [f"@{domain}" for domain in domains])
    aliases = answered(folder, [f"cdb:{table}" for table in ALIASES], list(accounts.values()))
    renamed = answered(folder, ["cdb:canonical", "cdb:virtual-aliases"], [*accounts, *accounts.values()])
    yield from (address for address, domain in found.items() if address not in taken and f"@{domain}" not in whole)
    if f"@{myhostname}" not in whole:
        unknown = {address for address, account in accounts.items() if not {address, account} & (taken | aliases | renamed)}
        yield from sorted(unknown)[:1]


def answered(folder, tables, keys_asked):
    """Those of the keys that one of the tables has an entry for."""
    asked = [
        subprocess.Popen(
            ["postmap", "-c", os.path.join(folder, "trial", "config"), "-q", "-", table.replace(":", f":{folder}/maps/", 1)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            errors="surrogateescape",
        )
        for table in tables
    ]
    text = "".join(f"{key}\n" for key in keys_asked)
    return {
        line.split("\t")[0].split(" ")[0]
        for each in asked
        for line in each.communicate(text, ANSWER_SECONDS)[0].split("\n")
        if line
    }


def keys(folder, *tables):
    """Of the first lines of tables."""
    names = []
    for table in tables:
        with (
            contextlib.suppress(FileNotFoundError),
            open(os.path.join(folder, "maps", table), encoding="ascii", errors="replace") as file,
        ):
            names += [line.split()[0].lower() for line in file.read(64 * 1024).split("\n") if line.strip() and line[0] != "#"]
    return list(dict.fromkeys(names))


def domains_without_subdomains(folder):
    """Some of the domains that mail is accepted for, none whose subdomains are named as .DOMAIN."""
    names = keys(folder, "stack-relay-domains", "relay-domains")
    named = {name for name in names if name.startswith(".")}
    whole = [
        name for name in names if name not in named and not any(name.endswith(parent) or f".{name}" == parent for parent in named)
    ]
    return whole[:DOMAINS_TRIED]


def greet_with_tls(trial, service):
    """Certificate and key are there, belong together and can be used."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    session = trial.session(service, stranger=False)
    if not session.has_extn("starttls"):
        raise Failed(f"{service}: STARTTLS is not offered")
    session._host = "localhost"
    expect(session.starttls(context=context), "2", f"{service}: STARTTLS")
    session.ehlo("trial.invalid")
    if service == "submission" and not session.has_extn("auth"):
        raise Failed("submission: AUTH is not offered over TLS")
    session.quit()


def parameters(folder, *names):
    """Their values, expanded."""
    result = subprocess.run(["postconf", "-c", folder, "-hx", *names], capture_output=True, text=True, check=False)
    return [value.strip() for value in result.stdout.split("\n")[:-1]]


class CallingOff:
    """Ends the trial at a signal, but for moments in which that would leave something behind: then right after them."""

    holding = asked = False

    @classmethod
    def at_signals(cls):
        # A terminal that hangs up must not leave a Postfix behind. Who ignores it has a reason, see the gate.
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, cls.signalled)

    @classmethod
    def signalled(cls, *_):
        cls.asked = True
        if not cls.holding:
            cls.end()

    @classmethod
    @contextlib.contextmanager
    def held(cls):
        cls.holding = True
        try:
            yield
        finally:
            cls.holding = False
        if cls.asked:
            cls.end()

    @staticmethod
    def end():
        raise SystemExit("postfix-gate: called off while the change was tried out")


def main():
    CallingOff.at_signals()
    folder = os.path.abspath(sys.argv[1])
    trial = Trial(folder)
    try:
        myhostname, files = parameters(folder, "myhostname", "smtpd_tls_chain_files")
        chain = [path for path in re.split(r"[\s,]+", files) if path]
        missing = [path for path in chain if not os.path.exists(path)]
        if missing and missing != [SELF_SIGNED]:
            raise Failed(f"smtpd_tls_chain_files names {' and '.join(missing)}, which is not on this host")
        if missing:
            # Who makes this state live later has to have it tried again.
            with open(os.path.join(folder, "without-tls"), "w", encoding="ascii"):
                pass
        trial.lay_out(tls=not missing)
        trial.start()
        trial.wake_queue_manager()
        trial.wake_agents()
        converse(trial, myhostname)
        if chain and not missing:
            greet_with_tls(trial, "smtp")
            greet_with_tls(trial, "submission")
    except (Failed, OSError, smtplib.SMTPException) as error:
        for line in trial.reasons():
            print(f"postfix-gate: Postfix says: {line}", file=sys.stderr)
        text = one_line(" ".join(str(error or type(error).__name__).split()), 1000)
        print(f"postfix-gate: tried out before the change: {text}", file=sys.stderr)
        return 1
    finally:
        with CallingOff.held():
            trial.stop()
            shutil.rmtree(trial.place, ignore_errors=True)
    return 0


sys.exit(main())
