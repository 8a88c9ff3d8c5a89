"""A conversation with a smart host, as far as it goes without a mail: connection, TLS, login, and whether it takes the senders.

`me` is the whole of relay.json: heloName, bindIpv4 and bindIpv6 (where mail leaves from; absent: the system chooses, and no IPv6), and
routes, each with its name, whom it is for (everything, senders, recipients) and its relays: host, port, tls, senders (addresses to
try), and with a login user and login, the name of its password.
"""

import base64
import contextlib
import smtplib
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

# What Postfix verifies with.
AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
# For one step; a conversation has a few.
SECONDS = 8
IMPLICIT_TLS_PORT = 465
# Of the mechanisms that Postfix is allowed.
MECHANISMS = ("PLAIN", "LOGIN")
MOST_AT_ONCE = 8
# The secret of an access key is taken for it easily, and one is good for a single region.
SES_PASSWORD = '; that of SES is what "mailserver ses-login" makes of the secret of an access key, for this region'

# What is found: well; refused for a reason that lasts (WRONG); not to be had now (AWAY); takes this host, and not all senders (PARTLY).
WELL, WRONG, AWAY, PARTLY = "well", "wrong", "away", "partly"


@dataclass(frozen=True)
class Found:
    kind: str
    text: str


class Ended(Exception):
    """The conversation is over; what was found."""

    def __init__(self, kind, text):
        super().__init__(text)
        self.found = Found(kind, text)


def tried(me, passwords):
    """Each smart host with what was found, those of several routes once."""
    relays = {name_of(relay): relay for route in me["routes"] for relay in route["relays"]}
    with ThreadPoolExecutor(max_workers=MOST_AT_ONCE) as pool:
        found = {name: pool.submit(converse, relay, passwords, me) for name, relay in relays.items()}
        return {name: future.result() for name, future in found.items()}


def name_of(relay):
    """Unique by what is asked of it."""
    user = f"{relay['user']} at " if "user" in relay else ""
    return f"{user}{relay['host']}:{relay['port']}"


def converse(relay, passwords, me):
    session = Session(relay, me)
    try:
        session.begin()
        session.log_in(passwords)
        session.try_senders()
    except Ended as end:
        return end.found
    except smtplib.SMTPServerDisconnected:
        return Found(AWAY, f"{session.name} hangs up in the middle of the conversation: mail waits and is tried again")
    except (OSError, smtplib.SMTPException, ValueError) as error:
        return Found(
            AWAY, f"{session.name} does not answer as a mail server ({reason(error)}): see that host and port of relay are right"
        )
    finally:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            session.quit()
    return Found(WELL, f"{session.name} takes this host")


class Session(smtplib.SMTP):
    def __init__(self, relay, me):
        super().__init__(timeout=SECONDS, local_hostname=me["heloName"])
        self.relay, self.me = relay, me
        # For the certificate.
        self._host = relay["host"]
        self.name = f"{relay['host']}:{relay['port']}"

    def _get_socket(self, host, port, timeout):
        plain = self.reach(host, port)
        if port != IMPLICIT_TLS_PORT:
            return plain
        return self.encrypted(lambda: context(self.relay["tls"]).wrap_socket(plain, server_hostname=host))

    def reach(self, host, port):
        """As Postfix does: from the addresses of this host, over IPv6 only where there is one for it."""
        families = {socket.AF_INET: self.me.get("bindIpv4")}
        if "bindIpv6" in self.me:
            families[socket.AF_INET6] = self.me["bindIpv6"]
        try:
            targets = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except socket.gaierror as error:
            if error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)):
                raise Ended(WRONG, f"{host} has no address in DNS: correct the host of relay") from None
            raise Ended(AWAY, f"the address of {host} cannot be found now: see that the resolver of this host works") from None
        targets = [target for target in targets if target[0] in families]
        said = "it has no IPv4 address, and this host sends no mail over IPv6"
        for family, kind, protocol, _, address in targets:
            connection = socket.socket(family, kind, protocol)
            connection.settimeout(SECONDS)
            try:
                if families[family]:
                    connection.bind((families[family], 0))
                connection.connect(address)
                return connection
            except OSError as error:
                connection.close()
                said = reason(error)
        raise Ended(
            AWAY,
            f"{self.name} cannot be reached ({said}): mail waits and is tried again; see that the port of relay is right and that no firewall closes it",
        )

    def begin(self):
        code, text = self.connect(self.relay["host"], self.relay["port"])
        if code != 220:
            raise self.refused(code, text, "refuses this host", "have its operator allow the address of this host")
        self.greet()
        if self.relay["port"] == IMPLICIT_TLS_PORT or self.relay["tls"] == "none":
            return
        if not self.has_extn("starttls"):
            if self.relay["tls"] == "may":
                return
            raise Ended(WRONG, f"{self.name} offers no TLS: set the port of relay to one that has it, such as 587 or 465")
        code, text = self.docmd("STARTTLS")
        if code != 220:
            raise self.refused(code, text, "refuses TLS", "set the port of relay to one that has it, such as 587 or 465")
        self.sock = self.encrypted(lambda: context(self.relay["tls"]).wrap_socket(self.sock, server_hostname=self._host))
        self.file = None
        self.esmtp_features = {}
        self.greet()

    def greet(self):
        code, text = self.ehlo()
        if not 200 <= code <= 299:
            raise self.refused(code, text, f"refuses the name {self.local_hostname}", "have its operator allow it")

    def encrypted(self, wrap):
        try:
            return wrap()
        except ssl.SSLCertVerificationError as error:
            raise Ended(
                WRONG,
                f"the certificate of {self.name} is not accepted ({error.verify_message}): set host of relay to a name that it is for, or have its "
                "operator mend it; for an authority of your own, put its certificate into /usr/local/share/ca-certificates and run update-ca-certificates",
            ) from None
        except ssl.SSLError as error:
            raise Ended(
                WRONG,
                f"TLS with {self.name} fails ({(error.reason or str(error)).lower().replace('_', ' ')}): port 465 has it from the start, others after STARTTLS; correct the port of relay",
            ) from None

    def log_in(self, passwords):
        if "user" not in self.relay:
            return
        offered = self.esmtp_features.get("auth", "").upper().replace("=", " ").split()
        mechanism = next((name for name in MECHANISMS if name in offered), None)
        if mechanism is None:
            what = f"only the logins {', '.join(offered)[:80]}" if offered else "no login"
            raise Ended(WRONG, f"{self.name} offers {what}, and relay has one by password: correct its port, or leave login out")
        password = passwords.get(self.relay["login"])
        if password is None:
            raise Ended(
                AWAY, f"the password of {self.relay['user']} for {self.name} is not on this host, so mail waits: apply the stack"
            )
        code, text = self.plain(password) if mechanism == "PLAIN" else self.two_steps(password)
        if not 200 <= code <= 299:
            raise self.refused(
                code,
                text,
                f"refuses the login of {self.relay['user']}",
                "correct user and password of relay, and raise its passwordVersion"
                + (SES_PASSWORD if self.relay["host"].lower().endswith(".amazonaws.com") else ""),
            )

    def plain(self, password):
        return self.docmd("AUTH", "PLAIN " + encoded(f"\0{self.relay['user']}\0{password}"))

    def two_steps(self, password):
        code, text = self.docmd("AUTH", "LOGIN")
        for answer in (self.relay["user"], password):
            if code != 334:
                break
            code, text = self.docmd(encoded(answer))
        return code, text

    def try_senders(self):
        """No recipient follows: it is not a mail."""
        for address in self.relay["senders"]:
            code, text = self.docmd("MAIL", f"FROM:<{address}>")
            if code == 530:
                raise self.refused(code, text, "wants a login", "give relay one")
            if not 200 <= code <= 299:
                refused = self.refused(
                    code,
                    text,
                    f"refuses the sender {address}",
                    "have its operator allow the domain, or give relay the senders that it takes",
                )
                raise Ended(PARTLY, refused.found.text) if refused.found.kind == WRONG else refused
            self.docmd("RSET")

    def refused(self, code, text, what, fix):
        said = " ".join(text.decode("utf-8", "replace").split())[:200]
        if 400 <= code <= 499:
            return Ended(
                AWAY,
                f"{self.name} takes nothing now ({code} {said}): mail waits and is tried again; if that goes on, lower the pace of relay",
            )
        return Ended(WRONG, f"{self.name} {what} ({code} {said}): {fix}")


def context(tls):
    made = ssl.create_default_context(cafile=AUTHORITIES)
    # Stricter than Postfix.
    made.verify_flags &= ~getattr(ssl, "VERIFY_X509_STRICT", 0)
    if tls != "verify":
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
    return made


def encoded(text):
    return base64.b64encode(text.encode()).decode("ascii")


def reason(error):
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
