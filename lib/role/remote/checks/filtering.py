"""Spam, viruses and what cannot be scanned are really refused (R44): a harmless sample of each goes the way of incoming mail.

The way is a service of Postfix of its own on the loopback address. It has the filter of port 25, but neither access maps nor
blocklists nor greylisting before it, knows no network, and takes one recipient only, whose mail nobody keeps. What is refused
here was refused by the filter.
"""

import io
import re
import smtplib
import subprocess
import time
import zipfile
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from checks.outcome import CRITICAL, OK, UNKNOWN, WARNING, Metric, Outcome, readable, reason

# A little more than Postfix waits for the filter: its answer says more than none.
SECONDS = 75
# In pieces, so that no filter takes this program for a sample.
GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE" + "-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)7}" + "$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def spam(config):
    return sample(config, "GTUBE", r"- spam\b", text=f"{GTUBE}\r\n")


def virus(config):
    return sample(config, "EICAR", r"INFECTED", attachment=EICAR.encode("ascii"))


def unscanned(config):
    return sample(config, "a damaged archive", r"could not be scanned", text="A damaged archive.\r\n", attachment=damaged())


def damaged():
    """A zip without its last third: who passes this, passes what nobody scanned."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(zipfile.ZipInfo("sample.txt"), "".join(f"{number}\n" for number in range(1000)))
    return archive.getvalue()[: len(archive.getvalue()) * 2 // 3]


def sample(config, name, expected, text="A sample of a virus.\r\n", attachment=None):
    path = config["filter"]
    bypassed = unlike_port_25(path)
    if bypassed:
        return bypassed
    start = time.monotonic()
    stage, code, answer = deliver(path, compose(path["recipient"], name, text, attachment))
    seconds = time.monotonic() - start
    state, message = classify(name, expected, stage, code, answer)
    return Outcome(state, message, (Metric("time", seconds, "s"),))


def compose(address, name, text, attachment):
    message = EmailMessage()
    message["From"] = message["To"] = address
    message["Subject"] = f"Check of the filter: {name}"
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=address.rpartition("@")[2])
    message.set_content(text)
    if attachment is not None:
        message.add_attachment(attachment, maintype="application", subtype="octet-stream", filename="sample.com")
    return message.as_bytes()


def deliver(path, message):
    """Where the dialogue ended, and with which answer."""
    stage = "connection"
    try:
        with smtplib.SMTP(path["host"], path["port"], timeout=SECONDS, local_hostname="localhost") as session:
            stage = "greeting"
            session.ehlo_or_helo_if_needed()
            for stage, step in (
                ("sender", lambda: session.mail(path["recipient"])),
                ("recipient", lambda: session.rcpt(path["recipient"])),
                ("text", lambda: session.data(message)),
            ):
                code, answer = step()
                if code >= 400:
                    break
            return stage, code, readable(answer)
    except smtplib.SMTPResponseException as error:
        return stage, error.smtp_code, readable(error.smtp_error)
    except (OSError, smtplib.SMTPException) as error:
        return stage, 0, reason(error)


def classify(name, expected, stage, code, answer):
    """Tells the right refusal from everything that only looks like one."""
    said = f"{code} {answer}"
    if code == 0:
        return CRITICAL, f"{name} got no answer ({stage}: {answer}): nothing is known of the filter"
    if 200 <= code < 400:
        return CRITICAL, f"{name} was accepted, mail is not filtered: {said}"
    if re.search("gr[ea]ylist", answer, re.I):
        return WARNING, f"{name} was greylisted, the filter was not asked: {said}"
    if code < 500:
        return CRITICAL, f"{name} was put off, a filter does not work and mail waits: {said}"
    if stage == "text" and re.search(expected, answer):
        return OK, f"{name} is refused: {said}"
    return CRITICAL, f"{name} was refused for another reason ({stage}): {said}"


def unlike_port_25(path):
    """The sample proves nothing about port 25 when that has another filter, or none."""
    ours = proxy_filter(f"{path['host']}:{path['port']}/inet")
    theirs = proxy_filter(path["incoming"])
    if ours == theirs == path["filter"]:
        return None
    if ours is None or theirs is None:
        return Outcome(UNKNOWN, "postconf does not say which filter the services have")
    where = "nowhere" if theirs == "" else f"to {theirs}"
    if theirs != path["filter"]:
        return Outcome(CRITICAL, f"port 25 hands mail {where} and not to the filter at {path['filter']}")
    return Outcome(CRITICAL, f"the service of this check hands mail to '{ours}' and not to the filter at {path['filter']}")


def proxy_filter(service):
    """`smtpd_proxy_filter` of a service of master.cf; its own or that of main.cf. None: it cannot be found out."""
    for command in (["postconf", "-P", f"{service}/smtpd_proxy_filter"], ["postconf", "-hx", "smtpd_proxy_filter"]):
        try:
            result = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
        except (OSError, subprocess.SubprocessError):
            return None
        if result.returncode == 0 and (result.stdout.strip() or command[1] == "-hx"):
            return result.stdout.strip().rpartition(" =")[2].strip() if command[1] == "-P" else result.stdout.strip()
    return None
