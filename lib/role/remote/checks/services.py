"""Daemons and ports, asked by their own protocols (R42, R43), and the certificate they show."""

import smtplib
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from types import SimpleNamespace

from checks import probe
from checks.outcome import CRITICAL, OK, WARNING, Metric, Outcome, age, reason, together

DAY = 86400
ERRORS = (probe.Failed, OSError, smtplib.SMTPException)
LEVELS = {"warning": WARNING, "critical": CRITICAL}


def processes(config):
    findings = side_by_side(process, config["services"])
    return together(findings, f"{', '.join(service['name'] for service in config['services'])} answer")


def process(service):
    name = service["name"]
    start = time.monotonic()
    try:
        answer = getattr(probe, service["protocol"])(request({**service, "name": None}))
    except ERRORS as error:
        return Outcome(LEVELS[service["whenDown"]], f"{name}: {reason(error)}; {service['consequence']}", up(name, 0))
    metrics = up(name, 1) + (Metric("time", time.monotonic() - start, "s", label=("service", name)),)
    # A scanner without its first signatures waits for them, and mail with it; the check of signatures says for how long.
    if service["protocol"] == "clamd" and answer != "PONG":
        if service["waitsForSignatures"]:
            return Outcome(WARNING, f"{name}: {answer}", up(name, 0))
        return Outcome(CRITICAL, f"{name}: no answer; {service['consequence']}", up(name, 0))
    return Outcome(OK, name, metrics)


def ports(config):
    findings = side_by_side(lambda port: listener(port, config["heloName"]), config["ports"])
    names = ", ".join(str(port["port"]) for port in config["ports"])
    return together(findings, f"{names} greet as {config['heloName']}, with TLS, and AUTH only where it belongs")


def listener(port, name):
    label = str(port["port"])
    start = time.monotonic()
    try:
        probe.smtp(request({"host": "127.0.0.1", "name": name, **port}))
    except ERRORS as error:
        return Outcome(CRITICAL, f"port {label}: {reason(error)}", up(label, 0, "port"))
    return Outcome(OK, label, up(label, 1, "port") + (Metric("time", time.monotonic() - start, "s", label=("port", label)),))


def certificate(config):
    """Of the running daemons, not of the file: one that was renewed and never loaded is reported too."""
    limits = config["certificate"]
    findings = side_by_side(lambda port: shown(port, config["heloName"], limits), config["ports"])
    return together(findings, findings[0].message)


def shown(port, name, limits):
    label = f"port {port['port']}"
    try:
        ends, matches = describe(presented(port), name)
    except (*ERRORS, ValueError, subprocess.SubprocessError) as error:
        return Outcome(CRITICAL, f"{label}: no certificate: {reason(error)}")
    return judge_certificate(label, name, (ends - datetime.now(timezone.utc)).total_seconds(), matches, limits)


def judge_certificate(label, name, left, matches, limits):
    warning, critical = (limits[key] * DAY for key in ("warningDays", "criticalDays"))
    state = CRITICAL if left <= critical else WARNING if left <= warning else OK
    metrics = (Metric("left", left, "s", label=("port", label.split()[-1])),)
    if left <= 0:
        return Outcome(CRITICAL, f"{label}: certificate ended {age(-left)} ago", metrics)
    if not matches:
        return Outcome(max(state, WARNING), f"{label}: certificate is not for {name}, it ends in {age(left)}", metrics)
    return Outcome(
        state, f"{label}: certificate ends in {age(left)}" if state != OK else f"certificate of {name} ends in {age(left)}", metrics
    )


def presented(port):
    """The certificate in DER."""
    if port.get("tls"):
        session = probe.TlsSession(
            "127.0.0.1", port["port"], timeout=probe.TIMEOUT_SECONDS, local_hostname="localhost", context=probe.unverified_tls()
        )
    else:
        session = probe.PlainSession("127.0.0.1", port["port"], timeout=probe.TIMEOUT_SECONDS, local_hostname="localhost")
        session.starttls(context=probe.unverified_tls())
    found = session.sock.getpeercert(binary_form=True)
    session.quit()
    if found is None:
        raise probe.Failed("the server shows none")
    return found


def describe(der, name):
    """When it ends, and whether it is for the name."""
    command = ["openssl", "x509", "-inform", "DER", "-noout", "-enddate", "-dateopt", "iso_8601", "-checkhost", name]
    said = subprocess.run(command, input=der, capture_output=True, timeout=10, check=True).stdout.decode("utf-8", "replace")
    first, _, rest = said.partition("\n")
    ends = datetime.strptime(first, "notAfter=%Y-%m-%d %H:%M:%SZ").replace(tzinfo=timezone.utc)
    return ends, "does match" in rest


def request(values):
    return SimpleNamespace(**{"name": None, "starttls": False, "tls": False, "auth": False, **values})


def up(name, value, key="service"):
    return (Metric("up", value, label=(key, name)),)


def side_by_side(ask, items):
    with ThreadPoolExecutor(max_workers=max(1, len(items))) as pool:
        return list(pool.map(ask, items))
