"""Reverse names of Elastic IPs: ModifyAddressAttribute, ResetAddressAttribute, DescribeAddressesAttribute, and ReleaseAddress.

Where each rule is from:

* Both calls answer at once with `PtrRecordUpdate` and status PENDING; it is over when there is no update any more (guide,
  "Use reverse DNS for email applications"; the waiters of aws_eip_domain_name in the provider's source). An address without a name
  is not listed then (the provider's waiter for a reset).
* The A record has to lead to the address in the public DNS (guide). FAILED with a `Reason` is a state that the provider's source
  and the API's model know; that the look is taken when the call comes in, and the words of the reason, are not confirmed: ours.
* How long it takes: "a couple of minutes" (threads); a reset the same (not confirmed).
* An address with a name is not released: `InvalidAddress.PtrSet` (API's list of errors), also for a while after the reset is over
  (gruntwork-io/cloud-nuke#873; how long is not confirmed). The text is ours.
* A newer request takes the place of one that is PENDING (not confirmed).
"""

from moto.core.responses import ActionResult
from moto.ec2.responses import EC2Response

import background
import conditions
import public_dns
from account import ec2_name
from rules.addresses import address_of
from rules.checks import Refused, before


def _absolute(name):
    return name.rstrip(".").lower() + "."


def _attributes(address):
    fields = {"PublicIp": address.public_ip, "AllocationId": address.allocation_id}
    if getattr(address, "ptr_record", None):
        fields["PtrRecord"] = address.ptr_record
    if getattr(address, "ptr_update", None):
        fields["PtrRecordUpdate"] = address.ptr_update
    return fields


def _objection(address, name):
    """Why the name is not set; None when it is. Asks the public DNS."""
    outcome = conditions.get("reverseNames", "outcome")
    if outcome == "failed":
        return conditions.get("reverseNames", "reason")
    try:
        found = public_dns.addresses(name)
    except public_dns.NoAnswer as error:
        return f"The forward DNS record (type A) of {name} could not be looked up: {error}"
    if address.public_ip in found:
        return None
    return f"The forward DNS record (type A) of {name} does not point to {address.public_ip} but to {', '.join(found) or 'nothing'}"


def _start(address, value, finish, first=lambda: None):
    update = address.ptr_update = {"Value": value, "Status": "PENDING"}

    def finish_if_newest(found):
        if address.ptr_update is update and conditions.get("reverseNames", "outcome") != "never":
            finish(found)

    background.later(conditions.scaled(conditions.get("reverseNames", "seconds")), finish_if_newest, first)
    return ActionResult({"Address": _attributes(address)})


def _modify_address_attribute(self):
    address, name = address_of(self), self._get_param("DomainName")
    value = _absolute(name)

    def finish(objection):
        if objection:
            address.ptr_update = {"Value": value, "Status": "FAILED", "Reason": objection}
        else:
            address.ptr_record, address.ptr_update = value, None

    return _start(address, value, finish, lambda: _objection(address, name.rstrip(".")))


def _reset_address_attribute(self):
    address = address_of(self)
    address.ptr_held = True

    def release():
        address.ptr_held = False

    def finish(_):
        address.ptr_record = address.ptr_update = None
        background.later(conditions.scaled(conditions.get("reverseNames", "heldSeconds")), lambda _: release())

    return _start(address, ec2_name(address.public_ip), finish)


def _describe_addresses_attribute(self):
    addresses = self.ec2_backend.describe_addresses_attribute(self._get_param("AllocationIds", []))
    return ActionResult({"Addresses": [fields for fields in map(_attributes, addresses) if len(fields) > 2]})


def _is_held(address):
    """A reset that is under way or has just been; a name, or one that is asked for."""
    return any(getattr(address, what, None) for what in ("ptr_record", "ptr_update", "ptr_held"))


@before("ec2", "ReleaseAddress")
def _release(call):
    address = None
    if call._get_param("AllocationId"):
        address = address_of(call)
    elif call._get_param("PublicIp"):
        address = call.ec2_backend.address_by_ip([call._get_param("PublicIp")])[0]
    if address and _is_held(address):
        raise Refused(
            "InvalidAddress.PtrSet",
            f"The address with allocation id [{address.allocation_id}] cannot be released because it has a PTR record set.",
        )
    if address and address.association_id:
        raise Refused("InvalidIPAddress.InUse", f"Address {address.public_ip} is in use.")


def install():
    EC2Response.modify_address_attribute = _modify_address_attribute
    EC2Response.reset_address_attribute = _reset_address_attribute
    EC2Response.describe_addresses_attribute = _describe_addresses_attribute
