"""Identities of SES (API v2): Easy DKIM, verification by DNS, custom MAIL FROM.

Where each rule is from:

* A domain with Easy DKIM has three tokens; the domain is verified when the CNAME records TOKEN._domainkey.DOMAIN lead to
  TOKEN.SigningHostedZone (guide, "Creating and verifying identities"; API reference, DkimAttributes). SES looks again and again for 72
  hours; the lab looks at each question, in its own zones.
* Which regions have a zone of their own for the keys: General Reference, "Amazon SES endpoints and quotas", DKIM domains.
* The MAIL FROM domain is a subdomain of the identity, and is PENDING until its MX leads to feedback-smtp.REGION.amazonses.com
  (guide, "Using a custom MAIL FROM domain"). The code for another domain is of the API reference, the text is ours.
* `AlreadyExistsException` and `NotFoundException` with their texts: API reference, and threads about the provider.
* Until then SES's SMTP endpoint refuses: see `unverified` in test/e2e/support/strict-relay.py.
"""

import json
import secrets
import string

from moto.core.exceptions import JsonRESTError
from moto.ses.exceptions import NotFoundException
from moto.ses.models import EmailIdentity
from moto.sesv2 import urls
from moto.sesv2.models import SESV2Backend
from moto.sesv2.responses import SESV2Response
from moto.route53.models import route53_backends

OWN_KEYS = (
    "af-south-1 ap-northeast-3 ap-south-2 ap-southeast-3 ap-southeast-5 ca-west-1 eu-central-2 eu-south-1 il-central-1 me-central-1"
).split()


class AlreadyExistsException(JsonRESTError):
    code = 400

    def __init__(self, name):
        super().__init__("AlreadyExistsException", f"Email identity {name} already exist.")


class BadRequestException(JsonRESTError):
    code = 400

    def __init__(self, message):
        super().__init__("BadRequestException", message)


def signing_zone(region):
    return f"dkim.{region}.amazonses.com" if region in OWN_KEYS else "dkim.amazonses.com"


def _values(name, kind):
    """Of the records of this name in all zones of the account; names without their final dot."""
    return [
        str(value).rstrip(".").lower()
        for backends in route53_backends.values()
        for backend in backends.values()
        for zone in backend.zones.values()
        for record in zone.rrsets
        if record.type == kind and record.name.rstrip(".").lower() == name
        for value in record.records or []
    ]


def _create(self, email_identity, tags, dkim_signing_attributes, configuration_set_name):
    if email_identity in self.core_backend.email_identities:
        raise AlreadyExistsException(email_identity)
    made = self.core_backend.create_email_identity_v2(email_identity, tags, dkim_signing_attributes, configuration_set_name)
    if made.identity_type != "DOMAIN":
        return made
    letters = string.ascii_lowercase + string.digits
    made.region = self.region_name
    made.dkim_attributes |= {
        "SigningEnabled": True,
        "Tokens": ["".join(secrets.choice(letters) for _ in range(32)) for _ in range(3)],
        "SigningHostedZone": signing_zone(made.region),
        "CurrentSigningKeyLength": made.dkim_attributes["NextSigningKeyLength"],
    }
    # A number, which the SDK reads as seconds: moto gives a text.
    made.dkim_attributes.pop("LastKeyGenerationTimestamp", None)
    _look(made)
    return made


def _look(identity):
    """As SES does when it looks into DNS."""
    keys = identity.dkim_attributes
    found = all(
        f"{token}.{keys['SigningHostedZone']}" in _values(f"{token}._domainkey.{identity.email_identity.lower()}", "CNAME")
        for token in keys["Tokens"]
    )
    keys["Status"] = identity.verification_status = "SUCCESS" if found else "PENDING"
    identity.verified_for_sending_status = found
    mail_from = getattr(identity, "mail_from", None)
    if mail_from:
        wanted = f"10 feedback-smtp.{identity.region}.amazonses.com"
        is_there = wanted in _values(mail_from["MailFromDomain"].lower(), "MX")
        mail_from["MailFromDomainStatus"] = "SUCCESS" if is_there else "PENDING"


def _get(self, email_identity):
    found = self.core_backend.email_identities.get(email_identity)
    if found is None:
        raise NotFoundException(f"Email identity {email_identity} does not exist.")
    if found.identity_type == "DOMAIN":
        _look(found)
    return found


def _delete(self, email_identity):
    _get(self, email_identity)
    del self.core_backend.email_identities[email_identity]


def _put_mail_from(self):
    name = self._get_param("EmailIdentity")
    identity = self.sesv2_backend.get_email_identity(name)
    domain = self._get_param("MailFromDomain") or ""
    if domain and not domain.lower().endswith(f".{name.lower()}"):
        raise BadRequestException(f"Provided MAIL-FROM domain <{domain}> is not subdomain of the domain of the identity <{name}>.")
    behavior = self._get_param("BehaviorOnMxFailure") or "USE_DEFAULT_VALUE"
    identity.mail_from = {"MailFromDomain": domain, "BehaviorOnMxFailure": behavior} if domain else None
    return json.dumps({})


_response = EmailIdentity.get_response_object.fget


def _response_object(self):
    mail_from = getattr(self, "mail_from", None)
    return _response(self) | ({"MailFromAttributes": mail_from} if mail_from else {})


def install():
    SESV2Backend.create_email_identity = _create
    SESV2Backend.get_email_identity = _get
    SESV2Backend.delete_email_identity = _delete
    urls.url_paths["{0}/v2/email/identities/(?P<EmailIdentity>[^/]+)/mail-from$"] = SESV2Response.dispatch
    SESV2Response.put_email_identity_mail_from_attributes = _put_mail_from
    EmailIdentity.get_response_object = property(_response_object)
