"""The private keys, and the records that make their public halves known."""

import base64
import os
import pwd
import subprocess

BITS = 2048
SECONDS = 60


def private(folder, selector):
    return f"{folder}/{selector}.pem"


def public(folder, selector):
    return f"{folder}/{selector}.txt"


def problem(folder, selector, user):
    """Why a key cannot be used; nothing when it can."""
    path = private(folder, selector)
    try:
        state = os.lstat(path)
    except FileNotFoundError:
        return f"there is no key {selector} yet"
    if state.st_uid != pwd.getpwnam(user).pw_uid or state.st_mode & 0o7777 != 0o400:
        return f"{path} is not for {user} alone"
    if record(folder, selector) is None:
        return f"the public half of the key {selector} is missing"
    return None


def record(folder, selector):
    """The text for DNS; None when it is not there."""
    try:
        with open(public(folder, selector), encoding="ascii") as file:
            return file.read().strip() or None
    except FileNotFoundError:
        return None


def mend(folder, selector, user):
    """Makes what is missing. A key that is there stays: others know its public half."""
    path = private(folder, selector)
    if not os.path.exists(path):
        make(path)
    owner = pwd.getpwnam(user).pw_uid
    os.chown(path, owner, 0)
    os.chmod(path, 0o400)
    write(public(folder, selector), text_of(path) + "\n", 0o644)


def replace(folder, selector, user):
    """A new key in the place of one that is not used any more."""
    write(public(folder, selector), "", 0o644)
    make(private(folder, selector))
    mend(folder, selector, user)


def make(path):
    openssl("genpkey", "-quiet", "-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{BITS}", "-out", f"{path}.new")
    os.chmod(f"{path}.new", 0o400)
    sync(f"{path}.new")
    os.replace(f"{path}.new", path)


def text_of(path):
    half = openssl("pkey", "-in", path, "-pubout", "-outform", "DER")
    return f"v=DKIM1; k=rsa; p={base64.b64encode(half).decode()}"


def openssl(*arguments):
    # What is made is for root alone from its first byte.
    return subprocess.run(
        ["openssl", *arguments], check=True, stdout=subprocess.PIPE, timeout=SECONDS, preexec_fn=lambda: os.umask(0o077)
    ).stdout


def write(path, text, mode):
    """Old or new, whatever happens, and nothing between."""
    with open(f"{path}.new", "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, mode)) as file:
        os.fchmod(file.fileno(), mode)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(f"{path}.new", path)


def sync(path):
    with open(path, "rb") as file:
        os.fsync(file.fileno())
