"""Rules of EC2 that moto lacks or gets wrong, as far as a mail server's stack meets them.

Error codes and texts are those of the real API where they are known.
"""

import threading

from moto.core.responses import ActionResult
from moto.ec2.exceptions import InvalidPermissionNotFoundError, InvalidSecurityGroupRuleIdNotFoundError
from moto.ec2.models import elastic_ip_addresses, elastic_network_interfaces, security_groups, subnets, vpcs
from moto.ec2.models.instances import Instance
from moto.ec2.responses import EC2Response
from moto.route53.models import route53_backends

from snapshot import ACCOUNT, ec2_regions

# The addresses that the lab's internet routes to its cloud. Its own servers live elsewhere in 198.51.100.0/24.
POOL = [f"198.51.100.{last}" for last in [*range(25, 50), *range(100, 240)]]


def _taken():
    for backend in ec2_regions():
        for address in backend.addresses:
            yield address.public_ip
        for interface in backend.enis.values():
            if interface.public_ip:
                yield interface.public_ip


def _next_address():
    taken = set(_taken())
    for address in POOL:
        if address not in taken:
            return address
    raise RuntimeError("the lab's pool of public addresses is used up")


def _public_addresses():
    elastic_ip_addresses.random_ip = _next_address
    elastic_network_interfaces.random_public_ip = _next_address
    interface_class = elastic_network_interfaces.NetworkInterface
    give, take = interface_class.check_auto_public_ip, interface_class.stop

    def has_elastic_ip(interface):
        return any(address.eni is interface and address.association_id for address in interface.ec2_backend.addresses)

    # An Elastic IP stays where it is when its instance is stopped and started.
    interface_class.check_auto_public_ip = lambda self: None if has_elastic_ip(self) else give(self)
    interface_class.stop = lambda self: None if has_elastic_ip(self) else take(self)
    allocate = EC2Response.allocate_address

    def allocate_address(self):
        asked = self._get_param("Address", if_none=None)
        if asked and (asked not in POOL or asked in set(_taken())):
            self.ec2_backend.raise_error(
                "InvalidAddress.NotFound", f"The address '{asked}' does not exist or is unavailable; the lab has {POOL[0]} to {POOL[-1]}"
            )
        pool = self._get_param("PublicIpv4Pool")
        result = allocate(self)
        if pool:
            fields = result.result
            ip = fields["PublicIp"] if isinstance(fields, dict) else fields.public_ip
            self.ec2_backend.address_by_ip([ip])[0].public_ipv4_pool = pool
        return result

    EC2Response.allocate_address = allocate_address


def _one_address_each():
    """A private address has one Elastic IP: a new one takes the place of the old, whose association is then gone."""
    backend_class = elastic_ip_addresses.ElasticAddressBackend
    associate = backend_class.associate_address

    def associate_address(self, *args, **kwargs):
        address = associate(self, *args, **kwargs)
        for other in self.addresses:
            if other is not address and address.eni is not None and other.eni is address.eni:
                other.eni = other.instance = other.association_id = None
        return address

    backend_class.associate_address = associate_address


def _address_of(response):
    return response.ec2_backend.address_by_allocation([response._get_param("AllocationId")])[0]


def _attributes(address):
    fields = {"PublicIp": address.public_ip, "AllocationId": address.allocation_id}
    if getattr(address, "ptr_record", None):
        fields["PtrRecord"] = address.ptr_record
    return fields


def _forward(name):
    wanted = name.rstrip(".").lower()
    for zone in route53_backends[ACCOUNT]["aws"].zones.values():
        if zone.private_zone:
            continue
        for record in zone.rrsets:
            if record.type == "A" and record.name.rstrip(".").lower() == wanted:
                return [str(value) for value in record.records or []]
    return []


def _reverse_dns():
    """Modify/Reset/DescribeAddressesAttribute; a PTR needs its A record first, and locks its address."""

    def modify_address_attribute(self):
        address, name = _address_of(self), self._get_param("DomainName")
        if address.public_ip not in _forward(name):
            self.ec2_backend.raise_error(
                "InvalidParameterValue",
                f"The forward DNS record (type A) of {name} does not point to {address.public_ip}; "
                "a reverse DNS record can only be created after it",
            )
        address.ptr_record = name.rstrip(".") + "."
        return ActionResult({"Address": _attributes(address)})

    def reset_address_attribute(self):
        address = _address_of(self)
        address.ptr_record = None
        return ActionResult({"Address": _attributes(address)})

    def describe_addresses_attribute(self):
        addresses = self.ec2_backend.describe_addresses_attribute(self._get_param("AllocationIds", []))
        return ActionResult({"Addresses": [_attributes(a) for a in addresses if getattr(a, "ptr_record", None)]})

    release = EC2Response.release_address

    def release_address(self):
        address = None
        if self._get_param("AllocationId"):
            address = _address_of(self)
        elif self._get_param("PublicIp"):
            address = self.ec2_backend.address_by_ip([self._get_param("PublicIp")])[0]
        if address and getattr(address, "ptr_record", None):
            self.ec2_backend.raise_error(
                "InvalidAddress.PtrSet",
                f"The address with allocation id [{address.allocation_id}] cannot be released because it has a PTR record set.",
            )
        if address and address.association_id:
            self.ec2_backend.raise_error("InvalidIPAddress.InUse", f"Address {address.public_ip} is in use.")
        return release(self)

    for action in (modify_address_attribute, reset_address_attribute, describe_addresses_attribute, release_address):
        setattr(EC2Response, action.__name__, action)


def _termination():
    """A terminated instance lets go of its Elastic IPs and of the interfaces that outlive it."""
    terminate = Instance.terminate

    def terminate_and_let_go(self):
        before = terminate(self)
        for interface in self.nics.values():
            for address in self.ec2_backend.addresses:
                if address.eni is interface:
                    address.instance = address.eni = address.association_id = None
            if not interface.delete_on_termination:
                # Not detach_eni(): DescribeInstances still reads the interfaces of a terminated instance.
                interface.instance = interface.attachment_id = interface.attach_time = interface.device_index = None
                interface.status = "available"
            interface.public_ip = None
        return before

    Instance.terminate = terminate_and_let_go


def _ipv6():
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


def _firewall_rules():
    """A rule that is gone is called by its id when it is revoked once more, as a client does whose first answer got lost."""
    backend_class = security_groups.SecurityGroupBackend

    def by_id(revoke):
        def revoke_by_id(self, *args, security_rule_ids=None, **kwargs):
            try:
                return revoke(self, *args, security_rule_ids=security_rule_ids, **kwargs)
            except InvalidPermissionNotFoundError:
                if security_rule_ids:
                    raise InvalidSecurityGroupRuleIdNotFoundError(", ".join(security_rule_ids)) from None
                raise

        return revoke_by_id

    for name in ("revoke_security_group_ingress", "revoke_security_group_egress"):
        setattr(backend_class, name, by_id(getattr(backend_class, name)))


def install():
    _public_addresses()
    _one_address_each()
    _reverse_dns()
    _termination()
    _ipv6()
    _firewall_rules()
