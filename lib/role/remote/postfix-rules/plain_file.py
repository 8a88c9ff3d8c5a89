"""A file that service users may write, read by root: opened once, and nothing is followed or waited for."""
import errno
import os
import stat


class Unsuitable(OSError):
    """It could be read and is not; `strerror` says why."""


def read(path, largest):
    """Its bytes, and its status as of then. A link raises OSError with ELOOP."""
    # A pipe that somebody put there would never end.
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise Unsuitable(errno.EINVAL, "is no regular file", path)
        if status.st_size > largest:
            raise Unsuitable(errno.EFBIG, f"is larger than {largest // 1024 // 1024} MiB", path)
        return file.read(), status


def text(content):
    """As meant: editors of other systems begin a file with a mark and end lines with two characters."""
    return content.decode("utf-8", "surrogateescape").removeprefix("\ufeff").replace("\r\n", "\n")


def unreadable(error):
    """Why, in words that follow the path."""
    if error.errno == errno.ELOOP:
        return "is a symbolic link; put the file itself there"
    return error.strerror if isinstance(error, Unsuitable) else f"cannot be read: {error.strerror}"
