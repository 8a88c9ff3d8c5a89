#!/usr/bin/python3 -IS
"""postfix-fragments --candidate TREE --maps FOLDER --assemble FOLDER: main.cf, put together from its fragments and judged.

FOLDER has the master.cf already; next to it come main.cf and main.cf.origin, the place (`file:line`) of each of its lines. --maps is
where the compiled maps will be. Service users may write the folder of the fragments, and root and Postfix act on what is made of
them. So each file is opened once, without following links; every reader sees the same in it (fragment.py); and a file that others
than root can write may only set what is theirs to set (postfix-parameters.json), as Postfix itself reads and expands the whole.
"""

import argparse
import os
import re
import sys

# Root runs it, and leaves no compiled modules behind.
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "postfix-rules"))

import candidate  # noqa: E402
import effects  # noqa: E402
import fragment  # noqa: E402
import own_tables  # noqa: E402
import plain_file  # noqa: E402
from harmless import one_line  # noqa: E402
from judgement import Judgement  # noqa: E402
from names import name_problem  # noqa: E402

MAIN_D = "/etc/postfix/main.d"
MYHOSTNAME = "/etc/postfix/myhostname"
ALLOWED = "/etc/postfix/service-user-parameters"
OF_THE_ROLE = "10_role.cf"
NAME = re.compile(r"[0-9][0-9]_[A-Za-z0-9_.-]+\.cf")
LARGEST = 1024 * 1024
MOST_NAMES = 1000
# Of a message.
LONGEST = 600


def refuse(*problems):
    raise SystemExit("\n".join(f"postfix-gate: {one_line(as_written(str(problem)), LONGEST)}" for problem in problems))


def warn(text):
    print(f"postfix-gate: warning: {one_line(as_written(text), LONGEST)}", file=sys.stderr)


def as_written(text):
    """With the tables of service users as their fragments name them."""
    return re.sub(r"/[^\s':,]*/maps/tables/", f"{own_tables.FOLDER}/", text)


def note(text):
    """What is as it should be, and may not be what the author expects."""
    print(f"postfix-gate: note: {one_line(text, LONGEST)}", file=sys.stderr)


def read(path, real):
    """The settings of a fragment; trusted is what only root can have written."""
    try:
        content, status = plain_file.read(real, LARGEST)
        return [candidate.Setting(path, *found, plain_file.only_ours(status)) for found in fragment.settings(content)]
    except OSError as error:
        refuse(f"{path} {plain_file.unreadable(error)}")
    except fragment.Refused as refused:
        refuse(f"{path}:{refused.number}: {refused}")


def fragments(folder, tree):
    """The settings of all fragments, in the order of their names; a file of the candidate stands for the live one."""
    places = [folder, tree + folder] if tree else [folder]
    settings = []
    # More of them were refused when they were copied (postfix-sources).
    for name in sorted({name for each in places for name in plain_file.names(each, MOST_NAMES)}):
        path = os.path.join(folder, name)
        if NAME.fullmatch(name):
            real = [os.path.join(each, name) for each in places if os.path.lexists(os.path.join(each, name))]
            settings += read(path, real[-1])
        elif re.fullmatch(r"[0-9][0-9]_.*\.cf", name, re.DOTALL):
            refuse(f"{path!r}: a fragment is named NN_NAME.cf, of letters, digits and _.-")
    if not settings:
        refuse(f"there is no fragment NN_*.cf in {folder}")
    return settings


def words_of_root(path, tree):
    """Words of a file that only root writes; none where there is none."""
    chosen = tree + path if tree and os.path.exists(tree + path) else path
    try:
        with open(chosen, encoding="utf-8") as file:
            return file.read().split()
    except FileNotFoundError:
        return []


def named(setting, tree):
    """Debian's documentation promises that Postfix reads a myhostname that is a path; the one of Debian 13 does not."""
    if (setting.name, setting.value) != ("myhostname", MYHOSTNAME):
        return setting
    name = next(iter(words_of_root(MYHOSTNAME, tree)), "")
    problem = name_problem("HELO name", name)
    if problem:
        refuse(f"{MYHOSTNAME}: {problem}")
    return setting._replace(value=name)


def honest(setting, lying):
    """Blocklists that the checks found lying are left out, whoever set them."""
    if setting.name != "postscreen_dnsbl_sites" or not lying:
        return setting
    sites = [site for site in re.split(r"[ \t,]+", setting.value) if re.sub(r"[=*].*", "", site).lower() not in lying]
    return setting._replace(value=" ".join(sites))


def assemble(folder, settings, options):
    judgement = Judgement(settings, options.maps, words_of_root(ALLOWED, options.candidate))
    problems = list(judgement.names())
    if problems:
        refuse(*problems)
    candidate.write(folder, [*judgement.counting.values(), *aliases(folder, judgement)])
    postfix = candidate.Postfix(options.postconf, folder)
    try:
        postfix.read()
        problems = list(judgement.expanded(postfix))
    except candidate.Rejected as rejected:
        made_up = [each for each in judgement.theirs.values() if "$" in each.value and not postfix.expands(each.name)]
        refuse(*[f"{candidate.place(each)}: Postfix cannot expand the value of '{each.name}'" for each in made_up] or [rejected])
    if problems:
        refuse(*problems)
    for each, other in candidate.doubles(settings):
        warn(f"{candidate.place(each)}: '{each.name}' is set in {candidate.place(other)} already; this one counts")
    of_others = [each for each in judgement.counting.values() if os.path.basename(each.path) != OF_THE_ROLE]
    for each, text in effects.without_effect(postfix, of_others):
        note(f"{candidate.place(each)}: {text}")
    for text in postfix.unused()[1]:
        warn(text)


def aliases(folder, judgement):
    """`main_NAME`, with what counts of NAME; a service that has its own NAME cannot refer to that of main.cf otherwise."""
    with open(os.path.join(folder, "master.cf"), encoding="utf-8") as file:
        names = effects.aliases(judgement.counting.values(), file.read())
    for name in names:
        each = judgement.counting.get(name)
        origin = each or candidate.Setting(os.path.join(MAIN_D, OF_THE_ROLE), 1, name, "", True)
        yield origin._replace(name=f"main_{name}")


def main():
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--folder", default=MAIN_D)
    parser.add_argument("--candidate", default="")
    parser.add_argument("--lying", default="", type=lambda text: set(text.lower().split()))
    parser.add_argument("--postconf", default="/usr/sbin/postconf")
    parser.add_argument("--maps", required=True)
    parser.add_argument("--assemble", required=True)
    options = parser.parse_args()
    settings = fragments(options.folder, options.candidate)
    settings = [each._replace(value=own_tables.compiled(each.value, options.maps)) for each in settings]
    assemble(options.assemble, [honest(named(each, options.candidate), options.lying) for each in settings], options)


if __name__ == "__main__":
    sys.exit(main())
