"""Tag options: tags that end users may choose from when they launch."""

from scripts.sandbox.backends.servicecatalog.dispatch import Answer, Request
from scripts.sandbox.backends.servicecatalog.errors import (
    DuplicateResourceError,
    LimitExceededError,
    ResourceInUseError,
    ResourceNotFoundError,
)
from scripts.sandbox.backends.servicecatalog.ids import new_id
from scripts.sandbox.backends.servicecatalog.paging import page
from scripts.sandbox.backends.servicecatalog.records import Portfolio, Product, TagOption
from scripts.sandbox.backends.servicecatalog.store import Store

PER_RESOURCE = 25


class TagOptions(Store):
    """Create, describe, update, delete and list tag options; offer them with a resource."""

    def create_tag_option(self, request: Request) -> Answer:
        """Active at once."""
        option = TagOption(new_id("tag"), request["Key"], request["Value"], self.account_id)
        self._check_unique(option.key, option.value)
        self.tag_options[option.id] = option
        return {"TagOptionDetail": option.detail()}

    def describe_tag_option(self, request: Request) -> Answer:
        """By id."""
        return {"TagOptionDetail": self.tag_option(request["Id"]).detail()}

    def update_tag_option(self, request: Request) -> Answer:
        """The value, whether it is active, or both."""
        option = self.tag_option(request["Id"])
        value = request.get("Value", option.value)
        if value != option.value:
            self._check_unique(option.key, value)
        option.value = value
        option.active = request.get("Active", option.active)
        return {"TagOptionDetail": option.detail()}

    def delete_tag_option(self, request: Request) -> Answer:
        """Only one that no resource offers."""
        option = self.tag_option(request["Id"])
        for resource in self._taggables():
            if option.id in resource.tag_option_ids:
                raise ResourceInUseError(
                    f"TagOption {option.id} is still associated with {resource.id}"
                )
        del self.tag_options[option.id]
        return {}

    def list_tag_options(self, request: Request) -> Answer:
        """Those that have all that the filters name."""
        filters = request.get("Filters") or {}
        details = [option.detail() for option in self.tag_options.values()]
        found = [each for each in details if all(each[k] == v for k, v in filters.items())]
        return page(request, "TagOptionDetails", found, "PageToken")

    def associate_tag_option_with_resource(self, request: Request) -> Answer:
        """Offer it with an own portfolio or product."""
        option = self.tag_option(request["TagOptionId"])
        resource = self._taggable(request["ResourceId"])
        if option.id in resource.tag_option_ids:
            raise DuplicateResourceError(
                f"TagOption {option.id} is already associated with {resource.id}"
            )
        if len(resource.tag_option_ids) >= PER_RESOURCE:
            raise LimitExceededError(f"{resource.id} has {PER_RESOURCE} tag options, the limit")
        resource.tag_option_ids.append(option.id)
        return {}

    def disassociate_tag_option_from_resource(self, request: Request) -> Answer:
        """Offer it no longer."""
        option = self.tag_option(request["TagOptionId"])
        resource = self._taggable(request["ResourceId"])
        if option.id not in resource.tag_option_ids:
            raise ResourceNotFoundError(
                f"TagOption {option.id} is not associated with {resource.id}"
            )
        resource.tag_option_ids.remove(option.id)
        return {}

    def list_resources_for_tag_option(self, request: Request) -> Answer:
        """Portfolios, products, or (with no type named) both."""
        option = self.tag_option(request["TagOptionId"])
        kind = request.get("ResourceType")
        details = [
            _resource_detail(resource)
            for resource in self._taggables()
            if option.id in resource.tag_option_ids and kind in {None, type(resource).__name__}
        ]
        return page(request, "ResourceDetails", details, "PageToken")

    def _check_unique(self, key: str, value: str) -> None:
        if any((each.key, each.value) == (key, value) for each in self.tag_options.values()):
            raise DuplicateResourceError(f"TagOption {key}={value} exists")

    def _taggables(self) -> list[Portfolio | Product]:
        return [*self.portfolios.values(), *self.products.values()]

    def _taggable(self, resource_id: str) -> Portfolio | Product:
        for resource in self._taggables():
            if resource.id == resource_id:
                return resource
        raise ResourceNotFoundError(f"Resource {resource_id} not found")


def _resource_detail(resource: Portfolio | Product) -> Answer:
    if isinstance(resource, Portfolio):
        name, description = resource.display_name, resource.description
    else:
        name, description = resource.name, resource.texts.get("ShortDescription")
    return {
        "Id": resource.id,
        "ARN": resource.arn,
        "Name": name,
        "Description": description,
        "CreatedTime": resource.created,
    }
