"""Lets an idle smtpd take a connection in the moment of a reload, and says what the next client reads and how soon."""

import os
import signal
import socket
import subprocess
import time


def connect():
    session = socket.create_connection(("127.0.0.1", 25), 60)
    session.settimeout(60)
    return session


def shell(command):
    return subprocess.run(command, shell=True, capture_output=True, text=True, check=False).stdout.split()


def reloads():
    return len(shell("journalctl -t postfix/master -o cat --no-pager | grep -o '^reload'"))


with connect() as first:
    first.recv(200)
# master has to have taken note that this one is free again: so it greets the next without a start.
time.sleep(0.2)
idle = shell("pgrep -x smtpd")
for pid in idle:
    os.kill(int(pid), signal.SIGSTOP)
held = connect()
before = reloads()
gate = subprocess.Popen(["/usr/lib/mailserver/postfix-gate", "reload"], stderr=subprocess.PIPE, text=True)
while reloads() == before:
    time.sleep(0.05)
for pid in idle:
    os.kill(int(pid), signal.SIGCONT)
held.recv(200)
with connect() as second:
    print(second.recv(200).decode().strip(), end=" | ")
print(gate.communicate()[1].strip(), end=" | ")
print("held: closed" if held.recv(200) == b"" else "held: open")
