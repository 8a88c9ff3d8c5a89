"""Left and right sides of the transport map, transport(5)."""

import re

from names import URL, is_address, name_problem
from spelling import nearest

TO_HOSTS = {"", "smtp", "relay", "smtp4", "lmtp"}
TRANSPORTS = {"default_transport", "local_transport", "relay_transport", "virtual_transport"}
NEXT_HOPS = {"relayhost", "smtp_fallback_relay"}
WITH_TEXT = {"error", "retry", "discard"}
EXAMPLE = "smtp:[10.0.0.5]:25"


def parameter_problem(name, value, services):
    """What is wrong with a parameter of main.cf that says where mail goes; with a mistake in it none would leave this host."""
    if not value or "$" in value:
        return None
    if name in NEXT_HOPS:
        return next_hops_problem(value, "smtp", value)
    service = value.partition(":")[0]
    return unknown_transport(service, value, services) if name in TRANSPORTS and service not in services else None


def transport_problem(value, services):
    """What is wrong with a right side; `services` are those of master.cf."""
    if ":" not in value:
        return f"'{value}' has no colon: expected transport:nexthop, e.g. {EXAMPLE} or user-webapp:"
    if URL.match(value):
        return f"'{value}' is a URL: expected transport:nexthop, e.g. smtp:[mail.example.com]:25"
    service, _, hops = value.partition(":")
    if service and service not in services:
        return unknown_transport(service, value, services)
    if service not in WITH_TEXT and re.search(r"(^|\s)#", hops):
        return f"'{value}' has a comment in it, which Postfix would take for a part of the entry: give it a line of its own"
    return next_hops_problem(value, service, hops) if service in TO_HOSTS else None


def unknown_transport(service, value, services):
    if is_address(service) or "." in service or service.startswith("["):
        port = re.search(r":\d+$", value)
        return (
            f"'{value}' has a host where the transport belongs: write 'smtp:[{service.strip('[]')}]{port.group() if port else ''}'"
        )
    users = sorted(name for name in services if name.startswith("user-"))
    message = (
        f"'{service}' is not a transport of this host: use smtp, relay, smtp4, lmtp, error, discard or user-NAME of a service user"
        + (f" ({', '.join(users)})" if service.startswith("user-") and users else "")
    )
    near = nearest(service, services)
    return f"{message}; did you mean {near}?" if near else message


def next_hops_problem(value, service, hops):
    if service == "lmtp" and hops.startswith("unix:"):
        return socket_problem(value, hops[len("unix:") :])
    if service == "lmtp":
        hops = re.sub(r"^inet:", "", hops)
    for hop in re.split(r"\s*,\s*|\s+", hops.strip()):
        problem = hop_problem(value, hop) if hop else None
        if problem:
            return problem
    return None


def socket_problem(value, path):
    """A socket that lmtp(8) connects to as the user postfix, below the queue directory or anywhere."""
    if re.fullmatch(r"/?([A-Za-z0-9_+-][A-Za-z0-9_.+-]*/)*[A-Za-z0-9_+-][A-Za-z0-9_.+-]*", path):
        return None
    return f"'{value}' has '{path}' as its socket: expected a path of letters, digits and ._+-, e.g. lmtp:unix:private/dovecot-lmtp"


def hop_problem(value, hop):
    if re.match(r"//|[a-z][a-z0-9+.-]*://", hop, re.I):
        return f"'{value}' has a URL in it: expected a host, e.g. smtp:[mail.example.com]:25"
    if hop.startswith("["):
        return bracketed_problem(value, hop)
    if re.match(r"\d+\.\d+\.\d+\.\d+", hop):
        return f"'{value}' has an address as next hop: put it in brackets, e.g. {EXAMPLE}"
    if hop.count(":") > 1:
        return f"'{value}' has an IPv6 address as next hop: put it in brackets, e.g. smtp:[2001:db8::5]:25"
    host, colon, port = hop.partition(":")
    return name_problem("next hop", host) or (port_problem(value, port) if colon else None)


def bracketed_problem(value, hop):
    match = re.fullmatch(r"\[([^\]]*)\](.*)", hop)
    if not match:
        return f"'{value}' has a next hop whose bracket is not closed: expected e.g. {EXAMPLE}"
    host, rest = match.groups()
    if rest and not rest.startswith(":"):
        return f"'{value}' has '{rest}' behind the bracket: a port follows after a colon, e.g. {EXAMPLE}"
    family = re.match(r"ipv6:", host, re.I)
    if family:
        return f"'{value}' has '{family.group()}' in the brackets: leave it out, the address alone is enough"
    if not is_address(host):
        if re.fullmatch(r"[0-9.]+", host):
            return f"'{value}' has '{host}' in the brackets, which is not an address: expected e.g. {EXAMPLE}"
        if ":" in host:
            return f"'{value}' has '{host}' in the brackets: the port belongs behind them, e.g. {EXAMPLE}"
        problem = name_problem("next hop", host)
        if problem:
            return problem
    return port_problem(value, rest[1:]) if rest else None


def port_problem(value, port):
    if not port:
        return f"'{value}' ends with a colon: a port follows it, or leave it out"
    if port.isdigit():
        return None if 1 <= int(port) <= 65535 else f"'{value}' has the port {port}: expected 1 to 65535"
    if re.fullmatch(r"[a-z][a-z0-9-]*", port):
        return None
    return f"'{value}' has the port '{port}': expected a number or the name of a service"


def transport_key(value):
    if value == "*":
        return None
    if re.match(r"\*@?\.", value):
        return f"'{value}' has a *, which transport(5) knows alone only: for all subdomains write '{value.lstrip('*').lstrip('@')}'"
    if value.startswith("*@"):
        return f"'{value}' has a *, which transport(5) knows alone only: write '{value[2:]}'"
    if re.fullmatch(r"[^@]+@", value):
        return f"'{value}' has nothing behind the @: transport(5) knows user@domain and domain"
    domain = value if URL.match(value) else re.sub(r"^\.", "", value.rpartition("@")[2])
    return name_problem("domain of a transport", domain)
