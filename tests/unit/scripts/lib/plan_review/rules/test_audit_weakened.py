from __future__ import annotations

import pytest

from scripts.lib.plan_review.rules import audit_weakened
from tests.unit.scripts.lib.plan_review.rules.subjects import found, replaced, risks, subject

TRAIL = "aws_cloudtrail"


@pytest.mark.parametrize(
    ("kind", "risk"),
    [
        (TRAIL, "high"),
        ("aws_config_configuration_recorder", "high"),
        ("aws_guardduty_detector", "high"),
        ("aws_securityhub_account", "medium"),
        ("aws_accessanalyzer_analyzer", "medium"),
        ("aws_flow_log", "medium"),
        ("aws_cloudwatch_metric_alarm", "low"),
    ],
)
def test_what_goes(kind: str, risk: str) -> None:
    assert risks(audit_weakened, subject(kind, {"name": "main"})) == [risk]


@pytest.mark.parametrize(
    ("switch", "risk"),
    [
        ("enable_logging", "high"),
        ("enable_log_file_validation", "medium"),
        ("is_multi_region_trail", "high"),
        ("include_global_service_events", "high"),
        ("is_organization_trail", "high"),
    ],
)
def test_what_is_switched_off(switch: str, risk: str) -> None:
    assert risks(audit_weakened, subject(TRAIL, {switch: True}, {switch: False})) == [risk]
    assert not found(audit_weakened, subject(TRAIL, {switch: False}, {switch: True}))
    assert not found(audit_weakened, subject(TRAIL, None, {switch: False}))


def test_files_that_anybody_with_the_bucket_reads() -> None:
    assert risks(audit_weakened, subject(TRAIL, {"kms_key_id": "k"}, {"kms_key_id": ""})) == [
        "medium"
    ]
    assert not found(audit_weakened, subject(TRAIL, {"kms_key_id": "k"}, {"kms_key_id": "other"}))


def test_a_replacement_leaves_a_gap_in_what_is_recorded() -> None:
    assert risks(audit_weakened, replaced(TRAIL, {"name": "main"})) == ["low"]
    assert not found(audit_weakened, replaced("aws_cloudwatch_metric_alarm", {"alarm_name": "a"}))


def test_other_switches() -> None:
    detector = subject("aws_guardduty_detector", {"enable": True}, {"enable": False})
    assert risks(audit_weakened, detector) == ["high"]
    recorder = "aws_config_configuration_recorder_status"
    stopped = subject(recorder, {"is_enabled": True}, {"is_enabled": False})
    assert risks(audit_weakened, stopped) == ["high"]
    alarm = "actions_enabled"
    muted = subject("aws_cloudwatch_metric_alarm", {alarm: True}, {alarm: False})
    assert risks(audit_weakened, muted) == ["medium"]
