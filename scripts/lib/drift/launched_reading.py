"""What was launched, read from AWS: describe and list calls only, every list to its last page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from scripts.lib.concurrency import Item, Result, map_concurrently
from scripts.lib.drift import promise
from scripts.lib.drift.launched import LEAVING, Launch, Stray
from scripts.lib.drift.promise import ALWAYS, promises
from scripts.lib.errors import describe, error_code, is_unreachable, one_line
from scripts.lib.launch.owned import NO_STACK
from scripts.lib.launch.paging import pages

if TYPE_CHECKING:
    from mypy_boto3_servicecatalog.type_defs import ProvisionedProductAttributeTypeDef

    from scripts.lib.clients import Clients
    from scripts.lib.outputs import NotebookOutputs

MOST_PRODUCTS: Final = 100
MOST_NOTEBOOKS: Final = 100
"""Most that one page of these lists holds."""

Notebooks = Mapping[str, Mapping[str, Any]]
"""Descriptions by name."""


def stack_of(project: NotebookOutputs) -> str:
    """Return the name of a project's stack."""
    return f"notebook-{project.project_name}"


def describe_notebooks(clients: Clients, names: Iterable[str]) -> Notebooks:
    """Return the descriptions of the notebooks that are there."""
    there = _all(clients, partial(_describe_one, clients), names)
    return {each["NotebookInstanceName"]: each for each in there if each is not None}


def read_launches(clients: Clients, projects: Mapping[str, NotebookOutputs]) -> tuple[Launch, ...]:
    asked = {"AccessLevelFilter": {"Key": "Account", "Value": "self"}, "PageSize": MOST_PRODUCTS}
    found = [
        item
        for page in pages(clients.servicecatalog.search_provisioned_products, **asked)
        for item in page.get("ProvisionedProducts", [])
        if item.get("ProductId") in projects
    ]

    def read(item: ProvisionedProductAttributeTypeDef) -> Launch:
        return _read_launch(clients, item, projects[item.get("ProductId", "")])

    launches = _all(clients, read, found)
    builders = sorted({each.builder for launch in launches for each in launch.promises} - {""})
    known = dict(
        zip(builders, _all(clients, partial(_environment, clients), builders), strict=True)
    )
    return tuple(
        _completed(launch, known, projects)
        for launch in sorted(launches, key=lambda each: (each.name, each.id))
    )


def _read_launch(
    clients: Clients, item: ProvisionedProductAttributeTypeDef, project: NotebookOutputs
) -> Launch:
    launch = Launch(
        stack=stack_of(project),
        id=item.get("Id", ""),
        name=item.get("Name", ""),
        status=item.get("Status", ""),
        product_id=item.get("ProductId", ""),
        message=item.get("StatusMessage", ""),
    )
    stack = item.get("PhysicalId") or f"SC-{clients.account.account_id}-{launch.id}"
    try:
        values = _values(clients, stack)
        if values is None:
            return replace(launch, has_stack=False)
        template = clients.cloudformation.get_template(StackName=stack)["TemplateBody"]
        return replace(launch, promises=promises(template, values))
    except ValueError as exc:
        return replace(launch, unread=one_line(f"its template: {exc}"))
    except ClientError as exc:
        if is_unreachable(exc):
            raise
        if error_code(exc) == NO_STACK:
            return replace(launch, has_stack=False)
        return replace(launch, unread=describe(exc))


def _completed(
    launch: Launch,
    builders: Mapping[str, Mapping[str, str] | str],
    projects: Mapping[str, NotebookOutputs],
) -> Launch:
    """Add to the promises what the template does not say."""
    project = projects[launch.product_id]
    outputs = {promise.KEY: project.key_arn, promise.ROLE: project.execution_role_arn}
    better = {**ALWAYS, **{key: value for key, value in outputs.items() if value}}
    complete, unread = [], launch.unread
    for each in launch.promises:
        environment = builders.get(each.builder, {})
        if isinstance(environment, str):
            unread, environment = environment, {}
        complete.append(each.built_by(environment).but(better))
    return replace(launch, promises=tuple(complete), unread=unread)


def _values(clients: Clients, stack: str) -> dict[str, str] | None:
    """The stack's parameters, and the pseudo parameters; None if it was deleted.

    Asked for by its ARN, CloudFormation still tells of a stack for 90 days after that.
    """
    found = clients.cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    if found["StackStatus"] == "DELETE_COMPLETE":
        return None
    account = clients.account
    given = {
        item.get("ParameterKey", ""): item.get("ParameterValue", "")
        for item in found.get("Parameters", [])
    }
    return {
        **given,
        "AWS::AccountId": account.account_id,
        "AWS::Partition": account.partition,
        "AWS::Region": account.region,
        "AWS::StackName": found["StackName"],
    }


def _environment(clients: Clients, function: str) -> Mapping[str, str] | str:
    """What the builder function gives its notebooks, or why that cannot be told."""
    try:
        found = clients.functions.get_function_configuration(FunctionName=function)
    except ClientError as exc:
        if is_unreachable(exc):
            raise
        return f"its builder {function}: {describe(exc)}"
    except BotoCoreError as exc:
        return f"its builder {one_line(function)}: {describe(exc)}"
    return found.get("Environment", {}).get("Variables", {})


def list_notebooks(clients: Clients) -> dict[str, str]:
    """The ARNs of all notebooks by name, but for those that are leaving."""
    paginator = clients.sagemaker.get_paginator("list_notebook_instances")
    return {
        item["NotebookInstanceName"]: item["NotebookInstanceArn"]
        for page in paginator.paginate(PaginationConfig={"PageSize": MOST_NOTEBOOKS})
        for item in page["NotebookInstances"]
        if item.get("NotebookInstanceStatus") != LEAVING
    }


def read_strays(
    clients: Clients,
    listed: Mapping[str, str],
    promised: Iterable[str],
    projects: Iterable[NotebookOutputs],
) -> tuple[Stray, ...]:
    """The notebooks that no product made and that have a project's tags."""
    others = sorted(listed.keys() - set(promised))
    tags = _all(clients, lambda name: _tags(clients, listed[name]), others)
    known = tuple(projects)
    suspects = {
        name: stack_of(project)
        for name, found in zip(others, tags, strict=True)
        for project in known
        if found.get("ProjectID") == project.project_id
        or found.get("ProjectName") == project.project_name
    }
    there = describe_notebooks(clients, suspects)
    return tuple(
        Stray(suspects[name], notebook)
        for name, notebook in there.items()
        if notebook.get("NotebookInstanceStatus") != LEAVING
    )


def _tags(clients: Clients, arn: str) -> dict[str, str]:
    """Empty if it was deleted since it was listed."""
    try:
        found = clients.sagemaker.get_paginator("list_tags").paginate(ResourceArn=arn)
        return {tag["Key"]: tag["Value"] for page in found for tag in page["Tags"]}
    except ClientError as exc:
        if _is_gone(exc):
            return {}
        raise


def _describe_one(clients: Clients, name: str) -> Mapping[str, Any] | None:
    try:
        return clients.sagemaker.describe_notebook_instance(NotebookInstanceName=name)
    except ClientError as exc:
        if _is_gone(exc):
            return None
        raise


def _is_gone(exc: ClientError) -> bool:
    """SageMaker says ``ValidationException: RecordNotFound`` of a notebook that is not there."""
    message = str(exc.response.get("Error", {}).get("Message", ""))
    return error_code(exc) in ("ResourceNotFound", "ValidationException") and (
        "RecordNotFound" in message or "not found" in message.lower()
    )


def _all(
    clients: Clients, function: Callable[[Item], Result], items: Iterable[Item]
) -> list[Result]:
    return map_concurrently(function, list(items), workers=clients.workers)
