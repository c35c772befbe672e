"""``audit``: the trail and the alarms, once per account, by choice."""

from __future__ import annotations

from collections.abc import Iterator

from constructs import Construct

from modules.audit import AuditTrail
from modules.naming import ProjectNames, bucket_name, project_names
from modules.settings import AuditSettings, Settings
from modules.stacks.base import AwsStack

TRAIL_NAME = "sagemaker-governed"


class AuditStack(AwsStack):
    def __init__(
        self, scope: Construct, name: str, *, settings: Settings, audit: AuditSettings
    ) -> None:
        super().__init__(scope, name, settings=settings)
        trail = AuditTrail(
            self,
            "Trail",
            env=self.env,
            name=TRAIL_NAME,
            log_retention_days=audit.log_retention_days,
            bucket_names=[
                bucket_name(project.name, purpose, self.env.account_id, self.env.region)
                for project in settings.projects
                for purpose in ("notebook", "catalog")
            ],
            launch_role_names=[names.launch_role for names in _all_names(settings)],
            notebook_creators=_notebook_creators(settings),
            alarm_topic_arn=audit.alarm_topic_arn,
            permissions_boundary=settings.permissions_boundary,
            s3_data_events=audit.s3_data_events,
        )
        self.add_outputs({"trail_arn": trail.trail_arn, "log_group_name": trail.log_group_name})


def _notebook_creators(settings: Settings) -> list[str]:
    """Return one pattern for each kind of role: a filter has no room for every project's."""
    bases = {
        settings.names.builder_role if project.build == "lambda" else settings.names.launch_role
        for project in settings.projects
    }
    return [f"{base}-*" for base in sorted(bases)]


def _all_names(settings: Settings) -> Iterator[ProjectNames]:
    for project in settings.projects:
        yield project_names(settings.names.base_names(), project.name)
