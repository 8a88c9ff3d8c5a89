"""Left and right sides of the access maps, access(5)."""

import ipaddress
import re

from addresses import address_form_problem, target_address
from names import URL, is_address, name_problem
from spelling import nearest

ACTIONS = "OK REJECT DUNNO DEFER DEFER_IF_REJECT DEFER_IF_PERMIT DISCARD HOLD INFO WARN".split()
WITH_VALUE = {
    "BCC": (r"[^\s@]+@[^\s@]+", "an address, e.g. BCC audit@example.com"),
    "FILTER": (r"[^\s:]+:\S*", "a transport and a next hop, e.g. FILTER smtp:[10.0.0.5]:25"),
    "PREPEND": (r"[!-9;-~]+:\s*\S.*", "a header line, e.g. PREPEND X-Seen: yes"),
    "REDIRECT": (r"[^\s@]+@[^\s@]+", "an address, e.g. REDIRECT audit@example.com"),
}
LONGEST_SLEEP = 30
# What other programs call the actions.
FOREIGN = {
    **dict.fromkeys(["ACCEPT", "ALLOW", "RELAY", "YES", "PASS", "WHITELIST"], "OK"),
    **dict.fromkeys(["BLOCK", "DENY", "DROP", "NO", "BLACKLIST", "SPAM", "BAN"], "REJECT"),
    **dict.fromkeys(["SKIP", "IGNORE", "NONE"], "DUNNO"),
}
# Restrictions of Postfix 3.10 that stand alone.
RESTRICTIONS = (
    "permit reject defer defer_if_permit defer_if_reject warn_if_reject permit_mynetworks permit_sasl_authenticated "
    "permit_tls_clientcerts permit_tls_all_clientcerts permit_auth_destination permit_mx_backup permit_inet_interfaces "
    "permit_naked_ip_address reject_unauth_destination defer_unauth_destination reject_unauth_pipelining "
    "reject_invalid_helo_hostname reject_non_fqdn_helo_hostname reject_unknown_helo_hostname reject_unknown_client_hostname "
    "reject_unknown_reverse_client_hostname reject_unknown_forward_client_hostname reject_non_fqdn_sender "
    "reject_non_fqdn_recipient reject_unknown_sender_domain reject_unknown_recipient_domain reject_unlisted_sender "
    "reject_unlisted_recipient reject_unverified_sender reject_unverified_recipient reject_sender_login_mismatch "
    "reject_authenticated_sender_login_mismatch reject_known_sender_login_mismatch reject_unauthenticated_sender_login_mismatch "
    "reject_multi_recipient_bounce reject_plaintext_session"
).split()
# Those that need the word after them.
WITH_ARGUMENT = (
    "check_client_access check_helo_access check_sender_access check_recipient_access check_etrn_access check_ccert_access "
    "check_sasl_access check_reverse_client_hostname_access check_policy_service reject_rbl_client permit_dnswl_client "
    "permit_rhswl_client reject_rhsbl_client reject_rhsbl_helo reject_rhsbl_reverse_client reject_rhsbl_sender "
    "reject_rhsbl_recipient sleep"
).split() + [
    f"check_{what}_{kind}_access"
    for what in ("client", "reverse_client_hostname", "helo", "sender", "recipient")
    for kind in ("a", "mx", "ns")
]


def action_problem(value, context):
    """What is wrong with an action; `context` has the restriction classes and the lists of main.cf, and what leads to where."""
    words = value.split()
    name = words[0].upper()
    if name in WITH_VALUE:
        form, what = WITH_VALUE[name]
        given = " ".join(words[1:])
        if not re.fullmatch(form, given):
            return f"'{value}' lacks what {name} is to be done with: expected {what}"
        if name in ("BCC", "REDIRECT"):
            return target_address(given) or address_form_problem(given)
        return context.transport_problem(given) if name == "FILTER" else None
    if name in ACTIONS or re.fullmatch(r"[45]\d\d", words[0]):
        return None
    if value.isdigit() and not re.fullmatch(r"[1-9]\d\d", value):
        return None
    return restrictions_problem(value, context)


def restrictions_problem(value, context):
    words = re.split(r"[\s,]+", value)
    known = {*RESTRICTIONS, *context.restriction_classes}
    index = 0
    while index < len(words):
        word = words[index]
        if word.lower() in WITH_ARGUMENT:
            index += 1
            if index >= len(words):
                return f"'{word}' lacks its argument, see postconf(5)"
            problem = argument_problem(word, words[index], context)
            if problem:
                return problem
        elif word.lower() not in known:
            return unknown_action(word, index == 0, context.restriction_classes)
        index += 1
    return None


def argument_problem(restriction, argument, context):
    """Daemons open tables and policy services at their start, those that main.cf names. What only a map names they do not know:
    mail is put off, or smtpd ends."""
    name = restriction.lower()
    if name == "sleep":
        return (
            None
            if argument.isdigit() and int(argument) <= LONGEST_SLEEP
            else f"'sleep {argument}': expected 1 to {LONGEST_SLEEP} seconds"
        )
    if name.startswith("check_"):
        if argument in context.restriction_words:
            return None
        return (
            f"'{restriction} {argument}' is of no effect in a map, and mail would be put off: name it in main.cf, "
            "in a class of smtpd_restriction_classes, and here the class"
        )
    site = re.fullmatch(r"([A-Za-z0-9._-]+)(=[0-9.;,\[\]-]+)?(\*-?\d+)?", argument)
    return None if site else f"'{argument}' is not the name of a list of DNS: expected e.g. {restriction} zen.spamhaus.org"


def unknown_action(word, first, classes):
    if not first:
        return f"'{word}' is not a restriction of Postfix, which would put off every mail that matches{meant(word, classes)}"
    return (
        f"'{word}' is not an action of access(5), and Postfix would put off every mail that matches: "
        f"use e.g. OK, REJECT with a text, DUNNO, DISCARD, HOLD or 550 with a text{meant(word, classes)}"
    )


def meant(word, classes):
    bare = re.sub(r"^['\"]|['\":.!]+$", "", word)
    near = FOREIGN.get(bare.upper())
    if near is None and re.fullmatch(r"[45]\.\d+\.\d+", bare):
        near = f"{bare[0]}50 {bare}"
    if near is None:
        near = nearest(bare, [*ACTIONS, *WITH_VALUE, *RESTRICTIONS, *WITH_ARGUMENT, *classes])
    return f"; did you mean {near}?" if near else ""


def any_key(value):
    """What all left sides have in common."""
    if URL.match(value):
        return name_problem("key of an access map", value)
    if re.fullmatch(r"(['\"]).*\1", value):
        return f"'{value}' is in quotes: leave them out"
    if re.fullmatch(r"/.+/[a-zA-Z]*", value):
        return f"'{value}' is a pattern, which access(5) does not know: name the domain, e.g. example.com"
    if re.match(r"[^@]*/", value):
        return (
            f"'{value}' is a network with a prefix length, which access(5) does not know: "
            "name whole octets or groups, e.g. 203.0.113 or 2001:db8"
        )
    if "*" in value:
        return f"'{value}' has a *, which access(5) does not know: name the domain, e.g. example.com"
    return None


def domain_key(value):
    bare = value.lstrip(".")
    if bare != value and name_problem("domain", bare, underscore=True) is None:
        return f"'{value}' begins with a dot and would never match: write '{bare}', its subdomains belong to it"
    return name_problem("domain", value, underscore=True)


def client_key(value):
    broken = any_key(value)
    if broken:
        return broken
    if "@" in value:
        return f"'{value}' is an address of mail, and clients have names and IP addresses: it belongs in access-sender"
    if value.startswith("["):
        return f"'{value}' has brackets, in which Postfix does not look it up: leave them out"
    if re.fullmatch(r"[0-9.]+", value):
        return ipv4_key(value)
    return ipv6_key(value) if ":" in value else domain_key(value)


def ipv4_key(value):
    if value.endswith("."):
        return f"'{value}' ends with a dot, and would never match: write '{value.rstrip('.')}'"
    octets = value.split(".")
    if len(octets) <= 4 and all(re.fullmatch(r"0|[1-9]\d{0,2}", octet) and int(octet) <= 255 for octet in octets):
        return None
    return f"'{value}' is not an IPv4 address, nor its first octets: expected e.g. 203.0.113.9 or 203.0.113"


def ipv6_key(value):
    if re.fullmatch(r"\d+\.\d+\.\d+\.\d+:\d+", value):
        return f"'{value}' has a port: leave it out"
    if is_address(value):
        if value.endswith("::"):
            return f"'{value}' is one address and no network: for all that begin so write '{value[:-2]}'"
        canonical = str(ipaddress.ip_address(value))
        return None if canonical == value.lower() else f"'{value}' is never looked up in this spelling: write '{canonical}'"
    if re.fullmatch(r"([0-9a-f]{1,4}:){0,7}[0-9a-f]{1,4}", value, re.I) and not re.search(r"(^|:)0[0-9a-f]", value, re.I):
        return None
    return f"'{value}' is not an IPv6 address, nor its first groups: expected e.g. 2001:db8::9 or 2001:db8"


def helo_key(value):
    broken = any_key(value)
    if broken:
        return broken
    if "@" in value:
        return f"'{value}' is an address of mail, and a HELO name is none: it belongs in access-sender"
    return None if re.fullmatch(r"\[.*\]", value) or is_address(value) else domain_key(value)


def mail_key(value):
    if value == "<>":
        return None
    broken = any_key(value)
    if broken:
        return broken
    if value.lower().startswith("mailto:"):
        return f"'{value}' is a link: give only '{value[7:]}'"
    if re.fullmatch(r"<.*>", value):
        return f"'{value}' has < and > around it: leave them out"
    if value.startswith("@"):
        return f"'{value}' would never match: for every address of a domain write '{value[1:]}'"
    local, at, domain = value.rpartition("@")
    if not at:
        return f"'{value}' is the address of a client: it belongs in access-client" if is_address(value) else domain_key(value)
    if "@" in local and not value.startswith('"'):
        return f"'{value}' has two @: an address has one"
    return domain_key(domain) if domain else None
