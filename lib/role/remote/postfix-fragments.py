#!/usr/bin/python3
"""postfix-fragments --candidate TREE --maps FOLDER --out FOLDER: copies the fragments of main.cf to where only root writes.

Service users may write the folder of the fragments, and root reads what is made of them. So each file is opened once, without
following links, judged and copied by that one descriptor, and a file that others than root can write may not set what decides
what runs as root, nor name files outside of folders that only root writes: daemons open them as root and quote them in errors.

Names of restrictions are compared with those that Postfix has: it would take a misspelt one and put off all mail.

Prints a line for each fragment, in order: the path to show, a tab, the path of the copy.

postfix-fragments --misnamed: warns of files in the folder that were meant to be fragments and are none.
"""
import argparse
import os
import re
import sys

# Root runs it, and leaves no compiled modules behind.
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "postfix-rules"))

import plain_file  # noqa: E402
from parameters import settings  # noqa: E402
from restrictions import classes_of, is_list, list_problem  # noqa: E402

MAIN_D = "/etc/postfix/main.d"
NAME = re.compile(r"[0-9][0-9]_[A-Za-z0-9_.-]+\.cf")
LARGEST = 1024 * 1024

PRIVILEGED = re.compile(
    r"[a-z0-9_]*_(directory|directories|path)|mail_owner|setgid_group|default_privs|(import|export)_environment"
    r"|multi_instance_[a-z]*|debugger_command|maillog_file[a-z_]*|tls_config_(file|name)|mailbox_command(_maps)?|home_mailbox"
    r"|local_command_shell|allow_mail_to_(commands|files)|virtual_(uid|gid)_maps|virtual_mailbox_[a-z]*"
)

ROOTS = ("/etc/ssl/certs/", "/etc/letsencrypt/", "/usr/share/")
TABLE = re.compile(r"(?<![\w.])([a-z][a-z0-9]*):([^\s,{}\"]+)")
ABSOLUTE = re.compile(r"(?<![\w.\]:)/}])/[^\s,{}\"]*")
# Types of tables that name a file, a socket or a server.
FILE_TYPES = {"btree", "cdb", "cidr", "dbm", "environ", "hash", "ldap", "lmdb", "memcache", "mongodb", "mysql", "netinfo", "nis", "nisplus",
              "pcre", "pgsql", "regexp", "sdbm", "socketmap", "sqlite", "tcp", "texthash"}


class Refused(Exception):
    pass


def read(path):
    """Content of a regular file, and whether only root can have written it."""
    try:
        content, status = plain_file.read(path, LARGEST)
    except OSError as error:
        raise Refused(plain_file.unreadable(error)) from None
    # A copy that root is making of a service user's file belongs to root, too, for a moment, but nobody else may read it yet.
    return content, status.st_uid == 0 and status.st_mode & 0o026 == 0o004


def objection(name, value, maps):
    """Why a service user may not set this, or None."""
    if PRIVILEGED.fullmatch(name):
        return f"'{name}' decides what runs as root and cannot be set in a file of service users"
    if ".." in value:
        return f"'{name}' holds '..', which can lead out of the folders that only root writes"
    if re.search(r"\$[\w({][^\s,]*/[^0-9]", value):
        return f"'{name}' makes up a path of another parameter; write the path itself"
    tables = [path for kind, path in TABLE.findall(value) if kind in FILE_TYPES]
    colons = re.findall(r":(/[^\s,{}\"]*)", value)
    for path in [*tables, *colons, *ABSOLUTE.findall(value)]:
        if not path.startswith((maps + "/", *ROOTS)):
            return f"'{name}' names {path}, which Postfix would read as root; files can be named below {', '.join(ROOTS)} only"
    return None


def judge(found, maps):
    for number, name, value in found:
        reason = objection(name, value, maps)
        if reason:
            raise Refused(f"{number}: {reason}")


def restriction_problems(fragments):
    """Misspelt restrictions, as `path:line: problem`. A class may be declared in another fragment than it is used in."""
    declared = [classes_of(value) for _, found in fragments for _, name, value in found if name == "smtpd_restriction_classes"]
    if None in declared:
        return
    classes = set().union(*declared)
    for path, found in fragments:
        for number, name, value in found:
            problem = list_problem(value, classes) if is_list(name, classes) else None
            if problem:
                yield f"{path}:{number}: {problem}"


def warn_of_misnamed(folder):
    """Copies that editors leave were not meant to count; these were."""
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*\.(cf|conf)", name) and not NAME.fullmatch(name):
            number, rest = re.fullmatch(r"([0-9]*)[_.-]*(.*)\.(?:cf|conf)", name).groups()
            proper = f"{number.zfill(2) if len(number) in (1, 2) else '50'}_{rest or 'local'}.cf"
            path = os.path.join(folder, name)
            print(f"postfix-gate: warning: {path} is not read: a fragment is named NN_NAME.cf, e.g. {proper}", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--folder", default=MAIN_D)
    parser.add_argument("--candidate", default="")
    parser.add_argument("--misnamed", action="store_true")
    parser.add_argument("--maps", required="--misnamed" not in sys.argv)
    parser.add_argument("--out", required="--misnamed" not in sys.argv)
    options = parser.parse_args()
    if options.misnamed:
        warn_of_misnamed(options.folder)
        return
    candidate = options.candidate + options.folder
    names = set(os.listdir(options.folder)) if os.path.isdir(options.folder) else set()
    if options.candidate and os.path.isdir(candidate):
        names |= set(os.listdir(candidate))
    fragments = []
    for name in sorted(names):
        path = os.path.join(options.folder, name)
        if not NAME.fullmatch(name):
            if re.fullmatch(r"[0-9][0-9]_.*\.cf", name, re.DOTALL):
                raise SystemExit(f"postfix-gate: {path!r}: a fragment is named NN_NAME.cf, of letters, digits and _.-")
            continue
        chosen = os.path.join(candidate, name) if options.candidate and os.path.lexists(os.path.join(candidate, name)) else path
        try:
            content, trusted = read(chosen)
            found = settings(content.decode("utf-8", "replace"))
            if not trusted:
                judge(found, options.maps)
        except Refused as refused:
            separator = ":" if re.match(r"[0-9]+:", str(refused)) else " "
            raise SystemExit(f"postfix-gate: {path}{separator}{refused}") from None
        copy = os.path.join(options.out, name)
        with open(copy, "wb") as file:
            file.write(content)
        print(f"{path}\t{copy}")
        fragments.append((path, found))
    problems = [f"postfix-gate: {problem}" for problem in restriction_problems(fragments)]
    if problems:
        raise SystemExit("\n".join(problems))


if __name__ == "__main__":
    sys.exit(main())
