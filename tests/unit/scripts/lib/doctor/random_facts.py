"""Facts with anything wrong, drawn at random, and what AWS would say after each mend."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from scripts.lib.doctor.facts import (
    AccountFacts,
    Facts,
    Member,
    MemberKind,
    Policies,
    Refused,
    Role,
    ServiceRole,
    effective_role,
)
from scripts.lib.doctor.iam import SERVICE_ROLES
from scripts.lib.jumpstart.model import Portfolio, Principal
from tests.unit.scripts.lib.doctor.builders import (
    ARN,
    SERVICE_PATH,
    healthy_account,
    healthy_role,
    trust_of,
)
from tests.unit.scripts.lib.jumpstart.builders import domain, portfolio, role

DENIED = Refused("Ask: AccessDenied: no")
STATES: st.SearchStrategy[str | Refused] = st.sampled_from(
    ["InService", "Failed", "Updating", DENIED]
)
ANSWERS: st.SearchStrategy[bool | Refused] = st.sampled_from([True, False, DENIED])


@st.composite
def accounts(draw: st.DrawFn) -> AccountFacts:
    imported = draw(ANSWERS)
    seen = [portfolio("port-a", *draw(st.sampled_from([(), ("Ben", "Own", "Shared")])))]
    portfolios: tuple[Portfolio, ...] | Refused = ()
    if imported is True and draw(st.booleans()):
        portfolios = tuple(seen)
    elif imported is not False:
        portfolios = DENIED
    found = st.sampled_from(["there", "elsewhere", None, DENIED])

    def service(name: str) -> ServiceRole:
        path = {"there": SERVICE_PATH + name, "elsewhere": role(name)}
        drawn = draw(found)
        return ServiceRole(name, path[drawn] if isinstance(drawn, str) else drawn)

    return replace(
        healthy_account(),
        enabled=draw(ANSWERS),
        imported=imported,
        portfolios=portfolios,
        service_roles=tuple(map(service, SERVICE_ROLES)),
    )


@st.composite
def broken(draw: st.DrawFn) -> Facts:
    status = draw(STATES)
    drawn = draw(STATES)
    home = (
        drawn
        if isinstance(drawn, Refused)
        else domain(status=drawn, own=draw(st.sampled_from(["Own", None])), shared="Shared")
    )
    kind = draw(st.sampled_from(list(MemberKind)))
    user = kind is MemberKind.USER and not isinstance(status, Refused)
    own = draw(st.sampled_from([ARN, None])) if user else None
    member = Member(kind, "d-lab", "ben", status, own)
    arn = effective_role(home, member)
    known = None
    if arn:
        known = Role(
            arn,
            found=draw(st.sampled_from([arn, role("x/Other"), None, DENIED])),
            foreign=draw(st.booleans()),
            trust=draw(st.sampled_from([trust_of("sagemaker.amazonaws.com"), "{}"])),
            policies=draw(
                st.sampled_from([Policies(True), Policies(), Policies(unread=(DENIED,))])
            ),
        )
    return Facts(draw(accounts()), home, member, known)


def _mended_account(facts: Facts, **changes: Any) -> Facts:
    return replace(facts, account=replace(facts.account, **changes))


def _associated(facts: Facts) -> Facts:
    assert not isinstance(facts.account.portfolios, Refused)
    arn = effective_role(facts.domain, facts.member)
    assert arn is not None
    portfolios = tuple(
        replace(each, principals=each.principals | {Principal(arn)})
        for each in facts.account.portfolios
    )
    return _mended_account(facts, portfolios=portfolios)


def _given_role(facts: Facts) -> Facts:
    return replace(facts, member=replace(facts.member, own_role=ARN), role=healthy_role())


def _made_role(facts: Facts) -> Facts:
    assert facts.role is not None
    return replace(facts, role=replace(facts.role, found=facts.role.arn, foreign=False))


def _changed_role(facts: Facts, **changes: Any) -> Facts:
    assert facts.role is not None
    return replace(facts, role=replace(facts.role, **changes))


def _repaired(facts: Facts) -> Facts:
    assert not isinstance(facts.domain, Refused)
    return replace(facts, domain=replace(facts.domain, status="InService"))


MENDS: dict[str, Callable[[Facts], Facts]] = {
    "Domain": _repaired,
    "JumpStart enabled": lambda facts: _mended_account(facts, enabled=True),
    "Portfolio imported": lambda facts: _mended_account(
        facts, imported=True, portfolios=(portfolio("port-a"),)
    ),
    "User profile": lambda facts: replace(facts, member=replace(facts.member, status="InService")),
    "Shared space": lambda facts: replace(facts, member=replace(facts.member, status="InService")),
    "Execution role": _given_role,
    "Role exists": _made_role,
    "Trust": lambda facts: _changed_role(facts, trust=trust_of("sagemaker.amazonaws.com")),
    "Policies": lambda facts: _changed_role(facts, policies=Policies(True)),
    "Association": _associated,
    "Service roles": lambda facts: _mended_account(
        facts, service_roles=healthy_account().service_roles
    ),
}
