"""Users of IAM: what the AWS provider looks for before it deletes one (`force_destroy`).

* ListServiceSpecificCredentials (API reference), passwords for single services: moto does not know the call, and nobody in the lab has
  any. A user who is not there: `NoSuchEntity` with the text of the reference.
"""

from moto.core.responses import ActionResult
from moto.iam.responses import IamResponse


def _list_service_specific_credentials(self):
    name = self._get_param("UserName")
    if name:
        self.backend.get_user(name)
    return ActionResult({"ServiceSpecificCredentials": []})


def install():
    IamResponse.list_service_specific_credentials = _list_service_specific_credentials
