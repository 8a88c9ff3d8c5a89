"""The one account of the lab's AWS."""

import os

from moto.ec2.models import ec2_backends

ACCOUNT = os.environ.get("MOTO_ACCOUNT_ID", "123456789012")


def ec2_name(address):
    """The name that AWS gives to a public address whose owner has set none."""
    return f"ec2-{address.replace('.', '-')}.eu-central-1.compute.amazonaws.com."


def ec2_regions():
    return list(ec2_backends[ACCOUNT].values())
