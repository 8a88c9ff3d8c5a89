"""Change batches are checked whole and applied whole, with Route 53's own texts (API reference, ChangeResourceRecordSets; threads)."""

import copy
import re

from moto.core.exceptions import ServiceException
from moto.route53.models import RecordSet, Route53Backend
from moto.route53.exceptions import DnsNameInvalidForZone, InvalidActionValue
from moto.route53.utils import validate_domain_name


class InvalidChangeBatch(ServiceException):
    code = "InvalidChangeBatch"

    def __init__(self, problems):
        super().__init__(f"[{', '.join(problems)}]")


def _canonical(name):
    return name.rstrip(".").lower().replace("\\052", "*") + "."


def _key(record):
    return (_canonical(record.name), record.type, record.set_identifier)


def _content(record):
    return (str(record.ttl), sorted(record.records or []), record.alias_target)


def _named(record):
    return f"[name='{_canonical(record.name)}', type='{record.type}']"


def _bad_strings(record):
    """TXT values are quoted strings of at most 255 characters each."""
    for value in record.records or [] if record.type in ("TXT", "SPF") else []:
        if not value.startswith('"'):
            return f"FATAL problem: InvalidCharacterString (Value should be enclosed in quotation marks) encountered with '{value}'"
        for string in re.findall(r'"((?:[^"\\]|\\.)*)"', value):
            if len(string) > 255:
                return f"FATAL problem: CharacterStringTooLong (Value is too long) encountered with '{value}'"
    return None


def _apply(records, action, new):
    """One change on a list of record sets; returns what is wrong with it, or None."""
    key = _key(new)
    old = next((record for record in records if _key(record) == key), None)
    if action == "DELETE":
        if old is None:
            return f"Tried to delete resource record set {_named(new)} but it was not found"
        if _content(old) != _content(new):
            return f"Tried to delete resource record set {_named(new)} but the values provided do not match the current values"
        records.remove(old)
        return None
    if _bad_strings(new):
        return f"Invalid Resource Record: '{_bad_strings(new)}'"
    if action == "CREATE" and old is not None:
        return f"Tried to create resource record set {_named(new)} but it already exists"
    same_name = {record.type for record in records if _canonical(record.name) == key[0] and record is not old}
    if (new.type == "CNAME" and same_name - {"CNAME"}) or (new.type != "CNAME" and "CNAME" in same_name):
        return (
            f"RRSet of type {new.type} with DNS name {key[0]} is not permitted as it conflicts "
            f"with other records with the same DNS name"
        )
    if old is not None:
        records[records.index(old)] = new
    else:
        records.append(new)
    return None


def _change_resource_record_sets(self, zoneid, change_list):
    zone = self.get_hosted_zone(zoneid)
    records, problems = list(zone.rrsets), []
    for change in copy.deepcopy(change_list):
        fields = change["ResourceRecordSet"]
        validate_domain_name(fields["Name"], code="InvalidChangeBatch")
        if change["Action"] not in ("CREATE", "UPSERT", "DELETE"):
            raise InvalidActionValue(change["Action"])
        apex = _canonical(zone.name)
        if _canonical(fields["Name"]) != apex and not _canonical(fields["Name"]).endswith("." + apex):
            raise DnsNameInvalidForZone(name=fields["Name"], zone_name=zone.name)
        if not fields["Name"].endswith("."):
            fields["Name"] += "."
        fields["ResourceRecords"] = [value["Value"] for value in fields.get("ResourceRecords") or []]
        problem = _apply(records, change["Action"], RecordSet(fields))
        if problem:
            problems.append(problem)
    if problems:
        raise InvalidChangeBatch(problems)
    zone.rrsets = records


def install():
    # moto keeps the zone's own SOA as a dictionary.
    RecordSet.resource_records = property(
        lambda self: [{"Value": value["Value"] if isinstance(value, dict) else value} for value in self.records or []] or None
    )
    Route53Backend.change_resource_record_sets = _change_resource_record_sets
