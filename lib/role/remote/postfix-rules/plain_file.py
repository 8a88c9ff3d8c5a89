"""A file that others may write, read by root: opened once, bounded, and nothing is followed or waited for."""

import contextlib
import errno
import itertools
import os
import re
import stat

# What one program may take for a blank, a line end or nothing at all, and another not: control characters but tab and line feed,
# blanks and marks outside of ASCII, and bytes that are no UTF-8.
AMBIGUOUS = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\xa0\xad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


class Unsuitable(OSError):
    """It could be read and is not; `strerror` says why."""


@contextlib.contextmanager
def opened(path, largest):
    """The file, to be read, and its status as of then. A link raises OSError with ELOOP."""
    # A pipe that somebody put there would never end.
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise Unsuitable(errno.EINVAL, "is not a regular file", path)
        if status.st_size > largest:
            raise Unsuitable(errno.EFBIG, f"is larger than {size(largest)}", path)
        yield file, status


def read(path, largest):
    """Its bytes, and its status."""
    with opened(path, largest) as (file, status):
        # It may grow while it is read.
        content = file.read(largest + 1)
    if len(content) > largest:
        raise Unsuitable(errno.EFBIG, f"is larger than {size(largest)}", path)
    return content, status


def names(folder, most):
    """Names of files in a folder, in no order, of very many only so many; none where there is no folder."""
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry in itertools.islice(entries, most)]
    except (FileNotFoundError, NotADirectoryError):
        return []


def size(number):
    return f"{number // 1024 // 1024} MiB" if number >= 1024 * 1024 else f"{number // 1024} KiB"


def only_ours(status):
    """Whether nobody but who runs this program, root, can have written the file. One that root is copying of somebody else's belongs
    to root, too, for a moment, but nobody else may read it yet."""
    return status.st_uid == os.geteuid() and status.st_mode & 0o026 == 0o004


def text(content):
    """As meant: editors of other systems begin a file with a mark and end lines with two characters."""
    return content.decode("utf-8", "surrogateescape").removeprefix("\ufeff").replace("\r\n", "\n")


def ambiguous(content):
    """Number of each line that programs could read differently, and what in it; comments are nobody's business."""
    if not AMBIGUOUS.search(content):
        return
    for number, line in enumerate(content.split("\n"), 1):
        found = AMBIGUOUS.search(line)
        if found and not line.lstrip(" \t").startswith("#"):
            yield number, named(found.group())


def named(letter):
    code = ord(letter)
    if 0xDC80 <= code <= 0xDCFF:
        return f"a byte that is not UTF-8 (0x{code - 0xDC00:02x})"
    return (
        f"a control character (0x{code:02x})"
        if code < 0xA0
        else f"an invisible character or a blank that is not a space (U+{code:04X})"
    )


def unreadable(error):
    """Why, in words that follow the path."""
    if error.errno == errno.ELOOP:
        return "is a symbolic link; put the file itself there"
    return error.strerror if isinstance(error, Unsuitable) else f"cannot be read: {error.strerror}"
