"""The one operation that differs."""

from moto.logs.models import LogsBackend as MotoBackend


class LogsBackend(MotoBackend):
    """moto keeps the old metric filter beside a new one of the same name."""

    def put_metric_filter(
        self,
        filter_name: str,
        filter_pattern: str,
        log_group_name: str,
        metric_transformations: str,
    ) -> None:
        self.filters.delete_filter(filter_name, log_group_name)
        super().put_metric_filter(
            filter_name, filter_pattern, log_group_name, metric_transformations
        )
