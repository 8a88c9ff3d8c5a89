"""Whether a signature is right: a verifier of its own (RFC 6376), so that the signer does not judge itself."""

import base64
import binascii
import hashlib
import re
import subprocess
import tempfile

SECONDS = 10
LINE = re.compile(r"[ \t]+")


class Wrong(Exception):
    """The signature does not prove what it should."""


def tags(text):
    """`a=1; b=2` as a dictionary, values without white space."""
    pairs = (part.partition("=") for part in text.split(";") if part.strip())
    return {name.strip(): re.sub(r"\s", "", value) for name, _, value in pairs}


def verify(signature, domain, selector, record, fields, body):
    """A DKIM-Signature field of a mail, as a receiver judges it who finds `record` in DNS."""
    said = tags(signature)
    expected = {"a": "rsa-sha256", "c": "relaxed/relaxed", "d": domain, "s": selector}
    for name, value in expected.items():
        if said.get(name) != value:
            raise Wrong(f"{name}={said.get(name)}, expected {value}")
    if "l" in said:
        raise Wrong("it covers only a part of the body")
    if said.get("bh") != base64.b64encode(hashlib.sha256(relaxed_body(body)).digest()).decode():
        raise Wrong("the body is another one")
    # A name that is listed more often than it is there: nobody may add such a field. The last ones of a name count first.
    left = list(fields)
    signed = []
    for name in said.get("h", "").lower().split(":"):
        found = next((field for field in reversed(left) if field[0].lower() == name), None)
        if found:
            left.remove(found)
            signed.append(relaxed_field(*found) + "\r\n")
    unsigned = re.sub(r"(^|;)(\s*b\s*=)[^;]*", r"\1\2", signature)
    text = "".join(signed) + relaxed_field("DKIM-Signature", unsigned)
    if "from" not in said.get("h", "").lower().split(":"):
        raise Wrong("From is not signed")
    if not proves(tags(record).get("p", ""), said.get("b", ""), text.encode()):
        raise Wrong("the key in DNS is another one")


def relaxed_field(name, value):
    unfolded = LINE.sub(" ", re.sub(r"\r?\n", "", value)).strip()
    return f"{name.lower()}:{unfolded}"


def relaxed_body(body):
    lines = [re.sub(rb"[ \t]+", b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
    while lines and not lines[-1]:
        lines.pop()
    return b"".join(line + b"\r\n" for line in lines)


def proves(public, proof, text):
    try:
        key = base64.b64decode(public, validate=True)
        signature = base64.b64decode(proof, validate=True)
    except binascii.Error:
        return False
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (("key", key), ("signature", signature)):
            with open(f"{folder}/{name}", "wb") as file:
                file.write(content)
        command = ["openssl", "dgst", "-sha256", "-verify", f"{folder}/key", "-keyform", "DER", "-signature", f"{folder}/signature"]
        result = subprocess.run(command, input=text, capture_output=True, timeout=SECONDS, check=False)
    return result.returncode == 0
