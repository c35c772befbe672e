"""What all models of the settings have in common."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """Frozen, strict, and closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
