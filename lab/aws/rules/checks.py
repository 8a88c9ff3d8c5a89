"""What is looked at before a call is carried out, in EC2 and Route 53: a rule refuses it here.

`DryRun` (EC2 guide): a call with it is refused with `DryRunOperation`, status 412, when everything else would have let it through
(that the other refusals come first is not confirmed; the guide speaks of permissions only).
"""

from moto.core.utils import camelcase_to_underscores, get_service_model
from moto.ec2.responses import EC2Response
from moto.route53.responses import Route53

SERVICES = {"ec2": EC2Response, "route53": Route53}
_checks = {}


class Refused(Exception):
    """A client's or a server's error, answered in the words of the service's protocol."""

    def __init__(self, code, message, status=400, passing=False):
        """`passing`: the same call may be right when it comes again."""
        super().__init__(message)
        self.code, self.message, self.status, self.passing = code, message, status, passing


def before(service, *actions):
    """Decorates `check(response)`, which runs before each call of these actions, e.g. of `ec2` `RunInstances`."""

    def register(check):
        for action in actions:
            _checks.setdefault((service, action), []).append(check)
        return check

    return register


def _with_checks(service, action, method):
    def checked(self):
        for check in _checks.get((service, action), []):
            check(self)
        if service == "ec2" and str(self._get_param("DryRun")).lower() == "true":
            raise Refused("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412)
        return method(self)

    return checked


def install():
    """Last of all: by now the methods are the lab's own."""
    for service, responses in SERVICES.items():
        for action in get_service_model(service).operation_names:
            name = camelcase_to_underscores(action)
            method = getattr(responses, name, None)
            if method:
                setattr(responses, name, _with_checks(service, action, method))
