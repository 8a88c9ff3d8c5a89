"""Every call of the API, one JSON line each: what an operator has to be allowed to do."""

import json
import re
import threading
import time
from urllib.parse import parse_qsl

# Parameters of a request by which IAM's resources are named.
_RESOURCE = re.compile(r"(Id|Ids?\.\d+|GroupId|AllocationId|Name|\.Key)$")
_ROUTE53_ACTIONS = (
    ("GET", r"/change/[^/]+", "GetChange"),
    ("GET", r"/hostedzone", "ListHostedZones"),
    ("POST", r"/hostedzone", "CreateHostedZone"),
    ("GET", r"/hostedzonesbyname", "ListHostedZonesByName"),
    ("GET", r"/hostedzone/[^/]+", "GetHostedZone"),
    ("DELETE", r"/hostedzone/[^/]+", "DeleteHostedZone"),
    ("POST", r"/hostedzone/[^/]+", "UpdateHostedZoneComment"),
    ("GET", r"/hostedzone/[^/]+/rrset", "ListResourceRecordSets"),
    ("POST", r"/hostedzone/[^/]+/rrset/?", "ChangeResourceRecordSets"),
    ("GET", r"/hostedzone/[^/]+/dnssec", "GetDNSSEC"),
    ("GET", r"/tags/[^/]+/[^/]+", "ListTagsForResource"),
    ("POST", r"/tags/[^/]+", "ListTagsForResources"),
    ("POST", r"/tags/[^/]+/[^/]+", "ChangeTagsForResource"),
    ("GET", r"/delegationset", "ListReusableDelegationSets"),
    ("POST", r"/delegationset", "CreateReusableDelegationSet"),
    ("GET", r"/delegationset/[^/]+", "GetReusableDelegationSet"),
    ("DELETE", r"/delegationset/[^/]+", "DeleteReusableDelegationSet"),
)
# API v2 of SES; both versions are one service in IAM.
_SES_ACTIONS = (
    ("POST", r"/identities", "CreateEmailIdentity"),
    ("GET", r"/identities/[^/]+", "GetEmailIdentity"),
    ("DELETE", r"/identities/[^/]+", "DeleteEmailIdentity"),
    ("PUT", r"/identities/[^/]+/mail-from", "PutEmailIdentityMailFromAttributes"),
    ("PUT", r"/identities/[^/]+/dkim/signing", "PutEmailIdentityDkimSigningAttributes"),
    ("GET", r"/tags", "ListTagsForResource"),
)


def _by_path(actions, method, path):
    return next((name for verb, pattern, name in actions if verb == method and re.fullmatch(pattern, path)), None)


def described(service, method, path, query, target, body):
    """Service, action and resources of a call, in IAM's words."""
    if service == "route53":
        path = re.sub(r"^/2013-04-01", "", path).rstrip("/") or "/"
        action = _by_path(_ROUTE53_ACTIONS, method, path)
        resources = [path.lstrip("/")] if path.count("/") > 1 else []
        return service, action or f"{method} {path}", resources
    if path.startswith("/v2/email/"):
        action = _by_path(_SES_ACTIONS, method, path.removeprefix("/v2/email").rstrip("/"))
        return service, action or f"{method} {path}", path.split("/")[4:5]
    if target:
        return service, target.split(".")[-1], []
    fields = dict(parse_qsl(body.decode("utf-8", "replace")) or parse_qsl(query))
    resources = sorted({value for name, value in fields.items() if _RESOURCE.search(name) and name != "Action"})
    return service, fields.get("Action", f"{method} {path}"), resources


class Recorder:
    """Writes to a file as long as it is open."""

    def __init__(self, path):
        self.file = open(path, "a", encoding="utf-8") if path else None
        self.lock = threading.Lock()

    def note(self, call, status, agent):
        if not self.file:
            return
        service, action, resources = call
        entry = {
            "time": round(time.time(), 3),
            "service": service,
            "action": action,
            "resources": resources,
            "status": status,
            "agent": agent,
        }
        with self.lock:
            self.file.write(json.dumps(entry) + "\n")
            self.file.flush()
