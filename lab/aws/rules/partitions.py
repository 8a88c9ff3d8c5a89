"""GovCloud and China set no reverse name by the API: the guide says that a form is to be sent to AWS there.

`InvalidAction` is what EC2 answers to a call that it does not have (API's list of errors); that it is this one is not confirmed.
"""

from rules.checks import Refused, before


@before("ec2", "ModifyAddressAttribute", "ResetAddressAttribute", "DescribeAddressesAttribute")
def _reverse_names(call):
    if call.region.startswith(("us-gov-", "cn-")):
        raise Refused("InvalidAction", f"The action {call._get_action()} is not valid for this web service.")
