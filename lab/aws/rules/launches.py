"""What keeps an instance from being launched.

* AWS's free plan, since July 2025: `InvalidParameterCombination` for most types (code, text and types: aws-samples/eks-workshop-v2
  #1644, splunk/attack_range#1302).
* No capacity for a type in a zone: `InsufficientInstanceCapacity`, status 500 (API's list of server errors, guide to
  troubleshooting launches; the text is shortened from threads).
* Instances on Xen: 120 and more types of the families below; their volumes show no serial number to the machine (guide, "EBS
  volumes and NVMe"; known, and to be seen in lab/machines).
"""

import conditions
from rules.checks import Refused, before

FREE_PLAN = ("c7i-flex.large", "m7i-flex.large", "t3.micro", "t3.small", "t4g.micro", "t4g.small")
XEN = (
    "c1",
    "c3",
    "c4",
    "d2",
    "f1",
    "g2",
    "g3",
    "g3s",
    "h1",
    "i2",
    "i3",
    "m1",
    "m2",
    "m3",
    "m4",
    "p2",
    "p3",
    "r3",
    "r4",
    "t1",
    "t2",
    "x1",
    "x1e",
)


def is_on_xen(instance_type):
    return instance_type.split(".")[0] in XEN


def _zone(call):
    subnet = call._get_param("SubnetId") or next((one.get("SubnetId") for one in call._get_param("NetworkInterfaces", [])), None)
    return call.ec2_backend.get_subnet(subnet).availability_zone if subnet else call._get_param("Placement.AvailabilityZone")


@before("ec2", "RunInstances")
def _free_plan(call):
    if conditions.get("ec2", "freePlan") and call._get_param("InstanceType") not in FREE_PLAN:
        raise Refused(
            "InvalidParameterCombination",
            "The specified instance type is not eligible for Free Tier. For a list of Free Tier instance types, run "
            "'describe-instance-types' with the filter 'free-tier-eligible=true'.",
        )


@before("ec2", "RunInstances")
def _capacity(call):
    zone, instance_type = _zone(call), call._get_param("InstanceType", "m1.small")
    if zone in conditions.get("ec2", "zonesWithoutCapacity"):
        raise Refused(
            "InsufficientInstanceCapacity",
            f"We currently do not have sufficient {instance_type} capacity in the Availability Zone you requested ({zone}).",
            500,
        )
