"""The one operation that differs."""

from moto.cloudtrail.models import CloudTrailBackend as MotoBackend


class CloudTrailBackend(MotoBackend):
    """moto says nothing when a trail to delete is unknown, and knows trails by name alone."""

    def delete_trail(self, name: str) -> None:
        super().delete_trail(self.get_trail(name).trail_name)
