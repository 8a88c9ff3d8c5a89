"""IPv6 blocks and addresses: the states that the provider waits for, documentation prefixes, prefixes of one's own."""

import threading

from moto.core.responses import ActionResult
from moto.ec2.models import subnets, vpcs
from moto.ec2.responses import EC2Response


def install():
    def associations(self):
        return [
            {
                "ipv6CidrBlock": block["ipv6CidrBlock"],
                "associationId": block["associationId"],
                "ipv6CidrBlockState": {"state": block["ipv6CidrBlockState"]["State"]},
            }
            for block in self.ipv6_cidr_block_associations.values()
            if block["ipv6CidrBlockState"]["State"] == "associated"
        ]

    subnets.Subnet.ipv6_cidr_block_association_set = property(associations)

    # Asked for while a prefix is given to a subnet that is there.
    filtered = subnets.Subnet.get_filter_value

    def get_filter_value(self, filter_name, method_name=None):
        if filter_name == "ipv6-cidr-block-association.association-id":
            return list(self.ipv6_cidr_block_associations)
        return filtered(self, filter_name, method_name)

    subnets.Subnet.get_filter_value = get_filter_value

    # A block out of the documentation prefix instead of a random one of somebody else.
    counter = iter(range(1, 65536))
    lock = threading.Lock()
    associate = EC2Response.associate_vpc_cidr_block
    vpcs.random_ipv6_cidr = lambda: f"2001:db8:{next(counter):x}::/56"

    def associate_vpc_cidr_block(self):
        wanted, vpc_id = self._get_param("Ipv6CidrBlock"), self._get_param("VpcId")
        if not wanted:
            return associate(self)
        with lock:
            vpcs.random_ipv6_cidr, random = (lambda: wanted), vpcs.random_ipv6_cidr
            try:
                made = self.ec2_backend.associate_vpc_cidr_block(vpc_id, None, True)
            finally:
                vpcs.random_ipv6_cidr = random
        made["ipv6_pool"] = self._get_param("Ipv6Pool") or "IPAM Managed"
        return ActionResult(
            {
                "VpcId": vpc_id,
                "Ipv6CidrBlockAssociation": {
                    "AssociationId": made["association_id"],
                    "Ipv6CidrBlock": wanted,
                    "Ipv6CidrBlockState": {"State": "associating"},
                    "Ipv6Pool": made["ipv6_pool"],
                },
            }
        )

    EC2Response.associate_vpc_cidr_block = associate_vpc_cidr_block
    run_instances = EC2Response.run_instances

    def run_with_addresses(self):
        wanted = [entry["Ipv6Address"] for entry in self._get_param("Ipv6Addresses", [])]
        before = set(self.ec2_backend.reservations)
        result = run_instances(self)
        for reservation in set(self.ec2_backend.reservations) - before if wanted else ():
            for instance in self.ec2_backend.reservations[reservation].instances:
                instance.nics[0].ipv6_addresses.extend(wanted)
        return result

    EC2Response.run_instances = run_with_addresses
    # Asked for when a VPC with such a block is deleted.
    EC2Response.get_ipam_pool_allocations = lambda self: ActionResult({"IpamPoolAllocations": []})
