"""What Postfix asks about mail (milter protocol, by libmilter): what is submitted through ports 587 and 465 and by sendmail, and of what came
through port 25 the From field, when the filter gives it back."""

import logging

import Milter
from alerts import ALERTS
from first_hop import client_on_port_25
from senders import envelope_problem, header_problem, shown
from watch import client_name

# `milter_macro_daemon_name` of the mail that programs of this host hand to sendmail: nobody waits for a reply there.
BY_SENDMAIL = "sendmail"
# The same of what comes back from the filter; it answers the client of port 25, who still waits.
FROM_FILTER = "filtered"
# Of `Received:`: that of this host is on top, or below one of the filter.
FIELDS_LOOKED_AT = 2
THIS_HOST = "127.0.0.1"
LOOPBACK = (THIS_HOST, "::1")


@Milter.rejected_recipients
class Submission(Milter.Base):
    """One connection to port 587 or 465, or of the filter, or one mail of sendmail. `policy`, `watch` and `gatekeeper` are set by the program that runs it."""

    policy = None
    watch = None
    gatekeeper = None

    def __init__(self):
        self.address = None
        self.by_sendmail = self.from_filter = False
        self.forget()

    def forget(self):
        self.name, self.is_client = None, False
        self.entries = None
        self.sender = ""
        self.count = 0
        self.fields, self.received = [], []
        self.held = None

    @Milter.nocallback
    def hello(self, hostname):
        return Milter.CONTINUE

    @Milter.nocallback
    def body(self, chunk):
        return Milter.CONTINUE

    @Milter.nocallback
    def data(self):
        return Milter.CONTINUE

    @Milter.nocallback
    def unknown(self, command):
        return Milter.CONTINUE

    def connect(self, hostname, family, hostaddr):
        self.address = hostaddr[0] if isinstance(hostaddr, tuple) else None
        way = self.getsymval("{daemon_name}")
        self.by_sendmail, self.from_filter = way == BY_SENDMAIL, way == FROM_FILTER
        return Milter.CONTINUE

    def envfrom(self, sender, *parameters):
        self.forget()
        self.sender = sender.removeprefix("<").removesuffix(">")
        if self.from_filter:
            return Milter.CONTINUE
        if self.by_sendmail:
            return self.begun_by_sendmail()
        name = self.getsymval("{auth_authen}")
        if name:
            self.name = self.policy.login(name)
            if self.address:
                self.gatekeeper.succeeded(self.address)
            stopped = self.watch.refusal(self.name)
            if stopped:
                return self.put_off(stopped)
            self.entries = self.policy.senders_of_login(self.name)
            return self.judged(envelope_problem(self.entries, self.sender, self.policy.origin))
        return Milter.CONTINUE

    def begun_by_sendmail(self):
        """Put off, a mail stays in the maildrop queue. Refused, it would bounce to whoever it names as its sender, so it is held."""
        self.name, self.is_client = client_name(THIS_HOST), True
        over = self.watch.full(self.name)
        if over:
            return self.put_off(over)
        self.entries = self.policy.senders_of_client(THIS_HOST)
        self.held = envelope_problem(self.entries, self.sender, self.policy.origin)
        return Milter.CONTINUE

    def envrcpt(self, recipient, *parameters):
        if self.from_filter:
            return Milter.CONTINUE
        if self.by_sendmail:
            self.watch.counted(self.name, recipient.removeprefix("<").removesuffix(">"), begins=self.count == 0)
            self.count += 1
            return Milter.CONTINUE
        if self.getsymval("{rcpt_mailer}") == "error":
            # Postfix has refused it already.
            if self.name is not None and self.entries is not None and not self.is_client:
                self.watch.went_wrong(self.name, "refused")
            return Milter.CONTINUE
        if self.entries is None and self.address is not None:
            # Of clients without a login only those of known networks get this far: Postfix refuses the others' recipients itself.
            self.name, self.is_client = client_name(self.address), True
            self.entries = self.policy.senders_of_client(self.address)
            problem = envelope_problem(self.entries, self.sender, self.policy.origin)
            if problem:
                self.entries = None
                return self.judged(problem)
        if self.name is None:
            return Milter.CONTINUE
        if self.is_alert(recipient):
            return Milter.CONTINUE
        over = self.watch.recipient(self.name, recipient.removeprefix("<").removesuffix(">"), begins=self.count == 0)
        if over:
            return self.put_off(over)
        self.count += 1
        return Milter.CONTINUE

    @Milter.noreply
    def header(self, name, value):
        name = name.strip().lower()
        if name == "from" and len(self.fields) < 2:
            self.fields.append(value)
        if name == "received" and self.from_filter and len(self.received) < FIELDS_LOOKED_AT:
            self.received.append(value)
        return Milter.CONTINUE

    @Milter.nocallback
    def eoh(self):
        return Milter.CONTINUE

    def eom(self):
        if self.from_filter:
            return self.came_back()
        problem = None if self.entries is None else header_problem(self.entries, self.fields, self.policy.origin)
        if problem is None and self.name is not None:
            self.watch.queued(self.getsymval("i"), self.name)
        if self.by_sendmail and (self.held or (problem and self.sender == "")):
            text = shown(f"sendmail on this host {self.held or problem}")
            logging.info("held: %s", text)
            self.quarantine(text)
            return Milter.CONTINUE
        return self.judged(problem)

    def came_back(self):
        """Envelope and limits were judged when port 25 was asked."""
        address = client_on_port_25(self.received, self.policy.origin)
        if address is None:
            return Milter.CONTINUE
        self.name = client_name(address)
        return self.judged(header_problem(self.policy.senders_of_client(address), self.fields, self.policy.origin))

    def is_alert(self, recipient):
        """What this program itself has to say gets through, whoever on this host has used up its limits."""
        return self.is_client and self.address in LOOPBACK and recipient.lower() == f"<{ALERTS}@{self.policy.origin}>"

    def put_off(self, reason):
        self.setreply("450", "4.7.1", shown(reason))
        return Milter.TEMPFAIL

    def judged(self, problem):
        if problem is None:
            return Milter.CONTINUE
        text = shown(f"{self.name} {problem}" if problem.startswith("may ") else f"{problem} ({self.name})")
        logging.info("refused: %s", text)
        self.setreply("550", "5.7.1", text)
        return Milter.REJECT
