"""A rule that is gone is called by its id when it is revoked once more, as a client does whose first answer got lost."""

from moto.ec2.exceptions import InvalidPermissionNotFoundError, InvalidSecurityGroupRuleIdNotFoundError
from moto.ec2.models import security_groups


def install():
    backend_class = security_groups.SecurityGroupBackend

    def by_id(revoke):
        def revoke_by_id(self, *args, security_rule_ids=None, **kwargs):
            try:
                return revoke(self, *args, security_rule_ids=security_rule_ids, **kwargs)
            except InvalidPermissionNotFoundError:
                if security_rule_ids:
                    raise InvalidSecurityGroupRuleIdNotFoundError(", ".join(security_rule_ids)) from None
                raise

        return revoke_by_id

    for name in ("revoke_security_group_ingress", "revoke_security_group_egress"):
        setattr(backend_class, name, by_id(getattr(backend_class, name)))
