from __future__ import annotations

from scripts.lib.plan_review.rules import domain_destroyed
from tests.unit.scripts.lib.plan_review.rules.subjects import found, replaced, risks, subject

DOMAIN = "aws_sagemaker_domain"
OF_IT = {"domain_id": "d-1"}


def test_home_directories_are_deleted_or_left_behind() -> None:
    deleted = {"retention_policy": [{"home_efs_file_system": "Delete"}]}
    (finding,) = found(domain_destroyed, subject(DOMAIN, deleted))
    assert "are deleted with the Domain" in finding.message
    (finding,) = found(domain_destroyed, replaced(DOMAIN, {"retention_policy": []}))
    assert "only the file system stays" in finding.message


def test_profiles_and_spaces() -> None:
    assert risks(domain_destroyed, subject("aws_sagemaker_user_profile", OF_IT)) == ["medium"]
    assert risks(domain_destroyed, subject("aws_sagemaker_space", OF_IT)) == ["high"]


def test_they_are_told_with_their_domain() -> None:
    ending = frozenset({(DOMAIN, "d-1")})
    for kind in ("aws_sagemaker_user_profile", "aws_sagemaker_space"):
        assert not found(domain_destroyed, subject(kind, OF_IT, ending=ending))


def test_not_a_change() -> None:
    assert not found(domain_destroyed, subject(DOMAIN, {"domain_name": "a"}, {"domain_name": "b"}))
