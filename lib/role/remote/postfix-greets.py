#!/usr/bin/python3 -IS
"""postfix-greets [PID...]

Sees to it that a reloaded Postfix greets whoever connects. PID...: the smtpd processes from before the reload.

An idle smtpd that takes a connection in the moment of the reload is counted as free by master(8) until its client goes. Till
then master starts no other, and whoever comes waits without a greeting, up to smtpd_timeout. A service that stays mute while
such a process lives and that could have more processes has the client's connection ended, which ends the process; the client
comes back, as after any lost connection. (To kill the process instead makes master(8) start no other for a minute.)
Says on standard error what it ended.
"""

import ctypes
import os
import re
import socket
import ssl
import subprocess
import sys
import time

PATIENCE_SECONDS = 10
EXIT_SECONDS = 1
# pidfd_getfd(2), the same on every architecture; Python has no name for it.
PIDFD_GETFD = 438
LOOPBACK = {"0.0.0.0": "127.0.0.1", "*": "127.0.0.1", "[::]": "::1"}


def service_of(pid):
    """Arguments of the smtpd process, none if it is gone: its number may be somebody else's by now."""
    try:
        with open(f"/proc/{pid}/cmdline", encoding="utf-8", errors="replace") as file:
            arguments = file.read().split("\0")
    except OSError:
        return None
    return arguments if arguments[0] == "smtpd" and "-n" in arguments else None


def alive(pids):
    """The processes by service: {(name, wrapped in TLS): [pid...]}."""
    services = {}
    for pid in pids:
        arguments = service_of(pid)
        if arguments:
            wrapped = "smtpd_tls_wrappermode=yes" in arguments
            services.setdefault((arguments[arguments.index("-n") + 1], wrapped), []).append(pid)
    return services


def after_exits(pids):
    """Who is idle ends at once; those that are left have a client."""
    end = time.monotonic() + EXIT_SECONDS
    while alive(pids) and time.monotonic() < end:
        time.sleep(0.05)
    return alive(pids)


def address_of(name):
    """Where the service listens: (address, port). One of type pass is reached through postscreen(8) on port 25."""
    host, _, port = name.rpartition(":")
    try:
        number = int(port) if port.isdigit() else socket.getservbyname(port, "tcp")
    except OSError:
        number = 25
    if host:
        return host.strip("[]"), number
    listed = subprocess.run(["ss", "-Hltn", f"sport = :{number}"], capture_output=True, text=True, check=True).stdout
    sockets = sorted((line.split()[3].rpartition(":")[0] for line in listed.splitlines()), key=lambda one: one.startswith("["))
    return (LOOPBACK.get(sockets[0], sockets[0].strip("[]")), number) if sockets else None


def greets(address, wrapped):
    """Whether anybody greets within the patience; a refused connection is not a missing greeting."""
    try:
        with socket.create_connection(address, PATIENCE_SECONDS) as plain:
            plain.settimeout(PATIENCE_SECONDS)
            session = plain
            if wrapped:
                context = ssl.create_default_context()
                context.check_hostname = False
                context.verify_mode = ssl.CERT_NONE
                session = context.wrap_socket(plain)
            session.recv(1024)
            session.sendall(b"QUIT\r\n")
    except TimeoutError:
        return False
    except OSError:
        pass
    return True


def full(name):
    """Whether the service has all the processes that it may have: then it is busy, not mute."""
    line = subprocess.run(["postconf", "-M"], capture_output=True, text=True, check=True).stdout
    entry = re.search(rf"^{re.escape(name)}\s+(?:inet|pass)\s+(?:\S+\s+){{4}}(\S+)\s+smtpd\b", line, re.MULTILINE)
    limit = entry.group(1) if entry else "-"
    if not limit.isdigit():
        limit = subprocess.run(["postconf", "-h", "default_process_limit"], capture_output=True, text=True, check=True).stdout
    running = [pid for pid in os.listdir("/proc") if pid.isdigit() and name in (service_of(pid) or [])]
    return 0 < int(limit) <= len(running)


def sockets_of(pid):
    """Copies of the process' sockets of the internet families."""
    process = os.pidfd_open(int(pid))
    try:
        for number in os.listdir(f"/proc/{pid}/fd"):
            if not os.readlink(f"/proc/{pid}/fd/{number}").startswith("socket:"):
                continue
            copy = ctypes.CDLL(None).syscall(PIDFD_GETFD, process, int(number), 0)
            if copy < 0:
                continue
            with socket.socket(fileno=copy) as one:
                if one.family in (socket.AF_INET, socket.AF_INET6):
                    yield one
    finally:
        os.close(process)


def hang_up(pid, port):
    """Ends the connection of the process' client; gives who it was."""
    for one in sockets_of(pid):
        try:
            client = one.getpeername()[0]
        except OSError:
            continue
        if one.getsockname()[1] == port:
            one.shutdown(socket.SHUT_RDWR)
            return client
    return None


def main():
    """Looks at each service that has a process of before."""
    for (name, wrapped), pids in after_exits(sys.argv[1:]).items():
        address = address_of(name)
        if address is None or greets(address, wrapped) or full(name):
            continue
        for pid in alive(pids).get((name, wrapped), []):
            try:
                client = hang_up(pid, address[1])
            except OSError:
                # It has ended meanwhile.
                continue
            if client:
                print(f"postfix-greets: ended the session of {client}, since {name} greeted nobody else", file=sys.stderr)


main()
