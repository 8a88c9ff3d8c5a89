"""Who handed a mail to port 25 of this host, by the field `Received:` that smtpd(8) puts on top of it before the filter gets it. What the
client itself wrote stands below that field, or in the other lines of it: its HELO name, its certificate, the recipient."""

import ipaddress
import re

CLIENT = re.compile(r"from [^ ]+ \([^ ]+ \[(?:IPv6:)?([0-9A-Fa-f.:]{2,39})\]\)")
# Without the queue id of a port of submission, where the From field was looked at, and without its login (`ESMTPA`).
AS_PORT_25_WRITES = re.compile(r"by [^ ]+ \(.*\) with (?:E|UTF8)?SMTPS?(?:;.*)?")


def client_on_port_25(fields, host):
    """Its address; None: the mail came another way. `fields` are the values of `Received:`, the uppermost first."""
    for field in fields:
        first, *others = [line.strip() for line in field.split("\n")]
        by = next((line for line in others if line.startswith(f"by {host} (")), None)
        if by is not None:
            found = CLIENT.fullmatch(first)
            return address(found.group(1)) if found and AS_PORT_25_WRITES.fullmatch(by) else None
    return None


def address(text):
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None
