"""Where a setting of main.cf counts, and where not: a service of master.cf may have its own value of a parameter."""

import collections
import re

# `$main_NAME` in master.cf, or in main.cf, is what main.cf says of NAME: so a service adds to it, or makes it depend on something.
OF_MAIN = re.compile(r"\$[({]?main_([A-Za-z0-9_]+)")
# Another name of a parameter, which fragments can set for the service.
ANOTHER = re.compile(r"\$\(?\{?([A-Za-z0-9_]+)[)}]?")
INSIDE = "the way through the filter is the role's own"
# Services that nobody outside this host sees.
OF_THE_FILTER = {
    "smtp-amavis/unix",
    "127.0.0.1:10025/inet",
    "127.0.0.1:10027/inet",
    "cleanup/unix",
    "cleanup-local/unix",
    "pickup/unix",
}
WHY = {
    "smtpd_sasl_auth_enable": "a login belongs on 587 and 465 and on no other port",
    "smtpd_peername_lookup": "587 and 465 take mail at once, also while DNS hangs",
    "inet_protocols": "this transport is the one for IPv4",
    "smtpd_milters": "logins are held to their senders and limits",
    "content_filter": "what is submitted passes the filter behind the queue",
    "smtpd_proxy_filter": "port 25 is filtered in the dialogue",
    "receive_override_options": "addresses are rewritten and headers checked once, behind the filter",
    "syslog_name": "each service has its own name in the log",
}


def aliases(settings, master):
    """Names of parameters that are meant by a `$main_NAME` somewhere."""
    return sorted({name for text in [master, *(each.value for each in settings)] for name in OF_MAIN.findall(text)})


def without_effect(postfix, settings):
    """Each setting that some services have another value of: the setting, and in words which services, and what to do."""
    for each in settings:
        found = collections.defaultdict(list)
        for service, own in sorted(postfix.overrides.items()):
            if each.name in own and not counts(postfix, each.name, own[each.name]):
                found[reason(each.name, service, own[each.name])].append(service.rpartition("/")[0])
        for why, services in found.items():
            yield each, f"'{each.name}' does not count for {listed(services)}: {why}"


def listed(words):
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def counts(postfix, name, value, depth=4):
    """Whether a value is made of what main.cf says of that parameter, if by the detour of other parameters."""
    if name in OF_MAIN.findall(value):
        return True
    others = ANOTHER.findall(value) if depth else []
    return any(counts(postfix, name, postfix.raw.get(other, ""), depth - 1) for other in others)


def reason(name, service, value):
    if service in OF_THE_FILTER:
        return INSIDE
    other = ANOTHER.fullmatch(value)
    if other:
        return f"set {other.group(1)} for that"
    return WHY.get(name, f"it has the value '{value}' there, which is part of the role")
