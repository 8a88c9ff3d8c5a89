"""What moto lacks or gets wrong, as far as a mail server's stack meets it: one file a rule, each saying where it is from.

Error codes and texts are those of the real API where they are known; others are marked as ours.
"""

from rules import addresses, firewall_rules, images, ipv6, name_servers, reverse_names, route53_changes, route53_records, termination


def install():
    for rules in (images, addresses, reverse_names, termination, ipv6, firewall_rules, name_servers, route53_records, route53_changes):
        rules.install()
