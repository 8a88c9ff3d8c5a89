"""Blocklists are asked for what they must and must not list (RFC 5782, section 5): one that lies is not to be obeyed. And they are
asked for this host's own addresses, whose mail others would refuse.
"""

import ipaddress
import os
import re
import socket
from concurrent.futures import ThreadPoolExecutor

from checks.outcome import CRITICAL, OK, WARNING, Metric, Outcome, together

LISTED, NOT_LISTED = "2.0.0.127", "1.0.0.127"
# 1 for a list that answers, and wrongly: it must not be obeyed. One that does not answer harms nobody.
LYING = "lying"
USABLE = "usable"


class NoAnswer(Exception):
    """The resolver got none: nothing is known."""


def blocklists(config):
    lists = config["blocklists"]
    if not lists["sites"]:
        return Outcome(OK, "no blocklists are in use")
    with ThreadPoolExecutor(max_workers=2 * len(lists["sites"])) as pool:
        asked = [
            (site, pool.submit(lookup, LISTED, site["zone"]), pool.submit(lookup, NOT_LISTED, site["zone"]))
            for site in lists["sites"]
        ]
        findings = []
        for site, listed, unlisted in asked:
            off = os.path.exists(os.path.join(lists["offDirectory"], site["zone"]))
            findings.append(judge(site, answer_of(listed), answer_of(unlisted), off))
    zones = ", ".join(site["zone"] for site in lists["sites"])
    return together(findings, f"{zones}: answer as they should")


def reputation(config):
    addresses, sites = config["addresses"], config["blocklists"]["sites"]
    if not addresses or not sites:
        return Outcome(OK, "no address of this host is known" if sites else "no blocklists are in use")
    with ThreadPoolExecutor(max_workers=len(sites)) as pool:
        asked = [pool.submit(listings, site, addresses) for site in sites]
        return judge_reputation(sites, [answer_of(future) for future in asked], addresses)


def listings(site, addresses):
    """Own addresses that a list has; none of one that has everybody."""
    if counts(site, lookup(NOT_LISTED, site["zone"])):
        return []
    return [address for address in addresses if counts(site, lookup(reverse(address), site["zone"]))]


def reverse(address):
    return ipaddress.ip_address(address).reverse_pointer.removesuffix(".in-addr.arpa").removesuffix(".ip6.arpa")


def judge_reputation(sites, found, addresses):
    if all(listed is None for listed in found):
        return Outcome(WARNING, "no blocklist answers, nothing is known of this host's addresses")
    on = {address: [site["zone"] for site, listed in zip(sites, found) if address in (listed or [])] for address in addresses}
    metrics = tuple(Metric("listings", len(zones), label=("address", address)) for address, zones in on.items())
    wrong = [f"{address} is on {', '.join(zones)}" for address, zones in on.items() if zones]
    if wrong:
        return Outcome(CRITICAL, f"{'; '.join(wrong)}: others refuse mail of this host", metrics)
    return Outcome(OK, f"{', '.join(addresses)}: on no list", metrics)


def answer_of(future):
    try:
        return future.result()
    except NoAnswer:
        return None


def lookup(reversed_address, zone):
    """Addresses that a list answers; none when it says there is no such name."""
    try:
        found = socket.getaddrinfo(f"{reversed_address}.{zone}.", None, socket.AF_INET, socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno in (socket.EAI_NONAME, socket.EAI_NODATA):
            return []
        raise NoAnswer from error
    return sorted({address[0] for *_, address in found})


def judge(site, listed, unlisted, off):
    zone = site["zone"]
    if listed is None or unlisted is None:
        return Outcome(WARNING, f"{zone}: no answer from DNS", usable(zone, 0, 0))
    problem = verdict(site, listed, unlisted)
    if problem is None:
        return Outcome(OK, zone, usable(zone, 1, 0))
    harmful = counts(site, unlisted) and not off
    return Outcome(CRITICAL if harmful else WARNING, f"{zone} {problem}{', it is switched off' if off else ''}", usable(zone, 0, 1))


def verdict(site, listed, unlisted):
    """What is wrong with a list, None when nothing is."""
    errors = [address for address in (*listed, *unlisted) if address.startswith("127.255.255.")]
    if errors:
        return f"refuses to answer this resolver ({errors[0]}): ask it through another one, or with a key"
    if unlisted:
        return f"lists 127.0.0.1 ({', '.join(unlisted)}), it answers for everything"
    if not counts(site, listed):
        return (
            f"answers {', '.join(listed)} for 127.0.0.2, which is not among the replies that count"
            if listed
            else ("does not list 127.0.0.2, it answers for nothing")
        )
    return None


def counts(site, addresses):
    return any(re.search(site["replies"], address) for address in addresses)


def usable(zone, value, lies):
    return (Metric(USABLE, value, label=("list", zone)), Metric(LYING, lies, label=("list", zone)))
