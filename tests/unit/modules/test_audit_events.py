from __future__ import annotations

from collections.abc import Callable

import pytest

from modules import audit_events

ISSUER = "$.userIdentity.sessionContext.sessionIssuer.userName"


def test_a_blinded_trail() -> None:
    (pattern,) = audit_events.trail_changed().patterns
    assert pattern == (
        '{ ($.eventSource = "cloudtrail.amazonaws.com") && '
        '(($.eventName = "DeleteTrail") || ($.eventName = "PutEventSelectors") || '
        '($.eventName = "StopLogging") || ($.eventName = "UpdateTrail")) }'
    )


def test_a_changed_key() -> None:
    (pattern,) = audit_events.key_changed().patterns
    assert pattern == (
        '{ ($.eventSource = "kms.amazonaws.com") && '
        '(($.eventName = "DisableKey") || ($.eventName = "DisableKeyRotation") || '
        '($.eventName = "PutKeyPolicy") || ($.eventName = "ScheduleKeyDeletion")) }'
    )


def test_a_changed_bucket_policy_of_any_bucket() -> None:
    (pattern,) = audit_events.bucket_policy_changed(["one", "two"]).patterns
    assert pattern == (
        '{ ($.eventSource = "s3.amazonaws.com") && '
        '(($.eventName = "DeleteBucketPolicy") || ($.eventName = "PutBucketPolicy")) && '
        '(($.requestParameters.bucketName = "one") || ($.requestParameters.bucketName = "two")) }'
    )


@pytest.mark.parametrize(
    ("watch", "length"),
    [(audit_events.bucket_policy_changed, 63), (audit_events.launch_role_changed, 64)],
)
def test_many_names_make_several_patterns_that_all_fit(
    watch: Callable[[list[str]], audit_events.Watch], length: int
) -> None:
    names = [f"{number:03}".ljust(length, "x") for number in range(100)]
    patterns = watch(names).patterns
    assert max(map(len, patterns)) <= audit_events.PATTERN_LIMIT
    assert len(patterns) < 25
    for name in names:
        assert sum(f'"{name}"' in pattern for pattern in patterns) == 1


def test_a_changed_launch_role() -> None:
    (pattern,) = audit_events.launch_role_changed(["SCLaunchRole-demo"]).patterns
    assert '($.requestParameters.roleName = "SCLaunchRole-demo")' in pattern
    for event in (
        "AttachRolePolicy",
        "DeleteRolePermissionsBoundary",
        "DeleteRolePolicy",
        "DetachRolePolicy",
        "PutRolePermissionsBoundary",
        "PutRolePolicy",
        "UpdateAssumeRolePolicy",
    ):
        assert f'($.eventName = "{event}")' in pattern


def test_without_names_there_is_nothing_to_watch() -> None:
    assert audit_events.bucket_policy_changed([]).patterns == ()
    assert audit_events.launch_role_changed([]).patterns == ()


def test_a_notebook_with_internet_or_by_another_role() -> None:
    internet, by_others = audit_events.notebook_outside_rules(["Build-*", "SCLaunch"]).patterns
    event = (
        '{ ($.eventSource = "sagemaker.amazonaws.com") && '
        '(($.eventName = "CreateNotebookInstance")) && '
    )
    assert internet == (
        event + "(($.requestParameters.directInternetAccess NOT EXISTS) || "
        '($.requestParameters.directInternetAccess != "Disabled")) }'
    )
    assert by_others == (
        event + '(($.userIdentity.type != "AssumedRole") || '
        f'(({ISSUER} != "Build-*") && ({ISSUER} != "SCLaunch"))) }}'
    )


def test_with_no_creator_every_creation_is_outside_the_rules() -> None:
    _, by_others = audit_events.notebook_outside_rules([]).patterns
    assert by_others.endswith(f'(($.userIdentity.type != "AssumedRole") || ({ISSUER} = *)) }}')


def test_fails_when_the_creators_do_not_fit_one_pattern() -> None:
    with pytest.raises(ValueError, match=r"30 role names .* at most 1024 .* may end in \*"):
        audit_events.notebook_outside_rules(["r" * 64] * 30)


def test_every_pattern_fits_with_the_longest_names() -> None:
    patterns = [
        *audit_events.trail_changed().patterns,
        *audit_events.key_changed().patterns,
        *audit_events.bucket_policy_changed(["b" * 63]).patterns,
        *audit_events.launch_role_changed(["r" * 64]).patterns,
        *audit_events.notebook_outside_rules(["r" * 64] * 5).patterns,
    ]
    assert max(map(len, patterns)) <= audit_events.PATTERN_LIMIT


@pytest.mark.parametrize("name", ['x") || ($.eventName = "y', "back\\slash"])
def test_fails_on_a_name_that_would_end_the_string(name: str) -> None:
    for watch in (
        audit_events.bucket_policy_changed,
        audit_events.launch_role_changed,
        audit_events.notebook_outside_rules,
    ):
        with pytest.raises(ValueError, match="no quote or backslash"):
            watch([name])
