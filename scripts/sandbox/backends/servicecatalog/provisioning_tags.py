"""Tags of a provisioned product, which its stack passes on to the resources."""

from collections.abc import Iterable, Mapping

from scripts.sandbox.backends.servicecatalog.catalog import LaunchPath
from scripts.sandbox.backends.servicecatalog.dispatch import Answer
from scripts.sandbox.backends.servicecatalog.errors import InvalidParametersError
from scripts.sandbox.backends.servicecatalog.provisioned import ProvisionedProduct


def auto_tags(provisioned: ProvisionedProduct, path: LaunchPath) -> dict[str, str]:
    """The five that Service Catalog adds at a launch, and never changes afterwards.

    From https://docs.aws.amazon.com/servicecatalog/latest/adminguide/autotags.html
    """
    values = {
        "portfolioArn": path.portfolio.arn,
        "productArn": path.product.arn,
        "provisioningPrincipalArn": provisioned.owner.credentials.arn,
        "provisionedProductArn": provisioned.arn,
        "provisioningArtifactIdentifier": provisioned.artifact_id,
    }
    return {f"aws:servicecatalog:{name}": value for name, value in values.items()}


def chosen_tags(
    path: LaunchPath, options: Iterable[Answer], asked: Mapping[str, str]
) -> dict[str, str]:
    """Tags of the portfolio, of the product and of the request, with those of the tag options.

    Args:
        path: the launch path.
        options: its tag options, each a key with the values to choose from.
        asked: tags of the request.

    Raises:
        InvalidParametersError: a tag option's key has no value, or one that it does not offer.
    """
    chosen: dict[str, str] = {}
    for option in options:
        key, values = option["Key"], option["Values"]
        value = asked.get(key) or (values[0] if len(values) == 1 else None)
        if value is None or value not in values:
            raise InvalidParametersError(
                f"Tag {key} is {value}, its tag option allows one of {', '.join(values)}"
            )
        chosen[key] = value
    return path.portfolio.tags | path.product.tags | dict(asked) | chosen
