"""Quotas of a region, met in the middle of an apply: what was made before goes on costing.

* Elastic IPs: 5; `AddressLimitExceeded` (guide, quotas; API's list of errors; text from threads).
* VPCs, the default one among them: 5; `VpcLimitExceeded` (the same).
* vCPUs of running instances of the standard families: 5 in a new account, more with time; `VcpuLimitExceeded` (the same).
"""

from moto.ec2.models.instance_types import INSTANCE_TYPES

import conditions
from rules.checks import Refused, before


def _quota(name):
    return conditions.get("ec2", name)


@before("ec2", "AllocateAddress")
def _addresses(call):
    if len(call.ec2_backend.addresses) >= _quota("addresses"):
        raise Refused("AddressLimitExceeded", "The maximum number of addresses has been reached.")


@before("ec2", "CreateVpc")
def _vpcs(call):
    if len(call.ec2_backend.vpcs) >= _quota("vpcs"):
        raise Refused("VpcLimitExceeded", "The maximum number of VPCs has been reached.")


def _vcpus(instance_type):
    return INSTANCE_TYPES.get(instance_type, {}).get("VCpuInfo", {}).get("DefaultVCpus", 1)


def _running(backend):
    instances = (instance for reservation in backend.reservations.values() for instance in reservation.instances)
    return sum(_vcpus(one.instance_type) for one in instances if one._state.name in ("pending", "running"))


def _check_vcpus(backend, more):
    if _running(backend) + more > _quota("vcpus"):
        raise Refused(
            "VcpuLimitExceeded",
            f"You have requested more vCPU capacity than your current vCPU limit of {_quota('vcpus')} allows for the instance "
            "bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to "
            "request an adjustment to this limit.",
        )


@before("ec2", "RunInstances")
def _run(call):
    _check_vcpus(call.ec2_backend, _vcpus(call._get_param("InstanceType", "m1.small")) * int(call._get_param("MinCount", 1)))


@before("ec2", "StartInstances")
def _start(call):
    stopped = [call.ec2_backend.get_instance(number) for number in call._get_param("InstanceIds", [])]
    _check_vcpus(call.ec2_backend, sum(_vcpus(one.instance_type) for one in stopped if one._state.name == "stopped"))
