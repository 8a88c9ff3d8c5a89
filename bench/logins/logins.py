"""Run on a mail host, as root: what the program costs that watches logins, for each mail that is submitted, and for the dialogue on 587.
Prints JSON. The filter stands still meanwhile: what is submitted waits in the queue, and is thrown away at the end.
"""

import json
import smtplib
import ssl
import statistics
import subprocess
import sys
import time

ROUNDS, MAILS = int(sys.argv[1]), int(sys.argv[2])
UNIT = "mailserver-logins.service"
USER, PASSWORD = "bench", "a long word for measuring 48"
TLS = ssl.create_default_context()
TLS.check_hostname = False
TLS.verify_mode = ssl.CERT_NONE
TEXT = "From: <bench@example.com>\r\nSubject: a word\r\n\r\n" + "Good day, and all the best.\r\n" * 70


def called(*command, given=None):
    return subprocess.run(command, input=given, capture_output=True, text=True, check=True).stdout.strip()


def processor_seconds():
    """Of the unit since its start, all threads and children included."""
    return int(called("systemctl", "show", "-P", "CPUUsageNSec", UNIT)) / 1e9


def largest():
    """MiB of its largest size so far."""
    pid = called("systemctl", "show", "-P", "MainPID", UNIT)
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) // 1024 for line in file if line.startswith("VmHWM"))


def session():
    """Seconds from the connection to the reply to the final dot."""
    start = time.monotonic()
    with smtplib.SMTP("127.0.0.1", 587, local_hostname="bench.example.com") as client:
        client.starttls(context=TLS)
        client.login(USER, PASSWORD)
        client.sendmail("bench@example.com", ["one@sink.example"], TEXT)
        return time.monotonic() - start


def on_one_connection(count):
    with smtplib.SMTP("127.0.0.1", 587, local_hostname="bench.example.com") as client:
        client.starttls(context=TLS)
        client.login(USER, PASSWORD)
        for number in range(count):
            client.sendmail("bench@example.com", [f"{number % 50}@sink.example"], TEXT)


def ready():
    for _ in range(100):
        if subprocess.run(["mailserver-logins", "list"], capture_output=True, check=False).returncode == 0:
            return
        time.sleep(0.1)
    raise SystemExit(f"{UNIT} does not answer")


def main():
    called("saslpasswd2", "-p", USER, given=PASSWORD)
    called("systemctl", "stop", "amavis.service")
    session()
    each, idle, watched, unwatched = [], [], [], []
    for _ in range(ROUNDS):
        before, start = processor_seconds(), time.monotonic()
        time.sleep(5)
        idle.append((processor_seconds() - before) / (time.monotonic() - start))
        before, start = processor_seconds(), time.monotonic()
        on_one_connection(MAILS)
        # What it does without being asked does not belong to a mail.
        each.append((processor_seconds() - before - idle[-1] * (time.monotonic() - start)) / MAILS)
        watched += [session() for _ in range(20)]
        called("systemctl", "stop", UNIT)
        unwatched += [session() for _ in range(20)]
        called("systemctl", "start", UNIT)
        ready()
        on_one_connection(MAILS)
    memory = largest()
    called("postsuper", "-d", "ALL")
    called("systemctl", "start", "amavis.service")
    print(
        json.dumps(
            {
                "mails": ROUNDS * MAILS,
                "processor": statistics.median(each) * 1000,
                "idle": statistics.median(idle) * 1000,
                "memory": memory,
                "watched": statistics.median(watched) * 1000,
                "unwatched": statistics.median(unwatched) * 1000,
            }
        )
    )


if __name__ == "__main__":
    main()
