"""Tags of portfolios and products."""

from collections.abc import Iterable, Mapping

from scripts.sandbox.backends.servicecatalog.dispatch import Request
from scripts.sandbox.backends.servicecatalog.errors import InvalidParametersError

LIMIT = 50


def new_tags(request: Request) -> dict[str, str]:
    """The tags of a create request."""
    return _with({}, request.get("Tags") or ())


def updated_tags(tags: Mapping[str, str], request: Request) -> dict[str, str]:
    """The tags after an update request, which removes first and then adds."""
    removed = set(request.get("RemoveTags") or ())
    kept = {key: value for key, value in tags.items() if key not in removed}
    return _with(kept, request.get("AddTags") or ())


def tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """In the form of an answer."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _with(tags: dict[str, str], added: Iterable[Mapping[str, str]]) -> dict[str, str]:
    added = list(added)
    keys = [tag["Key"] for tag in added]
    if len(keys) != len(set(keys)):
        raise InvalidParametersError("Duplicate tag keys")
    reserved = [key for key in keys if key.lower().startswith("aws:")]
    if reserved:
        raise InvalidParametersError(f"Tag key {reserved[0]} has the reserved prefix aws:")
    result = tags | {tag["Key"]: tag["Value"] for tag in added}
    if len(result) > LIMIT:
        raise InvalidParametersError(f"{len(result)} tags, at most {LIMIT} are allowed")
    return result
