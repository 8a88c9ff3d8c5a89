"""samples.py PORT RECIPIENT SENDER WHICH [USER PASSWORD]: sends samples to a port of this machine, those whose name has the pattern
WHICH in it, or with file:FOLDER each file of a folder. One line each: name, what the table expects, reply, seconds.
samples.py show NAME: prints one.

Each holds the EICAR test file, packed in a way that somebody could have tried; or is an ordinary mail that has to pass.
"""

import base64
import binascii
import bz2
import gzip
import io
import lzma
import os
import random
import re
import smtplib
import ssl
import struct
import subprocess
import sys
import tarfile
import tempfile
import time
import warnings
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor

# In pieces, so that no scanner takes this program for a virus.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
# For what keeps files as they are: there the scanner would see EICAR without opening anything.
PACKED = gzip.compress(EICAR, mtime=0)
MIB = 1024 * 1024
# Kept out: refused, or put off where the machine is too slow to look into all of it.
VIRUS, UNSCANNED, REFUSED, KEPT_OUT, PASSES = "virus", "unscanned", "refused", "kept out", "passes"
SAMPLES = {}


def sample(expected, name=None, attachment="sample.bin", kind="application/octet-stream"):
    """A function that makes a mail, or the contents of one attachment."""

    def register(function):
        SAMPLES[name or function.__name__.replace("_", " ")] = (expected, attachment, kind, function)
        return function

    return register


def noise(size, seed=1):
    return random.Random(seed).randbytes(size)


def zipped(*files, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), content, method)
    return out.getvalue()


def tarred(*files, form=tarfile.GNU_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, content in files:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def by_tool(*command, files=(("eicar.com", PACKED),), out="out"):
    """What a program packs; {} is the result, the files are in its folder."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files:
            with open(os.path.join(folder, name), "wb") as file:
                file.write(content)
        subprocess.run([word.replace("{}", out) for word in command], cwd=folder, check=True, capture_output=True)
        with open(os.path.join(folder, out), "rb") as file:
            return file.read()


def attached(content, name="sample.bin", kind="application/octet-stream", before=(), encoding="base64"):
    """A mail with attachments; those before it come first."""
    parts = [(*each, "application/octet-stream") for each in before] + [(name, content, kind)]
    text = [
        "MIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="b"',
        "",
        "--b",
        "Content-Type: text/plain",
        "",
        "Good day, here are the files.",
    ]
    for part, data, type_ in parts:
        text += ["--b", f'Content-Type: {type_}; name="{part}"', f"Content-Transfer-Encoding: {encoding}", ""]
        text += [base64.encodebytes(data).decode().rstrip("\n")] if encoding == "base64" else [data.decode("latin-1")]
    return "\n".join([*text, "--b--", ""])


def mail(body):
    """A mail that begins with its own header fields."""
    return ("raw", body)


# Next to and behind what is large.


@sample(VIRUS)
def behind_20_MiB_of_zeros_in_a_zip():
    return zipped(("zeros", bytes(20 * MIB)), ("eicar.com", EICAR))


@sample(VIRUS)
def beside_a_zip_of_30_MB_of_zeros():
    return mail(attached(EICAR, "eicar.com", before=[("zeros.zip", zipped(("zeros", bytes(30_000_000))))]))


@sample(UNSCANNED)
def behind_400_MiB_of_zeros_in_a_zip():
    return zipped(("zeros", bytes(400 * MIB)), ("eicar.com", EICAR))


@sample(REFUSED)
def beside_a_gzip_of_400_MiB_of_zeros():
    return mail(attached(EICAR, "eicar.com", before=[("zeros.gz", gzip.compress(bytes(400 * MIB), 9, mtime=0))]))


@sample(REFUSED)
def a_bomb_of_zips_of_zips():
    inner = zipped(("zeros", bytes(64 * MIB)))
    return zipped(*((f"{number}.zip", inner) for number in range(20)), ("eicar.com", EICAR))


@sample(UNSCANNED)
def bz2_of_600_MB():
    return bz2.compress(bytes(600_000_000) + EICAR)


@sample(UNSCANNED)
def LZMA_that_needs_1536_MiB_of_memory():
    return lzma_header_lie(EICAR)


def lzma_header_lie(content):
    """LZMA alone: five bytes say how much memory is needed."""
    packed = bytearray(lzma.compress(content, lzma.FORMAT_ALONE, preset=0))
    packed[1:5] = struct.pack("<I", 1536 * MIB)
    return bytes(packed)


@sample(UNSCANNED)
def behind_12000_files_in_a_zip():
    return zipped(*((f"{number}.txt", b"text %d" % number) for number in range(12_000)), ("eicar.com", EICAR))


@sample(VIRUS)
def behind_2000_files_in_a_zip():
    return zipped(*((f"{number}.txt", b"text %d" % number) for number in range(2_000)), ("eicar.com", EICAR))


def nested(depth, pack):
    content = EICAR
    for _ in range(depth):
        content = pack(content)
    return content


for depth, expected in ((8, VIRUS), (14, VIRUS), (20, UNSCANNED), (40, UNSCANNED)):
    sample(expected, f"{depth} zips deep")(lambda depth=depth: nested(depth, lambda inner: zipped(("inner.zip", inner))))
    sample(expected, f"{depth} gzips deep")(lambda depth=depth: nested(depth, lambda inner: gzip.compress(inner, mtime=0)))
    sample(expected, f"{depth} tars deep")(lambda depth=depth: nested(depth, lambda inner: tarred(("inner.tar", inner))))


def forwarded(inner):
    return "MIME-Version: 1.0\nContent-Type: message/rfc822\n\nSubject: forwarded\nFrom: a@example.test\n" + inner


for depth, expected in ((3, VIRUS), (40, REFUSED)):

    def message_in_messages(depth=depth):
        inner = attached(zipped(("eicar.com", EICAR)), "eicar.zip")
        for _ in range(depth):
            inner = forwarded(inner)
        return mail(inner)

    sample(expected, f"{depth} messages deep")(message_in_messages)


@sample(KEPT_OUT)
def more_MIME_parts_than_anybody_sends():
    return mail(attached(EICAR, before=[("x", b"x")] * 12_000))


# Each packer.

sample(VIRUS, "plain")(lambda: EICAR)
sample(VIRUS, "zip")(lambda: zipped(("eicar.com", EICAR)))
sample(VIRUS, "zip, bzip2 inside")(lambda: zipped(("eicar.com", EICAR), method=zipfile.ZIP_BZIP2))
sample(VIRUS, "zip, LZMA inside")(lambda: zipped(("eicar.com", EICAR * 3), method=zipfile.ZIP_LZMA))
for method in ("Deflate64", "PPMd", "LZMA", "BZip2"):
    sample(VIRUS, f"zip by 7-Zip, {method}")(
        lambda method=method: by_tool(
            "7z", "a", "-tzip", f"-mm={method}", "{}", "eicar.com", files=[("eicar.com", PACKED * 2)], out="out.zip"
        )
    )
for method in ("LZMA2", "LZMA", "PPMd", "BZip2", "Deflate", "Copy"):
    sample(VIRUS, f"7z, {method}")(
        lambda method=method: by_tool(
            "7z", "a", "-t7z", f"-m0={method}", "{}", "eicar.com", files=[("eicar.com", PACKED * 2)], out="out.7z"
        )
    )
sample(VIRUS, "7z, BCJ2")(lambda: by_tool("7z", "a", "-mf=BCJ2", "{}", "eicar.exe", files=[("eicar.exe", PACKED)], out="out.7z"))
sample(VIRUS, "wim")(lambda: by_tool("7z", "a", "-twim", "{}", "eicar.com", out="out.wim"))
sample(VIRUS, "gzip")(lambda: gzip.compress(EICAR, mtime=0))
sample(VIRUS, "gzip, second member")(lambda: gzip.compress(b"first", mtime=0) + gzip.compress(EICAR, mtime=0))
sample(VIRUS, "bzip2")(lambda: bz2.compress(EICAR))
sample(VIRUS, "bzip2, second stream")(lambda: bz2.compress(b"first") + bz2.compress(EICAR))
sample(VIRUS, "xz")(lambda: lzma.compress(EICAR))
sample(VIRUS, "xz, second stream")(lambda: lzma.compress(b"first") + lzma.compress(EICAR))
sample(VIRUS, "xz, delta filter")(
    lambda: lzma.compress(EICAR, lzma.FORMAT_XZ, filters=[{"id": lzma.FILTER_DELTA, "dist": 1}, {"id": lzma.FILTER_LZMA2}])
)
sample(VIRUS, "LZMA alone")(lambda: lzma.compress(EICAR, lzma.FORMAT_ALONE))
for form, name in ((tarfile.USTAR_FORMAT, "ustar"), (tarfile.GNU_FORMAT, "GNU"), (tarfile.PAX_FORMAT, "pax")):
    sample(VIRUS, f"tar, {name}")(lambda form=form: tarred(("eicar.gz", PACKED), form=form))
sample(VIRUS, "tar, gzip")(lambda: gzip.compress(tarred(("eicar.com", EICAR)), mtime=0))
sample(VIRUS, "tar, gzip, two files of one name")(lambda: gzip.compress(tarred(("a", PACKED), ("a", b"harmless")), mtime=0))
for form in ("newc", "odc", "bin"):
    sample(VIRUS, f"cpio, {form}, gzip")(
        lambda form=form: gzip.compress(by_tool("bsdtar", "-cf", "{}", f"--format={form}", "eicar.com"), mtime=0)
    )
for form in ("iso9660", "xar", "ar", "7zip", "zip", "v7tar"):
    sample(VIRUS, f"{form} by libarchive")(lambda form=form: by_tool("bsdtar", "-cf", "{}", f"--format={form}", "eicar.com"))
for packer in ("compress", "lz4", "lzip", "zstd", "uuencode"):
    sample(VIRUS, f"tar, {packer}")(lambda packer=packer: by_tool("bsdtar", "-cf", "{}", f"--{packer}", "eicar.com"))


@sample(VIRUS)
def cabinet():
    name = b"eicar.com\0"
    data = PACKED
    block = struct.pack("<IHH", 0, len(data), len(data)) + data
    entry = struct.pack("<IIHHHH", len(data), 0, 0, 0x5000, 0, 0x20) + name
    start = 36 + 8 + len(entry)
    head = b"MSCF" + struct.pack("<IIIIIBBHHHHH", 0, start + len(block), 0, 44, 0, 3, 1, 1, 1, 0, 0, 0)
    return head + struct.pack("<IHH", start, 1, 0) + entry + block


def crc16(data):
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ 0xA001 if value & 1 else value >> 1
    return value


@sample(VIRUS)
def lha():
    name = b"eicar.gz"
    rest = (
        b"-lh0-"
        + struct.pack("<IIIBB", len(PACKED), len(PACKED), 0x50000000, 0x20, 0)
        + bytes([len(name)])
        + name
        + struct.pack("<H", crc16(PACKED))
    )
    return bytes([len(rest), sum(rest) & 255]) + rest + PACKED + b"\0"


def rar(content, name=b"eicar.com"):
    def block(kind, flags, body, data=b""):
        rest = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
        return struct.pack("<H", binascii.crc32(rest) & 0xFFFF) + rest + data

    body = (
        struct.pack("<IIBIIBBHI", len(content), len(content), 3, binascii.crc32(content), 0x50000000, 20, 0x30, len(name), 0x81A4)
        + name
    )
    return b"Rar!\x1a\x07\0" + block(0x73, 0, bytes(6)) + block(0x74, 0x8000, body, content) + block(0x7B, 0x4000, b"")


sample(VIRUS, "rar")(lambda: rar(PACKED, b"eicar.gz"))
sample(VIRUS, "rar, a zip inside")(lambda: rar(zipped(("eicar.com", EICAR)), b"eicar.zip"))
sample(VIRUS, "rar in a zip, a gzip inside")(lambda: zipped(("in.rar", rar(gzip.compress(EICAR, mtime=0), b"eicar.gz"))))


@sample(VIRUS)
def arj():
    def header(kind, body, name):
        rest = struct.pack("<BBBBBBB", 30, 11, 1, 2, 0, 0, kind) + body + name + b"\0\0"
        return b"\x60\xea" + struct.pack("<H", len(rest)) + rest + struct.pack("<IH", binascii.crc32(rest), 0)

    main = header(2, bytes(1 + 4 * 5 + 2), b"a.arj")
    body = b"\0" + struct.pack("<IIIIHHH", 0x50000000, len(PACKED), len(PACKED), binascii.crc32(PACKED), 0, 0x20, 0)
    return main + header(0, body, b"eicar.gz") + PACKED + b"\x60\xea\0\0"


# What no program here opens.
sample(UNSCANNED, "lzop")(lambda: b"\x89LZO\0\r\n\x1a\n" + noise(200))
sample(UNSCANNED, "lrzip in a zip")(lambda: zipped(("a.lrz", b"LRZI\0\x06" + noise(200))))
sample(UNSCANNED, "Zoo archive")(lambda: b"ZOO 2.10 Archive.\x1a\0\0\xdc\xa7\xc4\xfd" + noise(200))
sample(UNSCANNED, "ACE archive in a gzip")(lambda: gzip.compress(b"\x12\x34\x31\0\0\0\x90**ACE**" + noise(200), mtime=0))
sample(UNSCANNED, "freeze")(lambda: b"\x1f\x9f" + noise(200))
sample(UNSCANNED, "ARC archive")(lambda: b"\x1a\x08eicar.com\0\0\0\0" + noise(200))
sample(UNSCANNED, "StuffIt archive")(lambda: b"SIT!\0\x01\0\0\x01\0rLau" + noise(200))
sample(UNSCANNED, "zip, a method nobody knows")(
    lambda: zipped(("eicar.com", EICAR)).replace(b"\x14\0\0\0\x08\0", b"\x14\0\0\0\x5c\0", 2)
)

# Behind something else.
for behind, content in {
    "a photo": b"\xff\xd8\xff\xe0\0\x10JFIF\0" + noise(2_000_000),
    "a program": b"MZ" + noise(3000),
    "a PDF": b"%PDF-1.5\n%%EOF\n",
}.items():
    for packer, pack in {
        "zip": lambda: zipped(("eicar.com", EICAR)),
        "rar": lambda: rar(PACKED, b"eicar.gz"),
        "rar, behind its first letters": lambda: b"Rar!\x1a\x07\0" + rar(PACKED, b"eicar.gz"),
        "7z": lambda: by_tool("7z", "a", "{}", "eicar.com", out="out.7z"),
    }.items():
        sample(VIRUS, f"{packer} behind {behind}", "a.jpg")(lambda content=content, pack=pack: content + pack())
sample(VIRUS, "a saved web page", "a.mht")(lambda: attached(zipped(("eicar.com", EICAR))).encode())
sample(PASSES, "a program with the first letters of archives", "a.exe")(
    lambda: b"MZ" + noise(900) + b"Rar!\x1a\x07\0" + noise(50) + b"7z\xbc\xaf\x27\x1c\0" + noise(900) + b"PK\3\4" + noise(100)
)

# Broken and lying.


def broken(pack, change):
    return lambda: change(bytearray(pack()))


def cut(content):
    return bytes(content[: len(content) * 2 // 3])


BIG = noise(3000) + EICAR + noise(3000, 2)
for name, pack in {
    "zip": lambda: zipped(("eicar.com", BIG)),
    "gzip": lambda: gzip.compress(BIG, mtime=0),
    "bzip2": lambda: bz2.compress(BIG),
    "xz": lambda: lzma.compress(BIG),
    "7z": lambda: by_tool("7z", "a", "{}", "eicar.com", files=[("eicar.com", BIG)], out="out.7z"),
    "tar": lambda: tarred(("a", noise(3000)), ("eicar.com", zlib.compress(BIG))),
    "rar": lambda: rar(zipped(("eicar.com", BIG))),
    "cabinet": lambda: cabinet(),
    "lha": lambda: lha(),
    "iso": lambda: by_tool("bsdtar", "-cf", "{}", "--format=iso9660", "eicar.zip", files=[("eicar.zip", zipped(("e", BIG * 20)))]),
}.items():
    sample(REFUSED, f"{name}, cut short")(broken(pack, cut))


@sample(REFUSED)
def zip_whose_directory_is_gone():
    content = zipped(("eicar.com", EICAR))
    return content[: content.index(b"PK\1\2")]


@sample(REFUSED)
def zip_whose_directory_says_the_file_is_empty():
    content = bytearray(zipped(("eicar.com", EICAR)))
    start = content.index(b"PK\1\2")
    content[start + 20 : start + 28] = bytes(8)
    return bytes(content)


@sample(REFUSED)
def zip_whose_file_header_says_the_file_is_empty():
    content = bytearray(zipped(("eicar.com", EICAR)))
    content[18:26] = bytes(8)
    return bytes(content)


@sample(REFUSED)
def zip_whose_directory_says_stored():
    content = bytearray(zipped(("eicar.com", EICAR)))
    start = content.index(b"PK\1\2")
    content[start + 10 : start + 12] = bytes(2)
    return bytes(content)


@sample(REFUSED)
def zip_with_a_wrong_checksum():
    content = bytearray(zipped(("eicar.com", EICAR)))
    start = content.index(b"PK\1\2")
    content[14:18] = content[start + 16 : start + 20] = b"abcd"
    return bytes(content)


@sample(REFUSED)
def zip_with_a_file_that_its_directory_hides():
    """Programs that read from the start find it, those that read the directory do not."""
    first, second = zipped(("eicar.com", EICAR)), zipped(("harmless.txt", b"harmless"))
    return first[: first.index(b"PK\1\2")] + second


@sample(REFUSED)
def zip_behind_another_zip():
    return zipped(("harmless.txt", b"harmless")) + zipped(("eicar.com", EICAR))


@sample(REFUSED)
def zip_before_another_zip():
    return zipped(("eicar.com", EICAR)) + zipped(("harmless.txt", b"harmless"))


@sample(REFUSED)
def zip_with_two_files_of_one_name():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")
        archive.writestr("a.com", EICAR)
        archive.writestr("a.com", b"harmless")
    return out.getvalue()


@sample(REFUSED)
def gzip_with_a_wrong_checksum():
    content = bytearray(gzip.compress(EICAR, mtime=0))
    content[-8:-4] = b"abcd"
    return bytes(content)


@sample(REFUSED)
def zip_with_a_name_that_leads_out():
    return zipped(("../../../../../../../tmp/eicar.com", EICAR))


@sample(REFUSED)
def zip_with_a_name_of_400_bytes():
    return zipped(("ж" * 200 + ".com", EICAR))


# Encodings of mail.

sample(VIRUS, "quoted-printable")(
    lambda: mail(
        "MIME-Version: 1.0\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: quoted-printable\n\n"
        + "".join(f"={byte:02X}" for byte in EICAR)
    )
)
sample(VIRUS, "uuencoded")(
    lambda: mail(
        "Subject: file\n\nHere it is.\n\nbegin 644 eicar.com\n"
        + binascii.b2a_uu(EICAR[:45]).decode()
        + binascii.b2a_uu(EICAR[45:]).decode()
        + "`\nend\n"
    )
)
sample(REFUSED, "uuencoded zip in a text part")(
    lambda: mail(
        attached(
            b"begin 644 eicar.zip\n"
            + b"".join(binascii.b2a_uu(zipped(("e", EICAR))[i : i + 45]) for i in range(0, 200, 45))
            + b"`\nend\n",
            kind="text/plain",
            encoding="7bit",
        )
    )
)


@sample(REFUSED)
def yEnc():
    data = gzip.compress(EICAR, mtime=0)
    coded = b"".join(
        b"=" + bytes([(b + 42 + 64) & 255]) if (b + 42) & 255 in (0, 10, 13, 61, 46) else bytes([(b + 42) & 255]) for b in data
    )
    return mail(
        "Subject: yenc\n\n=ybegin line=128 size=%d name=eicar.gz\n%s\n=yend size=%d\n"
        % (len(data), coded.decode("latin-1"), len(data))
    )


@sample(REFUSED)
def one_of_two_pieces_of_a_message():
    return mail(
        'MIME-Version: 1.0\nContent-Type: message/partial; id="a@b"; number=1; total=2\n\nMIME-Version: 1.0\n'
        "Content-Type: application/zip\nContent-Transfer-Encoding: base64\n\nUEsDBA==\n"
    )


@sample(REFUSED)
def two_boundaries():
    inner = attached(EICAR, "eicar.com").replace('boundary="b"', 'boundary="x"; boundary="b"')
    return mail(inner)


@sample(REFUSED)
def base64_with_rubbish_inside():
    return mail(attached(zipped(("eicar.com", EICAR))).replace("UEsDB", "UEs-*-DB"))


@sample(VIRUS)
def a_boundary_that_never_ends():
    return mail(attached(zipped(("eicar.com", EICAR))).replace("--b--", ""))


def tnef(content):
    def attribute(level, kind, data):
        return struct.pack("<BII", level, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)

    return (
        struct.pack("<IH", 0x223E9F78, 1)
        + attribute(1, 0x00089006, struct.pack("<I", 0x10000))
        + attribute(2, 0x00069002, struct.pack("<HIHHHH", 1, 0, 0, 0, 0, 0))
        + attribute(2, 0x00018010, b"eicar.com\0")
        + attribute(2, 0x0006800F, content)
    )


sample(VIRUS, "TNEF", "winmail.dat", "application/ms-tnef")(lambda: tnef(PACKED))
sample(VIRUS, "TNEF, a zip inside", "winmail.dat", "application/ms-tnef")(lambda: tnef(zipped(("eicar.com", EICAR))))


def pdf(content, filters=b"/FlateDecode"):
    data = zlib.compress(content)
    return (
        b"%PDF-1.5\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
        b"3 0 obj\n<</Type/EmbeddedFile/Filter"
        + filters
        + b"/Length %d>>\nstream\n" % len(data)
        + data
        + b"\nendstream\nendobj\nxref\n0 1\n0000000000 65535 f \ntrailer\n<</Root 1 0 R/Size 4>>\nstartxref\n0\n%%EOF\n"
    )


sample(VIRUS, "PDF", "a.pdf", "application/pdf")(lambda: pdf(EICAR))
sample(VIRUS, "PDF, a zip inside", "a.pdf", "application/pdf")(lambda: pdf(zipped(("eicar.com", EICAR))))
sample(VIRUS, "HTML, base64 inside", "a.html", "text/html")(
    lambda: (
        b'<html><body><img src="data:application/zip;base64,' + base64.b64encode(zipped(("eicar.com", EICAR))) + b'"></body></html>'
    )
)


@sample(VIRUS, "office document, a macro's binary inside", "a.docm")
def office():
    return zipped(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w:document/>"), ("word/vbaProject.bin", EICAR))


# What nobody can look into, with the default.


def encrypted(*switches, name):
    return lambda: by_tool("7z", "a", "-psecret", *switches, "{}", "eicar.com", out=name)


sample(PASSES, "encrypted zip")(encrypted("-tzip", name="out.zip"))
sample(PASSES, "encrypted zip, AES")(encrypted("-tzip", "-mem=AES256", name="out.zip"))
sample(PASSES, "encrypted 7z")(encrypted(name="out.7z"))
sample(PASSES, "encrypted 7z, names too")(encrypted("-mhe=on", name="out.7z"))
sample(VIRUS, "next to an encrypted zip")(
    lambda: mail(attached(zipped(("eicar.com", EICAR)), before=[("secret.zip", encrypted("-tzip", name="out.zip")())]))
)
sample(REFUSED, "a broken zip next to an encrypted zip")(
    lambda: mail(attached(cut(zipped(("eicar.com", BIG))), before=[("secret.zip", encrypted("-tzip", name="out.zip")())]))
)
sample(PASSES, "OpenPGP message")(
    lambda: mail(
        'MIME-Version: 1.0\nContent-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="b"\n\n--b\nContent-Type: application/pgp-encrypted\n\n'
        "Version: 1\n--b\nContent-Type: application/octet-stream\n\n-----BEGIN PGP MESSAGE-----\n\nhQEMA0000000000000AQf/\n-----END PGP MESSAGE-----\n--b--\n"
    )
)

# Ordinary mails.

sample(PASSES, "a photo of 17 MB", "photo.jpg", "image/jpeg")(lambda: b"\xff\xd8\xff\xe0\0\x10JFIF\0" + noise(17_000_000))
sample(PASSES, "a text of 15 MB", "log.txt", "text/plain")(
    lambda: b"".join(b"line %d of an ordinary log\n" % n for n in range(550_000))
)
sample(PASSES, "a web page of 10 MB", "a.html", "text/html")(
    lambda: b"<html><body>" + b"<p>An ordinary line.</p>\n" * 400_000 + b"</body></html>"
)
sample(PASSES, "a zip of a log of 100 MB", "log.zip")(
    lambda: zipped(("log.txt", b"".join(b"line %d of an ordinary log\n" % n for n in range(3_500_000))))
)
sample(PASSES, "a zip of 3000 small files", "files.zip")(lambda: zipped(*((f"{n}.txt", b"text %d" % n) for n in range(3000))))
sample(PASSES, "40 attachments")(lambda: mail(attached(b"last", before=[(f"{n}.txt", b"text %d" % n) for n in range(40)])))
sample(PASSES, "an office document", "a.docx")(
    lambda: zipped(
        ("[Content_Types].xml", b'<?xml version="1.0"?><Types/>'),
        ("word/document.xml", b"<w:document>" + b"<w:p>text</w:p>" * 50_000),
        ("word/media/image1.png", b"\x89PNG\r\n\x1a\n" + noise(100_000)),
    )
)
sample(PASSES, "a zip with something behind it", "a.zip")(lambda: zipped(("a.txt", b"harmless")) + b"\r\n")
sample(PASSES, "a zip of a Mac, with folders and links", "a.zip")(
    lambda: zipped(("folder/", b""), ("folder/a.txt", b"a"), ("__MACOSX/folder/._a.txt", b"\0\5\x16\7"))
)
sample(PASSES, "an empty zip", "a.zip")(lambda: zipped())
sample(PASSES, "a tar with a link", "a.tar.gz")(
    lambda: by_tool("sh", "-c", "ln -s a.txt b; bsdtar -czf {} a.txt b", files=[("a.txt", b"a")])
)
sample(PASSES, "a signed mail", "smime.p7s", "application/pkcs7-signature")(lambda: detached_signature())
sample(PASSES, "an unknown binary of 5 MB")(lambda: b"\0\1unknown" + noise(5_000_000))
sample(PASSES, "a program", "setup.exe")(lambda: b"MZ" + bytes(58) + b"\x80\0\0\0" + bytes(64) + b"PE\0\0" + noise(2_000))
sample(PASSES, "a delivery report")(
    lambda: mail(
        'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\nContent-Type: text/plain\n\nNot delivered.\n--b\n'
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; a.test\n\nFinal-Recipient: rfc822; a@b.test\nAction: failed\nStatus: 5.1.1\n--b\n"
        "Content-Type: message/rfc822\n\nSubject: original\nFrom: a@example.test\n\nText.\n--b--\n"
    )
)


def signed(*switches):
    with tempfile.TemporaryDirectory() as folder:

        def run(*command):
            return subprocess.run(command, cwd=folder, check=True, capture_output=True).stdout

        run(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            "key",
            "-out",
            "cert",
            "-subj",
            "/CN=a",
            "-days",
            "9",
        )
        with open(os.path.join(folder, "mail"), "w", encoding="ascii") as file:
            file.write(attached(zipped(("eicar.com", EICAR))))
        return run(
            "openssl", "cms", "-sign", "-binary", *switches, "-in", "mail", "-signer", "cert", "-inkey", "key", "-outform", "DER"
        )


def detached_signature():
    return signed()


sample(VIRUS, "S/MIME, signed, opaque", "smime.p7m", "application/pkcs7-mime; smime-type=signed-data")(lambda: signed("-nodetach"))


sample(PASSES, "S/MIME, encrypted", "smime.p7m", "application/pkcs7-mime; smime-type=enveloped-data")(lambda: enveloped())


def enveloped():
    with tempfile.TemporaryDirectory() as folder:

        def run(*command, text=b""):
            return subprocess.run(command, cwd=folder, check=True, capture_output=True, input=text).stdout

        run(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            "key",
            "-out",
            "cert",
            "-subj",
            "/CN=a",
            "-days",
            "9",
        )
        return run("openssl", "cms", "-encrypt", "-binary", "-outform", "DER", "cert", text=b"Subject: secret\n\nsecret\n")


def body_of(name):
    _, attachment, kind, make = SAMPLES[name]
    made = make()
    return made[1] if isinstance(made, tuple) else attached(made, attachment, kind)


def reply(port, recipient, data, sender, login):
    session = smtplib.SMTP_SSL if port == 465 else smtplib.SMTP
    options = {"context": ssl._create_unverified_context()} if port == 465 else {}
    with session("127.0.0.1", port, timeout=400, local_hostname="localhost", **options) as client:
        client.ehlo()
        if login:
            client.login(*login)
        client.mail(sender)
        code, text = client.rcpt(recipient)
        if code < 400:
            code, text = client.data(data)
        return code, re.sub(r"\s+", " ", text.decode("utf-8", "replace"))


def main():
    if sys.argv[1] == "show":
        print(body_of(sys.argv[2]))
        return
    port, recipient, sender, only, *login = sys.argv[1:]
    if only.startswith("file:"):
        folder = only.removeprefix("file:")
        for name in sorted(os.listdir(folder)):
            with open(os.path.join(folder, name), "rb") as file:
                sample(REFUSED, f"file:{name}", name)(lambda content=file.read(): content)
        only = "^file:"

    def send(name):
        data = f"From: {sender}\nTo: {recipient}\nSubject: sample: {name}\n{body_of(name)}".replace("\n", "\r\n").encode("latin-1")
        start = time.monotonic()
        code, text = reply(int(port), recipient, data, sender, login)
        print(f"{name}\t{SAMPLES[name][0]}\t{code} {text}\t{time.monotonic() - start:.1f}", flush=True)

    # `1/3`: one of three, evenly spread.
    share = re.fullmatch(r"1/(\d+)", only)
    names = [name for name in SAMPLES if share or re.search(only, name)]
    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(send, names[:: int(share[1]) if share else 1]))


if __name__ == "__main__":
    main()
