"""What there should be in the world, read out of the emulator's memory: see CloudSnapshot in contracts.ts."""

import base64
import json

from account import ec2_regions
from rules import launches, route53_changes


def _user_data(encoded):
    if not encoded:
        return ""
    return base64.b64decode(str(encoded)).decode("utf-8", "replace")


def _public_keys(backend, key_name):
    key = backend.key_pairs.get(key_name) if key_name else None
    if not key or not key.material_public:
        return []
    material = key.material_public
    return [(material.decode() if isinstance(material, bytes) else str(material)).strip()]


def _members(backend, group_id):
    """Networks of the interfaces that have a security group."""
    for interface in backend.enis.values():
        if any(group.id == group_id for group in _groups(backend, interface)):
            yield f"{interface.private_ip_address}/32"
            yield from (f"{address}/128" for address in interface.ipv6_addresses)


def _networks(backend, rule):
    if rule.source_group:
        return sorted(_members(backend, rule.source_group.get("GroupId")))
    if rule.prefix_list_id:
        prefix_list = backend.managed_prefix_lists.get(rule.prefix_list_id)
        entries = prefix_list.entries.get(prefix_list.version) if prefix_list else []
        return sorted(entry["Cidr"] for entry in entries or [])
    return [network for network in (rule.cidr_ipv4, rule.cidr_ipv6) if network]


def _groups(backend, interface):
    """Who names no group gets the default one of the VPC."""
    given = list(interface.group_set)
    return given or [group for group in backend.groups[interface.subnet.vpc_id].values() if group.name == "default"]


def _firewall(backend, interface):
    out = {"ingress": [], "egress": []}
    for group in _groups(backend, interface):
        for kind, rules in (("ingress", group.ingress_rules), ("egress", group.egress_rules)):
            for rule in rules:
                fields = {"protocol": str(rule.ip_protocol), "networks": _networks(backend, rule)}
                if rule.from_port is not None and rule.from_port != -1:
                    fields["from"], fields["to"] = rule.from_port, rule.from_port if rule.to_port is None else rule.to_port
                out[kind].append(fields)
    return {kind: sorted(rules, key=lambda rule: json.dumps(rule, sort_keys=True)) for kind, rules in out.items()}


def _instance(backend, instance):
    image = backend.amis.get(instance.image_id)
    interface = instance.nics.get(0)
    subnet = interface.subnet
    ipv6 = [block["ipv6CidrBlock"] for block in subnet.ipv6_cidr_block_associations.values()]
    out = {
        "id": instance.id,
        "state": instance._state.name,
        "imageName": image.name if image else instance.image_id,
        "privateIpv4": interface.private_ip_address,
        "ipv6": list(interface.ipv6_addresses),
        "vpcId": subnet.vpc_id,
        "subnetCidr": subnet.cidr_block,
        "publicKeys": _public_keys(backend, instance.key_name),
        "userData": _user_data(instance.user_data),
        "volumes": [
            {
                "id": block.volume_id,
                "sizeGiB": int(backend.volumes[block.volume_id].size),
                "device": device,
                **({"onXen": True} if launches.is_on_xen(instance.instance_type) else {}),
            }
            for device, block in sorted(instance.block_device_mapping.items())
            if device not in (instance.root_device_name, "/dev/sda1") and block.volume_id in backend.volumes
        ],
    }
    out["firewall"] = _firewall(backend, interface)
    if ipv6:
        out["subnetIpv6Cidr"] = ipv6[0]
    return out


def _addresses(backend):
    listed = set()
    for address in backend.addresses:
        listed.add(address.public_ip)
        out = {"publicIpv4": address.public_ip}
        if address.eni and address.association_id and address.eni.public_ip == address.public_ip:
            out["privateIpv4"], out["vpcId"] = address.eni.private_ip_address, address.eni.subnet.vpc_id
        if getattr(address, "ptr_record", None):
            out["ptr"] = address.ptr_record
        yield out
    for interface in backend.enis.values():  # public addresses given at launch behave alike, they only cannot be kept
        if interface.public_ip and interface.public_ip not in listed and interface.instance and interface.instance.is_running():
            yield {
                "publicIpv4": interface.public_ip,
                "privateIpv4": interface.private_ip_address,
                "vpcId": interface.subnet.vpc_id,
            }


def _values(zones, record):
    if not record.alias_target:
        return [value["Value"] if isinstance(value, dict) else str(value) for value in record.records or []]
    target = record.alias_target.get("DNSName", "").rstrip(".").lower()
    for _, records in zones:
        for other in records:
            if other.type == record.type and other.name.rstrip(".").lower() == target and not other.alias_target:
                return _values(zones, other)
    return []


def _zones():
    """As the world is served them, which is later than the API says it."""
    zones = list(route53_changes.public.values())
    for number, (name, records) in route53_changes.public.items():
        listed = [
            {"name": record.name, "type": record.type, "ttl": int(record.ttl or 60), "values": _values(zones, record)}
            for record in records
        ]
        yield {"id": number, "name": name, "records": sorted(listed, key=lambda r: (r["name"], r["type"], r["values"]))}


def take():
    regions = ec2_regions()
    return {
        "instances": [
            _instance(backend, instance)
            for backend in regions
            for reservation in backend.reservations.values()
            for instance in reservation.instances
            if instance.nics.get(0)
        ],
        "elasticIps": [address for backend in regions for address in _addresses(backend)],
        "zones": sorted(_zones(), key=lambda zone: (zone["name"], zone["id"])),
        "volumeIds": [volume for backend in regions for volume in backend.volumes],
    }
