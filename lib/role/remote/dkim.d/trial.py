"""A test mail through the signer, judged as a receiver would."""

import email.utils

from milter import Refused, added_fields
from signature import Wrong, verify

BODY = b"A trial of the signer.\r\n\r\nIt  has lines with blanks \t \r\nand an end.\r\n\r\n"


def problem(path, domain, selector, record):
    """What is wrong with how mail of a domain is signed; nothing when it is as it should be. Without a selector no signature is expected."""
    sender = f"postmaster@{domain}"
    fields = [
        ("Date", email.utils.formatdate()),
        ("From", f"Trial  <{sender}>"),
        ("To", "trial@example.invalid"),
        ("Subject", "A trial\r\n\tof the signer"),
        ("Message-ID", f"<trial@{domain}>"),
    ]
    try:
        added = [
            value for name, value in added_fields(path, sender, "trial@example.invalid", fields, BODY) if name == "DKIM-Signature"
        ]
    except Refused as refused:
        return f"the signer: {refused}"
    if selector is None:
        return f"mail of {domain} is signed, and the record for it is not there" if added else None
    if len(added) != 1:
        return f"mail of {domain} gets {len(added)} signatures, expected one"
    try:
        verify(added[0], domain, selector, record, fields, BODY)
    except Wrong as wrong:
        return f"the signature of mail of {domain} is wrong: {wrong}"
    return None
