"""IPv6 blocks and addresses: the states that the provider waits for, documentation prefixes, prefixes of one's own.

* A subnet keeps its block as long as an interface has an address of it, a VPC as long as a subnet has a part of it (guide, "remove an
  IPv6 CIDR block"): `InvalidCidrBlock.InUse` (hashicorp/terraform-provider-aws#3562 and #46017, about another reason of a subnet; that
  it is the same code here is not confirmed, the texts are ours).
"""

import ipaddress
import threading

from moto.core.responses import ActionResult
from moto.ec2.models import route_tables, subnets, vpcs
from moto.ec2.responses import EC2Response
from moto.ec2.utils import generate_route_id

from rules.checks import Refused, before


def _blocks(holder):
    """The IPv6 blocks of a subnet or VPC, by the id of their association."""
    if isinstance(holder, subnets.Subnet):
        blocks = holder.ipv6_cidr_block_associations.values()
        entries = [(block["associationId"], block["ipv6CidrBlock"], block["ipv6CidrBlockState"]["State"]) for block in blocks]
    else:
        blocks = holder.get_cidr_block_association_set(ipv6=True)
        entries = [(block["association_id"], block["cidr_block"], block["cidr_block_state"]["state"]) for block in blocks]
    return {number: ipaddress.ip_network(block) for number, block, state in entries if state == "associated"}


def _refuse(kind, number, used_by):
    text = f"The {kind} IPv6 CIDR block with association ID {number} may not be disassociated, because {used_by} it."
    raise Refused("InvalidCidrBlock.InUse", text)


@before("ec2", "DisassociateSubnetCidrBlock")
def _subnet_block(call):
    number = call._get_param("AssociationId")
    for subnet in call.ec2_backend.describe_subnets():
        block = _blocks(subnet).get(number)
        for interface in call.ec2_backend.enis.values() if block else ():
            addresses = interface.ipv6_addresses if interface.subnet.id == subnet.id else ()
            if any(ipaddress.ip_address(address) in block for address in addresses):
                _refuse("subnet", number, f"the network interface {interface.id} has an address of")


@before("ec2", "DisassociateVpcCidrBlock")
def _vpc_block(call):
    number = call._get_param("AssociationId")
    for vpc in call.ec2_backend.vpcs.values():
        block = _blocks(vpc).get(number)
        for subnet in call.ec2_backend.describe_subnets() if block else ():
            if subnet.vpc_id == vpc.id and any(part.subnet_of(block) for part in _blocks(subnet).values()):
                _refuse("VPC", number, f"the subnet {subnet.id} has a part of")


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
    backend = route_tables.RouteBackend
    delete = backend.delete_route

    def delete_route(self, table, ipv4_block, ipv6_block=None, *others):
        """With a block of a VPC go its local routes; moto misses those of route tables that were made after the block was there."""
        blocks = (block for vpc in self.vpcs.values() for block in vpc.get_cidr_block_association_set(ipv6=True))
        if any(block["cidr_block"] == ipv6_block for block in blocks):
            self.get_route_table(table)._routes.pop(generate_route_id(table, ipv6_block), None)
            return None
        return delete(self, table, ipv4_block, ipv6_block, *others)

    backend.delete_route = delete_route
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
