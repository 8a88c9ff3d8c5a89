"""The machine images on offer: Debian's official ones, under their real owner and naming scheme.

Public images are deprecated two years after they were made. Who does not own a deprecated one sees it only with
`IncludeDeprecated`, or by its id, and can go on to launch it (guide, "deprecate an AMI").
"""

from datetime import datetime, timezone

from moto.ec2.models import amis
from moto.ec2.responses import EC2Response

DEBIAN = "136693071363"
BUILDS = [
    ("11", "20240813-1838"),
    ("12", "20250316-2053"),
    ("12", "20260707-2170"),
    ("13", "20250814-2204"),
    ("13", "20260801-2559"),
]
ARCHITECTURES = {"amd64": "x86_64", "arm64": "arm64"}


def _images():
    for release, build in BUILDS:
        for debian_arch, ec2_arch in ARCHITECTURES.items():
            name = f"debian-{release}-{debian_arch}-{build}"
            yield {
                "ami_id": f"ami-0{release}{build.replace('-', '')}{'a64' if debian_arch == 'arm64' else '064'}",
                "name": name,
                "description": f"Debian {release} ({build})",
                "owner_id": DEBIAN,
                "public": True,
                "virtualization_type": "hvm",
                "architecture": ec2_arch,
                "image_location": f"amazon/{name}",
                "hypervisor": "xen",
                "root_device_type": "ebs",
                "root_device_name": "/dev/xvda",
                "creation_date": datetime.strptime(build.split("-")[0], "%Y%m%d").replace(tzinfo=timezone.utc),
            }


def _load(self):
    for image in _images():
        self.amis[image["ami_id"]] = amis.Ami(self, **image)


def _filter_value(self, name, method_name=None):
    if name == "root-device-type":
        return self.root_device_type
    return _known_filters(self, name, method_name)


_known_filters = amis.Ami.get_filter_value
YEARS = 2


def _deprecation(image):
    made = datetime.strptime(image.creation_date[:10], "%Y-%m-%d") if isinstance(image.creation_date, str) else image.creation_date
    return made.replace(year=made.year + YEARS, tzinfo=timezone.utc)


def install():
    amis.Ami.get_filter_value = _filter_value
    amis.AmiBackend._load_amis = _load
    amis.Ami.deprecation_time = property(lambda image: _deprecation(image).strftime("%Y-%m-%dT%H:%M:%S.000Z"))
    describe = EC2Response.describe_images

    def describe_images(self):
        result = describe(self)
        include = str(self._get_param("IncludeDeprecated")).lower() == "true" or self._get_param("ImageIds")
        if not include:
            now = datetime.now(timezone.utc)
            result._result["Images"] = [
                image for image in result._result["Images"] if image.owner_id == self.current_account or _deprecation(image) > now
            ]
        return result

    EC2Response.describe_images = describe_images
