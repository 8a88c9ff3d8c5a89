"""list-chunks PATH: the pieces of a large text, a line `BYTES DIGEST` each: where a piece ends follows from its last line alone, so that a
changed line changes one piece and no other.
list-chunks PATH OFFSET:BYTES…: these parts of it, one after the other, compressed.
"""

import base64
import hashlib
import os
import stat
import sys
import zlib

# Also in lib/host/lists/chunks.ts.
LINES_ON_AVERAGE = 128
MOST_LINES = 2048
LARGEST = 64 * 1024 * 1024


def opened(path):
    # Others may write the folder: nothing is followed or waited for.
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST:
        sys.exit("is not a regular file, or too large")
    return os.fdopen(descriptor, "rb")


def pieces(file):
    left, lines, length, digest = LARGEST, 0, 0, hashlib.sha256()
    while left > 0 and (line := file.readline(left)):
        left -= len(line)
        digest.update(line)
        lines += 1
        length += len(line)
        if lines == MOST_LINES or zlib.crc32(line) % LINES_ON_AVERAGE == 0:
            yield length, digest
            lines, length, digest = 0, 0, hashlib.sha256()
    if length:
        yield length, digest


def main(path, *ranges):
    with opened(path) as file:
        if not ranges:
            for length, digest in pieces(file):
                print(length, base64.b64encode(digest.digest()[:9]).decode())
            return
        packer = zlib.compressobj(1)
        for part in ranges:
            offset, length = map(int, part.split(":"))
            file.seek(offset)
            sys.stdout.buffer.write(packer.compress(file.read(length)))
        sys.stdout.buffer.write(packer.flush())


main(*sys.argv[1:])
