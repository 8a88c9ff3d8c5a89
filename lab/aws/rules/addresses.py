"""Elastic IPs: the addresses that the lab's internet routes to its cloud, one for each private address."""

from moto.ec2.models import elastic_ip_addresses, elastic_network_interfaces
from moto.ec2.responses import EC2Response

from account import ec2_regions

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
                "InvalidAddress.NotFound",
                f"The address '{asked}' does not exist or is unavailable; the lab has {POOL[0]} to {POOL[-1]}",
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


def address_of(response):
    return response.ec2_backend.address_by_allocation([response._get_param("AllocationId")])[0]


def install():
    _public_addresses()
    _one_address_each()
