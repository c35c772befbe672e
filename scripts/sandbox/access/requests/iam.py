"""IAM: ARNs hold paths, which calls by name leave out.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagement.html
"""

from collections.abc import Iterator

from scripts.sandbox.access import principals
from scripts.sandbox.access.reference import arns, types
from scripts.sandbox.access.requests.call import Call, Need, Values
from scripts.sandbox.access.requests.generic import tag_context
from scripts.sandbox.account import ACCOUNT

# Parameter -> the kind in the ARN, and the attribute of moto's backend that holds them by name.
_NAMED = {
    "RoleName": ("role", "roles"),
    "UserName": ("user", "users"),
    "GroupName": ("group", "groups"),
    "InstanceProfileName": ("instance-profile", "instance_profiles"),
}
_MADE = {f"Create{name.removesuffix('Name')}": name for name in (*_NAMED, "PolicyName")}
_KEYS = {"PermissionsBoundary": "iam:PermissionsBoundary"}


def needs(call: Call) -> Iterator[Need]:
    context = _context(call)
    found = list(_arns(call))
    if call.operation == "AddRoleToInstanceProfile":
        found = [arn for arn in found if ":instance-profile/" in arn]
        yield Need("iam:PassRole", _named("RoleName", call.params["RoleName"]))
    for arn in found or arns("iam", call.operation, call.params, call.region):
        yield Need(f"iam:{call.operation}", arn, context)


def _arns(call: Call) -> Iterator[str]:
    params, made = call.params, _MADE.get(call.operation)
    if made:
        kind = _NAMED.get(made, ("policy", ""))[0]
        yield f"arn:aws:iam::{ACCOUNT}:{kind}{params.get('Path') or '/'}{params[made]}"
        return
    attached = [name for name in _NAMED if params.get(name)]
    if params.get("PolicyArn") and not attached:
        yield params["PolicyArn"]
    yield from (_named(name, params[name]) for name in attached)
    user_alone = call.principal.username and not attached and not params.get("PolicyArn")
    if user_alone and _is_about_users(call.operation):
        yield call.principal.arn


def _is_about_users(operation: str) -> bool:
    """A call that may name a user and names none is about the caller."""
    kinds = types("iam", operation) or ()
    return any(":user/" in kind.arn for kind in kinds) and not operation.startswith("List")


def _named(parameter: str, name: str) -> str:
    """The ARN behind a name; of one that does not exist, as it would be without a path."""
    kind, attribute = _NAMED[parameter]
    for each in getattr(principals.iam(), attribute).values():
        if each.name == name:
            return str(each.arn)
    return f"arn:aws:iam::{ACCOUNT}:{kind}/{name}"


def _context(call: Call) -> Values:
    context = dict(tag_context(call.params))
    attached = call.params.get("PolicyArn")
    if attached and any(call.params.get(name) for name in _NAMED):
        context["iam:PolicyARN"] = attached
    boundary = call.params.get("PermissionsBoundary") or _boundary(call)
    if boundary:
        context["iam:PermissionsBoundary"] = boundary
    return context


def _boundary(call: Call) -> str | None:
    """The boundary of the role that is changed, on which its administration may depend."""
    roles = principals.iam().roles.values()
    name = call.params.get("RoleName")
    return next((role.permissions_boundary_arn for role in roles if role.name == name), None)
