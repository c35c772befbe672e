"""Terraform's state against AWS, for one stack."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from scripts.lib.drift import buckets
from scripts.lib.drift.authors import Trail, with_authors
from scripts.lib.drift.findings import Sight
from scripts.lib.drift.folding import fold_drift
from scripts.lib.drift.left_alone import read_left_alone
from scripts.lib.drift.model import Checked, Drift, Failure, Plane
from scripts.lib.drift.portfolio_access import added_principals
from scripts.lib.drift.refresh import LIMIT, RefreshError, StateChangedError, refresh
from scripts.lib.drift.world import Managed, gone, read_world
from scripts.lib.errors import InputError, describe
from scripts.lib.plan_review.read import read_plan


@dataclass(frozen=True, slots=True)
class Terms:
    """How a stack is checked.

    Attributes:
        catalog: client of Service Catalog, to look for principals that were added to portfolios;
            None: not looked for.
        s3: client of S3, to tell buckets that are gone from those that may not be looked at;
            None: not told.
        trail: whom to ask who did it; None: not asked.
        init: run ``terraform init`` first.
        limit: seconds for each command of Terraform.
    """

    sight: Sight = field(default_factory=Sight)
    catalog: Any = None
    s3: Any = None
    trail: Trail | None = None
    init: bool = False
    limit: float = LIMIT


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found, and the resources that it is about: managed ones, and those gone."""

    checked: Checked
    resources: tuple[Managed, ...] = ()

    def asked(self, trail: Trail | None) -> Checked:
        """Return what was found with the authors, if there is somebody to ask."""
        if trail is None or not self.resources:
            return self.checked
        drifts = with_authors(self.checked.drifts, self.resources, trail)
        return replace(self.checked, drifts=drifts)


def check_stack(
    directory: Path, stack: str, environment: Mapping[str, str], terms: Terms | None = None
) -> Checked:
    """Return what of a stack's resources was changed outside Terraform; nothing is written.

    What cannot be checked is a failure in the result: this raises nothing that Terraform or AWS
    may cause. If the state is written meanwhile, it is looked at once more.
    """
    terms = terms or Terms()
    return look(directory, stack, environment, terms).asked(terms.trail)


def look(directory: Path, stack: str, environment: Mapping[str, str], terms: Terms) -> Looked:
    """Do what ``check_stack`` does but for asking who did it."""
    start = time.monotonic()
    try:
        document = _document(directory, environment, terms)
        looked = _looked(document, read_left_alone(directory), stack, terms)
    except (RefreshError, InputError) as error:
        failure = Failure(Plane.TERRAFORM, stack, str(error))
        looked = Looked(Checked(Plane.TERRAFORM, stack, failures=(failure,)))
    seconds = time.monotonic() - start
    return Looked(replace(looked.checked, seconds=seconds), looked.resources)


def _document(directory: Path, environment: Mapping[str, str], terms: Terms) -> Mapping[str, Any]:
    try:
        return refresh(directory, environment, init=terms.init, limit=terms.limit)
    except StateChangedError:
        pass
    try:
        return refresh(directory, environment, limit=terms.limit)
    except StateChangedError:
        raise RefreshError(
            "the state was written twice while it was looked at: check again after the apply"
        ) from None


def _looked(
    document: Mapping[str, Any],
    left_alone: Mapping[str, frozenset[str]],
    stack: str,
    terms: Terms,
) -> Looked:
    changes, world = read_plan(document, stack).drift, read_world(document, left_alone)
    unseen = tuple(buckets.refused_buckets(terms.s3, changes)) if terms.s3 else ()
    changes = tuple(buckets.without(changes, unseen))
    resources = (*world.managed, *gone(changes))
    folded = fold_drift(changes, world, terms.sight, stack=stack)
    added, failures = _added(resources, stack, terms)
    hidden = (Failure(Plane.TERRAFORM, stack, buckets.reason(name)) for name in unseen)
    return Looked(
        Checked(
            Plane.TERRAFORM, stack, (*folded.drifts, *added), folded.noise, (*failures, *hidden)
        ),
        resources,
    )


def _added(
    resources: tuple[Managed, ...], stack: str, terms: Terms
) -> tuple[tuple[Drift, ...], tuple[Failure, ...]]:
    if terms.catalog is None:
        return (), ()
    try:
        shell = terms.sight.shell
        return tuple(added_principals(terms.catalog, stack, resources, shell)), ()
    except (ClientError, BotoCoreError) as error:
        reason = f"who may see the portfolio cannot be read: {describe(error)}"
        return (), (Failure(Plane.TERRAFORM, stack, reason),)
