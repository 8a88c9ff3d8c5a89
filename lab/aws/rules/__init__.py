"""What moto lacks or gets wrong, as far as a mail server's stack meets it: one file a rule, each saying where it is from.

Error codes and texts are those of the real API where they are known; others are marked as ours.
"""

from rules import (
    addresses,
    checks,
    firewall_rules,
    iam_users,
    images,
    ipv6,
    launches,
    name_servers,
    partitions,
    quotas,
    reverse_names,
    route53_changes,
    route53_limits,
    route53_records,
    ses_identities,
    termination,
)

# What is checked before a call is registered by the import; these have nothing else.
_ = (launches, partitions, quotas, route53_limits)


def install():
    for each in (
        images,
        addresses,
        reverse_names,
        termination,
        ipv6,
        firewall_rules,
        name_servers,
        route53_records,
        route53_changes,
        ses_identities,
        iam_users,
    ):
        each.install()
    checks.install()
