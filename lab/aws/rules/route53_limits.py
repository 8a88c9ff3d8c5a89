"""How much Route 53 does for an account, and for whom.

* Five requests a second for an account, all calls together: `Throttling`, "Rate exceeded", status 400 (guide, quotas; boto/botocore#682).
  The SDKs try again, more and more slowly.
* One change of a zone at a time: `PriorRequestNotComplete`, status 400, for one that comes while an earlier one is being taken in
  (API reference, ChangeResourceRecordSets; text from threads, e.g. hashicorp/terraform#1194; for how long is not confirmed).
* 500 hosted zones for an account: `TooManyHostedZones` (guide, API reference; the text is ours).
* 10,000 records for a zone (guide): refused as `InvalidChangeBatch`, the only code of ChangeResourceRecordSets that fits (not
  confirmed; the text is ours). A record with several values is one here, as the guide counts.
* Names that are reserved, `example.com` first of all: `InvalidDomainName` (aws-samples/sample-agentic-value-accelerator#126; which
  others are not confirmed; text as it is quoted in threads). The lab's own documents are about example.com: there it is allowed by a
  condition.
"""

import collections
import time

import conditions
from rules.checks import Refused, before

_recent = collections.deque()
# When the last change of a zone came, by the zone's id.
_changed = {}


def throttled():
    """Counts a call; whether it is one too many. Calls that are refused count, too (not confirmed)."""
    rate = conditions.get("route53", "requestsPerSecond")
    # Of a rate below one, the time in which a single call is answered.
    now, counted = time.monotonic(), conditions.scaled(max(1, 1 / rate))
    while _recent and now - _recent[0] >= counted:
        _recent.popleft()
    _recent.append(now)
    return len(_recent) > max(1, rate)


@before("route53", "CreateHostedZone")
def _zones(call):
    name = call._get_param("Name").rstrip(".").lower()
    for reserved in conditions.get("route53", "reservedNames"):
        if name == reserved or name.endswith("." + reserved):
            raise Refused("InvalidDomainName", f"{name}. is reserved by AWS!")
    most = conditions.get("route53", "zones")
    if len(call.backend.zones) >= most:
        raise Refused("TooManyHostedZones", f"The account has reached its limit of {most} hosted zones.")


@before("route53", "ChangeResourceRecordSets")
def _records(call):
    zone, most = call.backend.get_hosted_zone(call._get_param("HostedZoneId")), conditions.get("route53", "recordsPerZone")
    now, taken = time.monotonic(), conditions.scaled(conditions.get("route53", "takenInSeconds"))
    if now - _changed.get(zone.resource_id, -taken) < taken:
        text = "The request was rejected because Route 53 was still processing a prior request."
        raise Refused("PriorRequestNotComplete", text, passing=True)
    _changed[zone.resource_id] = now
    changes = call._get_param("ChangeBatch.Changes") or []
    # An UPSERT may or may not add one.
    more = sum({"CREATE": 1, "DELETE": -1}.get(change["Action"], 0) for change in changes)
    if len(zone.rrsets) + more > most:
        raise Refused("InvalidChangeBatch", f"[The zone has reached its limit of {most} records.]")
