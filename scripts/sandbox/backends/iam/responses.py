"""The one operation that differs."""

from moto.core.responses import ActionResult, EmptyResult
from moto.iam.responses import IamResponse as MotoResponse


class IamResponse(MotoResponse):
    """moto empties a role's description when only its session duration is updated."""

    def update_role(self) -> ActionResult:
        role = self.backend.get_role(self._get_param("RoleName"))
        description = self._get_param("Description")
        duration = self._get_param("MaxSessionDuration")
        if description is not None:
            role.description = description
        if duration is not None:
            role.max_session_duration = duration
        return EmptyResult()
