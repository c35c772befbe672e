"""Decides every call, and remembers what was decided.

Enforcement is off until it is asked for. Without it, what a bucket's policy denies is refused all
the same, and nothing else is.
"""

from collections.abc import Mapping
from typing import Any

from scripts.sandbox.access import answer, context, principals, resource_policies
from scripts.sandbox.access.answer import Refusal
from scripts.sandbox.access.evaluation import Decision, Policies, evaluate
from scripts.sandbox.access.parameters import parameters
from scripts.sandbox.access.principals import ExpiredKeyError, Principal, UnknownKeyError
from scripts.sandbox.access.requests import PREFIXES, Call, Need, needs
from scripts.sandbox.access.requests.s3 import deletion
from scripts.sandbox.account import ACCOUNT
from scripts.sandbox.backends.s3.deletion import JUDGE
from scripts.sandbox.calls import Asked, region_of
from scripts.sandbox.clients import CALLED_VIA_HEADER, VPC_ENDPOINT_HEADER
from scripts.sandbox.decisions import Decided, Decisions, Spoke
from scripts.sandbox.policies import DENY, Request, decide


class Access:
    """The account's access control."""

    def __init__(self) -> None:
        self.enforced = False
        self.decisions = Decisions()

    def enforce(self, parameters: Mapping[str, Any]) -> None:
        """Turn enforcement on or off, as `enabled` says."""
        self.enforced = bool(parameters["enabled"])

    def refusal(self, environ: Mapping[str, Any], wanted: Asked, body: bytes) -> Refusal | None:
        """The error to answer a call with; nothing if it is allowed.

        Raises:
            PolicyError: a policy that applies cannot be evaluated.
        """
        service = PREFIXES.get(wanted.service, wanted.service)
        if not self.enforced:
            return self._denied_by_bucket(environ, wanted) if service == "s3" else None
        try:
            principal = principals.find(wanted.access_key)
        except UnknownKeyError:
            return answer.unknown_key(service)
        except ExpiredKeyError:
            return answer.expired_key(service)
        if not principal.arn and service != "s3":
            return answer.unsigned(service)
        call = _call(environ, wanted, service, principal, body)
        shared = context.of_call(call)
        JUDGE.set(lambda resource: self._decide(call, shared, deletion(resource)) is not None)
        refusals = (self._decide(call, shared, need) for need in needs(call))
        return next((refusal for refusal in refusals if refusal), None)

    def _decide(
        self, call: Call, shared: Mapping[str, str | list[str]], need: Need
    ) -> Refusal | None:
        request = Request(
            call.principal.names,
            need.action,
            need.resource,
            context.of_need(call, shared, need),
        )
        decision = evaluate(request, _policies(call, need))
        self._record(call, need, decision)
        if decision.allowed:
            return None
        return answer.denied(call.service, call.principal, need, decision)

    def _record(self, call: Call, need: Need, decision: Decision) -> None:
        how = "explicit deny in" if decision.explicit else "no allow in"
        self.decisions.add(
            Decided(
                principal=call.principal.arn,
                action=need.action,
                resource=need.resource,
                allowed=decision.allowed,
                reason="" if decision.allowed else f"{how} {decision.kind}",
                statements=tuple(
                    Spoke(str(each.kind), each.policy, each.sid) for each in decision.statements
                ),
                operation=f"{call.service}:{call.operation}",
            )
        )

    def _denied_by_bucket(self, environ: Mapping[str, Any], wanted: Asked) -> Refusal | None:
        """Without enforcement: what a bucket's policy denies, and nothing else."""
        principal = _known(wanted.access_key)
        call = _call(environ, wanted, "s3", principal, b"")
        shared = context.of_call(call)

        def denies(need: Need) -> bool:
            keys = context.of_need(call, shared, need)
            request = Request(principal.names, need.action, need.resource, keys)
            of = resource_policies.of(need.action, need.resource)
            return any(decide(policy.document, request) == DENY for policy in of.policies)

        JUDGE.set(lambda resource: denies(deletion(resource)))
        if any(denies(need) for need in needs(call) if need.action.startswith("s3:")):
            return Refusal(answer.FORBIDDEN, "AccessDenied", "Access Denied")
        return None


def _known(access_key: str) -> Principal:
    try:
        return principals.find(access_key)
    except (UnknownKeyError, ExpiredKeyError):
        return Principal()


def _call(
    environ: Mapping[str, Any], wanted: Asked, service: str, principal: Principal, body: bytes
) -> Call:
    given = parameters(environ, wanted.service, wanted.operation, body)
    region = region_of(environ)
    return Call(service, wanted.operation, region, given, environ, principal)


def _policies(call: Call, need: Need) -> Policies:
    """Every policy that applies to one of a call's requests.

    An endpoint carries what the caller itself sends, and not what a service sends on.
    """
    caller, of = call.principal, resource_policies.of(need.action, need.resource)
    service = need.action.partition(":")[0]
    endpoint = context.header(call.environ, VPC_ENDPOINT_HEADER)
    carried = endpoint and not context.header(call.environ, CALLED_VIA_HEADER)
    owner = need.resource.split(":")[4] if need.resource.startswith("arn:") else ""
    return Policies(
        identity=caller.identity,
        boundary=caller.boundary,
        session=caller.session,
        resource=of.policies,
        endpoint=(
            resource_policies.endpoint_policy(call.region, service, endpoint) if carried else None
        ),
        resource_kind=of.kind,
        resource_must_allow=of.must_allow,
        same_account=owner in ("", "aws", ACCOUNT),
    )
