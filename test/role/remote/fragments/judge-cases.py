"""judge-cases PROGRAMS POSTCONF ROLE MASTER [notes]: judges cases in one process; JSON on standard input and output.

A case is the fragments of service users by name, or the text of one. ROLE is the role's own fragment, MASTER its master.cf. Gives for
each case what was said against it, as a list of lines; with `notes` the notes of what does not count everywhere. POSTCONF is a program, or the module that stands for it where there is none (postconf.py).
"""

import contextlib
import importlib.machinery
import importlib.util
import io
import json
import os
import shutil
import sys
import tempfile
import types

programs, postconf, role, master = sys.argv[1:5]
with_notes = sys.argv[5:] == ["notes"]
sys.dont_write_bytecode = True
# On a host the program has no ending.
program = os.path.join(programs, "postfix-fragments")
loader = importlib.machinery.SourceFileLoader("fragments", program if os.path.exists(program) else f"{program}.py")
fragments = importlib.util.module_from_spec(importlib.util.spec_from_loader("fragments", loader))
loader.exec_module(fragments)
MAPS = "/var/lib/mailserver/postfix/current/maps"


def write(path, content, mode):
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode("utf-8", "surrogateescape"))
    os.chmod(path, mode)


def judge(case):
    place = tempfile.mkdtemp(prefix="judge-cases-")
    folder, out = os.path.join(place, "main.d"), os.path.join(place, "out")
    os.mkdir(folder)
    os.mkdir(out)
    shutil.copy(role, os.path.join(folder, "10_role.cf"))
    os.chmod(os.path.join(folder, "10_role.cf"), 0o644)
    shutil.copy(master, os.path.join(out, "master.cf"))
    files = case if isinstance(case, dict) else {"41_a.cf": case}
    for name, content in files.items():
        # Stack fragments are those that only root can write.
        write(os.path.join(folder, name), content, 0o644 if name.startswith("30_") else 0o664)
    said = io.StringIO()
    options = types.SimpleNamespace(maps=MAPS, postconf=postconf, candidate=place if "allowed" in files else "", assemble=out)
    try:
        with contextlib.redirect_stderr(said):
            settings = fragments.fragments(folder, "")
            fragments.assemble(out, [fragments.named(each, "") for each in settings], options)
    except SystemExit as refused:
        return [line.replace(folder + "/", "").replace("postfix-gate: ", "") for line in str(refused).split("\n")]
    finally:
        shutil.rmtree(place)
    lines = said.getvalue().replace(folder + "/", "").split("\n") if with_notes else []
    return [line.removeprefix("postfix-gate: note: ") for line in lines if "note: " in line]


if postconf.endswith(".py"):
    sys.path.insert(0, os.path.dirname(postconf))
    import postconf as recorded

    def answer(self, asked):
        try:
            return recorded.postconf(self.folder, *asked)
        except recorded.Fatal as fatal:
            raise fragments.candidate.Rejected(str(fatal)) from None

    fragments.candidate.Postfix.ask = lambda self, *options: options
    fragments.candidate.Postfix.answers = lambda self, asked: [self.answer(each) for each in asked]
    fragments.candidate.Postfix.answer = answer

# The host of the test has the addresses of the setup.
sys.modules["values"].is_here = lambda address: str(address) in ("10.77.0.25", "10.77.0.26", "2001:db8:77::25", "2001:db8:77::26")

# The name of the host is the role's; the test has no /etc/postfix.
fragments.named = lambda setting, tree: setting._replace(value="mail.example.test") if setting.name == "myhostname" else setting
json.dump([judge(case) for case in json.load(sys.stdin)], sys.stdout)
