from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.lib.plan_review.model import Action, Rights
from scripts.lib.plan_review.policy_changes import (
    DEFAULT_OR_UNKNOWN,
    SENSITIVE,
    UNKNOWN,
    PolicyChange,
    policy_changes,
)
from scripts.lib.plan_review.policy_places import PLACES
from scripts.lib.policy.concerns import ConcernKind
from scripts.lib.policy.kinds import PolicyKind
from tests.unit.scripts.lib.plan_review.rules.subjects import (
    ACCOUNT,
    STRANGER,
    allow,
    change,
    deny,
    policy,
)

READ = policy(allow("s3:GetObject", "arn:aws:s3:::data/*"))
WRITE = policy(allow("s3:PutObject", "arn:aws:s3:::data/*"))
BY_ALL = policy(allow("s3:GetObject", "arn:aws:s3:::data/*", Principal="*"))
WRITTEN_BY_ALL = policy(allow("s3:PutObject", "arn:aws:s3:::data/*", Principal="*"))
PLACED = [(kind, place) for kind, places in PLACES.items() for place in places]


def only(
    kind: str, before: Mapping[str, Any] | None, after: Any = None, **more: Any
) -> PolicyChange:
    (found,) = policy_changes(change(kind, before, after, **more))
    return found


@pytest.mark.parametrize(("kind", "place"), PLACED, ids=[kind for kind, _ in PLACED])
def test_every_place(kind: str, place: Any) -> None:
    before, after = ({place.name: "it-1", place.attribute: each} for each in (READ, WRITTEN_BY_ALL))
    found = only(kind, before, after)
    assert (found.attribute, found.kind) == (place.attribute, place.kind)
    assert found.subject == f"{place.owner} it-1"
    assert found.rights.gained
    assert not found.is_new
    assert policy_changes(change(kind, before, {**before, "tags": {}})) == ()


@pytest.mark.parametrize(("kind", "place"), PLACED, ids=[kind for kind, _ in PLACED])
def test_a_destroyed_policy_counts_unless_it_goes_with_what_it_protects(
    kind: str, place: Any
) -> None:
    before = {place.name: "it-1", place.attribute: policy(deny("s3:*", "*", Principal="*"))}
    gone = change(kind, before)
    assert bool(policy_changes(gone)) is place.is_own
    if place.of:
        ending = frozenset({(place.of, "it-1")})
        assert policy_changes(gone, frozenset(), ending) == ()
        assert policy_changes(gone, frozenset(), frozenset({("another", "it-1")}))


@pytest.mark.parametrize(("kind", "place"), PLACED, ids=[kind for kind, _ in PLACED])
def test_a_policy_that_is_known_later(kind: str, place: Any) -> None:
    made = change(kind, None, {place.name: "it-1"}, after_unknown={place.attribute: True})
    found = policy_changes(made)
    if place.is_computed:
        assert found == ()
    else:
        why = DEFAULT_OR_UNKNOWN if place.has_default else UNKNOWN
        assert [each.rights for each in found] == [Rights(place.attribute, unreadable=why)]


def test_order_and_layout_are_no_change() -> None:
    one, two = allow("s3:GetObject", "*", Sid="a"), allow(["s3:PutObject", "s3:GetObject"], "*")
    before = policy(one, two)
    after = json.dumps(json.loads(policy(two, one)), indent=4)
    found = only("aws_iam_policy", {"policy": before}, {"policy": after})
    assert found.rights == Rights("policy")


@pytest.mark.parametrize("side", ["before_sensitive", "after_sensitive"])
@pytest.mark.parametrize("mark", [True, {"policy": True}])
def test_a_marked_policy_is_not_told(side: str, mark: Any) -> None:
    before, after = {"policy": READ}, {"policy": WRITE}
    marks: dict[str, Any] = {side: mark}
    assert only("aws_iam_policy", before, after, **marks).unreadable == SENSITIVE
    assert policy_changes(change("aws_iam_policy", before, before, **marks)) == ()


@pytest.mark.parametrize(
    "odd",
    ["{", "no JSON", "[]", "{}", "7", 7, True, [READ], {"Statement": 7}, '{"Statement": [7]}'],
)
def test_what_is_no_policy_is_said_and_never_fails(odd: Any) -> None:
    for before, after in ((None, {"policy": odd}), ({"policy": READ}, {"policy": odd})):
        found = only("aws_iam_policy", before, after)
        assert found.comparison is None
        assert found.unreadable
        assert found.rights.unreadable.isprintable()


@pytest.mark.parametrize("none", [None, "", {}, []])
def test_no_policy(none: Any) -> None:
    assert policy_changes(change("aws_iam_policy", None, {"policy": none})) == ()
    assert only("aws_iam_policy", {"policy": none}, {"policy": READ}).is_new


def test_a_secret_in_what_is_no_policy_is_hidden() -> None:
    key = "AKIAIOSFODNN7EXAMPLE"
    odd = policy({"Effect": key, "Action": "s3:*"})
    found = only("aws_iam_policy", None, {"policy": odd})
    assert found.unreadable
    assert key not in found.unreadable
    told = only("aws_iam_policy", None, {"policy": policy(allow("s3:Get*", f"arn:{key}"))}).rights
    assert told.gained
    assert not any(key in text for text in told.gained)


@pytest.mark.parametrize(
    "action", [Action.NOTHING, Action.READ, Action.MOVE, Action.IMPORT, Action.FORGET]
)
def test_not_what_changes_nothing_in_aws(action: Action) -> None:
    assert policy_changes(change("aws_iam_policy", {"policy": READ}, action=action)) == ()


def test_not_data_sources_nor_deposed_objects() -> None:
    assert policy_changes(change("aws_iam_policy", None, {"policy": READ}, mode="data")) == ()
    assert policy_changes(change("aws_iam_policy", {"policy": READ}, deposed="ab12")) == ()


def test_a_replacement_is_compared() -> None:
    before, after = {"bucket": "a", "policy": BY_ALL}, {"bucket": "b", "policy": WRITTEN_BY_ALL}
    found = only("aws_s3_bucket_policy", before, after, action=Action.REPLACE)
    assert found.rights.lost


# Where no policy means that everything is allowed


def test_the_default_of_an_endpoint_allows_everything() -> None:
    before, after = ({"service_name": "s3", "policy": each} for each in (BY_ALL, ""))
    found = only("aws_vpc_endpoint", before, after)
    assert any("everything" in text for text in found.rights.gained)
    narrowed = only("aws_vpc_endpoint", after, before)
    assert not narrowed.rights.gained
    assert narrowed.rights.lost


def test_a_new_endpoint_lets_through_what_nothing_did() -> None:
    found = only("aws_vpc_endpoint", None, {"service_name": "s3", "policy": BY_ALL})
    assert found.rights.gained
    assert not found.rights.lost


def test_a_policy_of_an_endpoint_that_is_there_narrows_it() -> None:
    values = {"vpc_endpoint_id": "vpce-1", "policy": BY_ALL}
    assert not only("aws_vpc_endpoint_policy", None, values).rights.gained
    assert only("aws_vpc_endpoint_policy", values).rights.gained
    later = {"vpc_endpoint_id": True}
    assert only("aws_vpc_endpoint_policy", None, values, after_unknown=later).rights.gained


def test_a_service_control_policy_that_goes_gives_back() -> None:
    values = {"name": "limit", "type": "SERVICE_CONTROL_POLICY", "content": READ}
    assert only("aws_organizations_policy", values).rights.gained
    assert not only("aws_organizations_policy", None, values).rights.gained


def test_not_what_is_no_policy_of_iam() -> None:
    tags = {"name": "tags", "type": "TAG_POLICY", "content": '{"tags": {}}'}
    assert policy_changes(change("aws_organizations_policy", None, tags)) == ()
    odd: object
    for odd in (7, ["SERVICE_CONTROL_POLICY"], {}):
        found = only("aws_organizations_policy", None, {**tags, "type": odd})
        assert "not a policy" in found.unreadable or "document" in found.unreadable


# Roles' own blocks


def role(*policies: tuple[str, Any]) -> dict[str, Any]:
    return {
        "name": "ds",
        "inline_policy": [{"name": name, "policy": text} for name, text in policies],
    }


def test_blocks_are_compared_by_name() -> None:
    before = role(("one", READ), ("two", READ), ("three", READ))
    after = role(("two", READ), ("one", WRITE), ("four", READ))
    found = policy_changes(change("aws_iam_role", before, after))
    assert [each.attribute for each in found] == [
        "inline_policy four",
        "inline_policy one",
        "inline_policy three",
    ]
    assert [bool(each.rights.gained) for each in found] == [True, True, False]
    assert found[0].subject == "role ds"


def test_a_role_that_goes_takes_its_blocks_along() -> None:
    assert policy_changes(change("aws_iam_role", role(("one", READ)))) == ()


def test_blocks_that_are_not_known_or_marked() -> None:
    before, after = role(("one", READ)), role(("one", WRITE))
    later = change(
        "aws_iam_role", before, after, after_unknown={"inline_policy": [{"policy": True}]}
    )
    assert [each.unreadable for each in policy_changes(later)] == [UNKNOWN]
    hidden = change("aws_iam_role", before, after, after_sensitive={"inline_policy": True})
    assert [each.unreadable for each in policy_changes(hidden)] == [SENSITIVE]
    filled = change("aws_iam_role", None, {"name": "ds"}, after_unknown={"inline_policy": True})
    assert policy_changes(filled) == ()


@pytest.mark.parametrize("odd", [None, 7, "x", {}, [7], [None], [{}], [{"policy": 7}], [["a"]]])
def test_odd_blocks(odd: Any) -> None:
    for each in policy_changes(change("aws_iam_role", None, {"name": "ds", "inline_policy": odd})):
        assert each.unreadable


# Types that are not known here


def test_a_policy_is_found_by_its_form() -> None:
    before, after = ({"name": "it", "access_policy": each} for each in (READ, WRITE))
    found = only("aws_new_thing", before, after)
    assert (found.kind, found.subject) == (PolicyKind.RESOURCE, "new thing it")
    assert found.rights.gained
    assert policy_changes(change("aws_new_thing", before, before)) == ()
    assert policy_changes(change("aws_new_thing", before)) == ()


def test_a_type_that_is_a_policy_ends_with_it() -> None:
    assert only("aws_new_policy", {"name": "it", "policy": READ}).rights.lost
    later = change("aws_new_policy", None, {"name": "it"}, after_unknown={"policy": True})
    assert [each.unreadable for each in policy_changes(later)] == [UNKNOWN]
    filled = change("aws_new_thing", None, {"name": "it"}, after_unknown={"policy": True})
    assert policy_changes(filled) == ()


@pytest.mark.parametrize("odd", [None, 7, "x", "{}", '{"rules": []}', ["a"], {"Statement": []}])
@pytest.mark.parametrize("kind", ["google_thing", "google_thing_policy", "aws_new_policy"])
def test_not_what_has_another_form(odd: Any, kind: str) -> None:
    assert policy_changes(change(kind, None, {"policy": odd})) == ()


def test_one_that_was_known_and_will_be_later() -> None:
    later = change("aws_new_thing", {"policy": READ}, {}, after_unknown={"policy": True})
    assert [each.unreadable for each in policy_changes(later)] == [UNKNOWN]


# What is worth saying


def kinds(found: PolicyChange) -> set[ConcernKind]:
    return {each.kind for each in found.concerns}


def key_policy(action: str, account: str) -> str:
    return policy(allow(action, "*", Principal={"AWS": f"arn:aws:iam::{account}:root"}))


def test_what_every_key_of_aws_has_is_no_concern() -> None:
    arn = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1"
    values = {"arn": arn, "description": "data"}
    own = only("aws_kms_key", values, {**values, "policy": key_policy("kms:*", ACCOUNT)})
    assert own.rights.gained
    assert not own.concerns
    strange = only("aws_kms_key", values, {**values, "policy": key_policy("kms:*", STRANGER)})
    assert ConcernKind.EXTERNAL_ACCOUNT in kinds(strange)


@pytest.mark.parametrize("arn", [None, 7, "", "arn", "a:b:c:d", "a:b:c:d:e:f", "arn:aws:s3:::data"])
def test_an_arn_that_tells_no_account_makes_nobody_a_stranger(arn: Any) -> None:
    values = {"arn": arn, "policy": key_policy("kms:Decrypt", STRANGER)}
    assert not only("aws_kms_key", None, values).concerns


def test_one_statement_is_not_said_twice() -> None:
    everything = only("aws_iam_policy", None, {"policy": policy(allow("*", "*"))})
    assert ConcernKind.ALL_ACTIONS in kinds(everything)
    assert ConcernKind.ALL_RESOURCES not in kinds(everything)
    two = policy(allow("*", "arn:aws:s3:::data"), allow("s3:PutObject", "*"))
    assert ConcernKind.ALL_RESOURCES in kinds(only("aws_iam_policy", None, {"policy": two}))


def test_a_name_that_is_secret_is_not_told() -> None:
    found = only(
        "aws_iam_policy",
        None,
        {"name": "s3cr3t", "policy": READ},
        after_sensitive={"name": True},
    )
    assert found.subject == "whoever has policy aws_iam_policy.it"


NAMES = st.sampled_from(["policy", "inline_policy", "name", "Statement", "Effect", "Action", "arn"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from([READ, BY_ALL, "{", "Allow", "*"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    kind=st.sampled_from(["aws_iam_policy", "aws_iam_role", "aws_kms_key", "aws_new_policy", "x"]),
    before=st.none() | st.dictionaries(NAMES, JSON),
    after=st.none() | st.dictionaries(NAMES, JSON),
    unknown=JSON,
    sensitive=JSON,
)
def test_no_value_makes_it_fail(
    kind: str, before: Any, after: Any, unknown: Any, sensitive: Any
) -> None:
    made = change(kind, before, after, after_unknown=unknown, before_sensitive=sensitive)
    for each in policy_changes(made):
        assert (each.comparison is None) is bool(each.unreadable)
