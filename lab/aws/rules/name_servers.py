"""Name servers of hosted zones.

* Each zone has four of its own, in com, net, org and co.uk; a reusable delegation set has four that many zones share (guide,
  "configuring white-label name servers"; API reference, CreateReusableDelegationSet).
* Zones may have one name when they have no name server in common; there is a limit, `DelegationSetNotAvailable` (API reference,
  CreateHostedZone; how many is not confirmed: the lab has room for three).
* Numbers and domains belong together as in `ns-1447.awsdns-52.org`: four ranges of 512, eight numbers to a domain (seen in many zones).

The lab's own: a number's remainder by four says which of its servers have the zone, see lab/dns/name-servers.ts.
"""

import itertools
import random
import string

from moto.core.exceptions import ServiceException
from moto.route53.exceptions import NoSuchDelegationSet
from moto.route53.models import DelegationSet, Route53Backend

SUFFIXES = ("com", "net", "org", "co.uk")
SERVERS = 4
REUSABLE = SERVERS - 1

_numbers = itertools.count(random.randrange(128))


class DelegationSetNotAvailable(ServiceException):
    code = "DelegationSetNotAvailable"
    message = "A delegation set that's not in use isn't available."


def _name_servers(server):
    number = (next(_numbers) * SERVERS + server) % 512
    return [f"ns-{number + 512 * index}.awsdns-{number // 8:02}.{suffix}" for index, suffix in enumerate(SUFFIXES)]


def server_of(name_server):
    return int(name_server.split(".")[0].removeprefix("ns-")) % SERVERS


def _free_server(backend, name):
    taken = {
        server_of(zone.delegation_set.name_servers[0])
        for zone in backend.zones.values()
        if zone.name == name and not zone.private_zone
    }
    for server in range(REUSABLE):
        if server not in taken:
            return server
    raise DelegationSetNotAvailable(DelegationSetNotAvailable.message)


def _create_reusable_delegation_set(self, caller_reference, delegation_set_id=None, hosted_zone_id=None):
    """moto calls this for each new zone, too."""
    if delegation_set_id:
        return self.get_reusable_delegation_set(delegation_set_id)
    if caller_reference.startswith("DelSet_"):
        return DelegationSet(caller_reference, _name_servers(_free_server(self, caller_reference.removeprefix("DelSet_"))), None)
    servers = self.get_hosted_zone(hosted_zone_id).delegation_set.name_servers if hosted_zone_id else _name_servers(REUSABLE)
    made = DelegationSet(caller_reference, servers, "N" + "".join(random.choices(string.ascii_uppercase + string.digits, k=20)))
    self.delegation_sets[made.id] = made
    return made


def _get_reusable_delegation_set(self, delegation_set_id):
    number = delegation_set_id.rsplit("/", 1)[-1]
    if number not in self.delegation_sets:
        raise NoSuchDelegationSet(delegation_set_id)
    return self.delegation_sets[number]


def install():
    Route53Backend.create_reusable_delegation_set = _create_reusable_delegation_set
    Route53Backend.get_reusable_delegation_set = _get_reusable_delegation_set
