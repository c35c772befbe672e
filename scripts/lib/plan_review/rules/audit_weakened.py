"""What records who did what."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lib.plan_review.model import Finding, Risk, Rule
from scripts.lib.plan_review.rules.subject import Subject

RULE = Rule(
    "audit-weakened",
    "Auditing is weakened",
    "What is not recorded cannot be found out afterwards.",
    Risk.HIGH,
)
_GONE = {
    "aws_cloudtrail": ("Nothing is recorded by the trail any more.", Risk.HIGH),
    "aws_config_configuration_recorder": ("AWS Config records no changes any more.", Risk.HIGH),
    "aws_guardduty_detector": ("GuardDuty watches no more.", Risk.HIGH),
    "aws_securityhub_account": ("Security Hub checks no more.", Risk.MEDIUM),
    "aws_accessanalyzer_analyzer": (
        "Nobody is told any more of what is open to other accounts.",
        Risk.MEDIUM,
    ),
    "aws_flow_log": ("The traffic is recorded no more.", Risk.MEDIUM),
    "aws_cloudwatch_metric_alarm": ("Nobody is alarmed by it any more.", Risk.LOW),
}
_SWITCHES = {
    "aws_cloudtrail": {
        "enable_logging": ("The trail records nothing any more.", Risk.HIGH),
        "enable_log_file_validation": (
            "That somebody changed the trail's files can no longer be seen.",
            Risk.MEDIUM,
        ),
        "is_multi_region_trail": (
            "What happens in other Regions is no longer recorded.",
            Risk.HIGH,
        ),
        "include_global_service_events": (
            "What happens in IAM and other global services is no longer recorded.",
            Risk.HIGH,
        ),
        "is_organization_trail": (
            "What happens in the organization's other accounts is no longer recorded.",
            Risk.HIGH,
        ),
    },
    "aws_config_configuration_recorder_status": {
        "is_enabled": ("AWS Config records no changes any more.", Risk.HIGH),
    },
    "aws_guardduty_detector": {"enable": ("GuardDuty watches no more.", Risk.HIGH)},
    "aws_cloudwatch_metric_alarm": {
        "actions_enabled": ("The alarm tells nobody any more.", Risk.MEDIUM),
    },
}
TYPES = frozenset({*_GONE, *_SWITCHES})


def check(subject: Subject) -> Iterator[Finding]:
    """Find trails, recorders and alarms that go or are switched off."""
    kind = subject.change.type
    if kind in _GONE and subject.is_gone:
        message, risk = _GONE[kind]
        if not subject.is_replaced:
            yield subject.find(RULE, message, mend="Keep it.", risk=risk)
        elif risk is Risk.HIGH:
            yield subject.find(
                RULE,
                "Until the new one is there nothing is recorded.",
                mend="Make the new one before the old one goes.",
                risk=Risk.LOW,
            )
    for switch, (message, risk) in _SWITCHES.get(kind, {}).items():
        if subject.turns(switch, was=True, becomes=False):
            yield subject.find(RULE, message, mend="Leave it on.", risk=risk)
    if kind == "aws_cloudtrail" and subject.loses("kms_key_id"):
        yield subject.find(
            RULE,
            "The trail's files are no longer encrypted under your key: whoever may read the "
            "bucket reads them.",
            mend="Keep the key.",
            risk=Risk.MEDIUM,
        )
