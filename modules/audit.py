"""The audit trail: who did what, kept and watched."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.cloudtrail import (
    Cloudtrail,
    CloudtrailEventSelector,
    CloudtrailEventSelectorDataResource,
)
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.cloudwatch_log_metric_filter import (
    CloudwatchLogMetricFilter,
    CloudwatchLogMetricFilterMetricTransformation,
)
from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.kms_key import KmsKey
from constructs import Construct

from modules import audit_events
from modules.audit_events import Watch
from modules.naming import AwsEnvironment, bucket_name
from modules.policies.audit import (
    CLOUDTRAIL,
    audit_key_policy,
    delivery_policy,
    log_bucket_policy,
)
from modules.policies.document import to_json
from modules.policies.trust import service_trust
from modules.storage import EncryptedBucket

METRIC_FILTER_LIMIT = 100
"""Metric filters of one log group: CloudWatch Logs quota, not adjustable."""

ALARM_PERIOD_SECONDS = 300


class AuditTrail(Construct):
    """A trail over all Regions with its bucket, log group, key and alarms.

    ``bucket_names``: buckets whose policy is watched and, with ``s3_data_events``, whose
    object reads and writes are recorded. ``launch_role_names``: roles whose policies are
    watched. ``notebook_creators``: names of the roles (a name may end in ``*``) that may
    create notebooks; any other raises an alarm. Alarms go to ``alarm_topic_arn``; without it
    they only show in CloudWatch. ``log_retention_days`` is CloudWatch's; the bucket keeps the
    logs for good.

    Raises ValueError when the names make more filters than a log group takes.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        env: AwsEnvironment,
        name: str,
        log_retention_days: int,
        bucket_names: Sequence[str],
        launch_role_names: Sequence[str] = (),
        notebook_creators: Sequence[str] = (),
        alarm_topic_arn: str | None = None,
        permissions_boundary: str | None = None,
        force_destroy: bool = False,
        s3_data_events: bool = True,
    ) -> None:
        super().__init__(scope, id_)
        watches = self._watches(bucket_names, launch_role_names, notebook_creators)
        self._env, self._name = env, name
        self.log_group_name = f"/aws/cloudtrail/{name}"
        key = KmsKey(
            self,
            "Key",
            description=f"Logs of the trail {name}",
            enable_key_rotation=True,
            policy=to_json(
                audit_key_policy(env=env, trail_name=name, log_group_name=self.log_group_name)
            ),
        )
        self._log_group = CloudwatchLogGroup(
            self,
            "LogGroup",
            name=self.log_group_name,
            retention_in_days=log_retention_days,
            kms_key_id=key.arn,
        )
        self.trail_arn = self._trail(
            key, bucket_names if s3_data_events else (), permissions_boundary, force_destroy
        )
        for watch in watches:
            self._alarm(watch, [alarm_topic_arn] if alarm_topic_arn else None)

    def _watches(
        self,
        bucket_names: Sequence[str],
        launch_role_names: Sequence[str],
        notebook_creators: Sequence[str],
    ) -> list[Watch]:
        watches = [
            audit_events.trail_changed(),
            audit_events.key_changed(),
            audit_events.bucket_policy_changed(bucket_names),
            audit_events.launch_role_changed(launch_role_names),
            audit_events.notebook_outside_rules(notebook_creators),
        ]
        count = sum(len(watch.patterns) for watch in watches)
        if count > METRIC_FILTER_LIMIT:
            raise ValueError(
                f"{self.node.path}: {len(bucket_names)} buckets and {len(launch_role_names)} "
                f"launch roles make {count} metric filters, at most {METRIC_FILTER_LIMIT} "
                "are allowed"
            )
        return [watch for watch in watches if watch.patterns]

    def _trail(
        self,
        key: KmsKey,
        bucket_names: Sequence[str],
        permissions_boundary: str | None,
        force_destroy: bool,
    ) -> str:
        logs_name = bucket_name(self._name, "logs", self._env.account_id, self._env.region)
        bucket = EncryptedBucket(
            self,
            "Logs",
            bucket_name=logs_name,
            key_arn=key.arn,
            force_destroy=force_destroy,
            # CloudTrail never overwrites what it has delivered.
            noncurrent_version_days=None,
        )
        policy = bucket.attach_policy(
            log_bucket_policy(env=self._env, bucket_name=logs_name, trail_name=self._name)
        )
        role, role_policy = self._delivery_role(permissions_boundary)
        objects = [f"{self._env.bucket_arn(name)}/" for name in bucket_names]
        trail = Cloudtrail(
            self,
            "Resource",
            name=self._name,
            s3_bucket_name=bucket.bucket_name,
            kms_key_id=key.arn,
            cloud_watch_logs_group_arn=f"{self._log_group.arn}:*",
            cloud_watch_logs_role_arn=role.arn,
            enable_log_file_validation=True,
            is_multi_region_trail=True,
            include_global_service_events=True,
            event_selector=[
                CloudtrailEventSelector(
                    read_write_type="All",
                    include_management_events=True,
                    data_resource=[
                        CloudtrailEventSelectorDataResource(type="AWS::S3::Object", values=objects)
                    ]
                    if objects
                    else None,
                )
            ],
            depends_on=[policy, role_policy],
        )
        return str(trail.arn)

    def _delivery_role(self, permissions_boundary: str | None) -> tuple[IamRole, IamRolePolicy]:
        role = IamRole(
            self,
            "DeliveryRole",
            name=f"{self._name}-CloudTrailDelivery",
            description=f"CloudTrail writes to {self.log_group_name}",
            # CloudTrail sends no aws:SourceAccount here. Source: CloudTrail User Guide, "Role
            # policy document for CloudTrail to use CloudWatch Logs".
            assume_role_policy=to_json(service_trust([CLOUDTRAIL], account_id=None)),
            permissions_boundary=permissions_boundary,
        )
        document = delivery_policy(env=self._env, log_group_name=self.log_group_name)
        policy = IamRolePolicy(
            self, "DeliveryPolicy", name="Delivery", role=role.name, policy=to_json(document)
        )
        return role, policy

    def _alarm(self, watch: Watch, topic_arns: list[str] | None) -> None:
        metric = f"{self._name}-{watch.name}"
        namespace = f"{self._name}/Audit"
        for number, pattern in enumerate(watch.patterns):
            CloudwatchLogMetricFilter(
                self,
                f"{watch.name}{number}",
                name=f"{metric}-{number}",
                log_group_name=self._log_group.name,
                pattern=pattern,
                metric_transformation=CloudwatchLogMetricFilterMetricTransformation(
                    name=metric, namespace=namespace, value="1"
                ),
            )
        CloudwatchMetricAlarm(
            self,
            f"{watch.name}Alarm",
            alarm_name=metric,
            alarm_description=watch.description,
            namespace=namespace,
            metric_name=metric,
            statistic="Sum",
            period=ALARM_PERIOD_SECONDS,
            evaluation_periods=1,
            threshold=1,
            comparison_operator="GreaterThanOrEqualToThreshold",
            treat_missing_data="notBreaching",
            alarm_actions=topic_arns,
        )
