"""Changes in Route 53 are PENDING until all name servers have them, then INSYNC (API reference, ChangeInfo and GetChange).

* What a change does is seen at once by who asks the API, and by the world only when it is INSYNC (guide, "how changes propagate":
  within 60 seconds "under normal conditions"; 10 to 30 are usual, threads).
* `NoSuchChange` for an id that is unknown (API reference; the text is ours).

The AWS provider polls every 15 seconds after a first pause, which no time factor shortens. With `answers: "in sync"` an answer
comes when its change is INSYNC, without a ChangeInfo: then the provider does not poll, in the same order of events.
"""

import itertools
import random
import string
import threading

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.route53.models import Route53Backend
from moto.route53.responses import Route53

import background
import conditions

MOST_SECONDS = 60

# What the world is served: (name, record sets) by zone id; and the change that says so.
public = {}
_newest = {}
_changes = {}
_turns = itertools.count()
_this_call = threading.local()
_served = 0


class NoSuchChange(ServiceException):
    code = "NoSuchChange"

    def __init__(self, number):
        super().__init__(f"A change with id {number} was not found")


class Change:
    def __init__(self, zone, records):
        """`records` is None when the zone is deleted."""
        self.id = "C" + "".join(random.choices(string.ascii_uppercase + string.digits, k=20))
        self.zone, self.records = zone, records
        self.submitted = utcnow()
        self.turn = next(_turns)
        self.published = False
        # Of the snapshot that the world learnt it by.
        self.number = None
        self.in_sync = threading.Event()

    def publish(self):
        self.published = True
        zone = self.zone.resource_id
        if _newest.get(zone, -1) > self.turn:
            return
        _newest[zone] = self.turn
        if self.records is None:
            public.pop(zone, None)
        else:
            public[zone] = (self.zone.name, self.records)

    def info(self):
        status = "INSYNC" if self.in_sync.is_set() else "PENDING"
        return {"Id": f"/change/{self.id}", "Status": status, "SubmittedAt": self.submitted}


def _submit(zone, records):
    change = Change(zone, records)
    _changes[change.id] = _this_call.change = change
    if zone.private_zone:
        change.in_sync.set()
        return
    background.later(conditions.scaled(conditions.get("route53", "inSyncSeconds")), lambda _: change.publish())


def told(number):
    """The snapshot with this number, or an earlier one that is the same, has every change that is published."""
    for change in _changes.values():
        if change.published and change.number is None:
            change.number = number
    _settle()


def served(number):
    """All name servers have what the snapshot with this number says."""
    global _served
    _served = max(_served, number)
    _settle()


def _settle():
    for change in _changes.values():
        if change.number is not None and change.number <= _served:
            change.in_sync.set()


def begin_call():
    _this_call.change = None


def end_call():
    """Holds an answer back, where the conditions want it. Without the lock."""
    if _this_call.change and conditions.get("route53", "answers") == "in sync":
        _this_call.change.in_sync.wait(MOST_SECONDS)


def _get_change(self):
    number = self._get_param("Id").rsplit("/", 1)[-1]
    if number not in _changes:
        raise NoSuchChange(number)
    return ActionResult({"ChangeInfo": _changes[number].info()})


def install():
    def submitting(name, zone_of, records_of):
        original = getattr(Route53Backend, name)

        def submit(self, *args, **kwargs):
            zone = zone_of(self, args, kwargs)
            result = original(self, *args, **kwargs)
            zone = zone or result
            _submit(zone, records_of(zone))
            return result

        setattr(Route53Backend, name, submit)

    first = lambda backend, args, kwargs: backend.get_hosted_zone(args[0] if args else kwargs.get("zoneid", kwargs.get("id_")))
    submitting("create_hosted_zone", lambda *_: None, lambda zone: list(zone.rrsets))
    submitting("change_resource_record_sets", first, lambda zone: list(zone.rrsets))
    submitting("delete_hosted_zone", first, lambda _: None)

    def with_change(original):
        def answered(self):
            result = original(self)
            if conditions.get("route53", "answers") == "in sync":
                result._result.pop("ChangeInfo", None)
            elif _this_call.change:
                result._result["ChangeInfo"] = _this_call.change.info()
            return result

        return answered

    for name in ("create_hosted_zone", "delete_hosted_zone", "change_resource_record_sets"):
        setattr(Route53, name, with_change(getattr(Route53, name)))
    Route53.get_change = _get_change
