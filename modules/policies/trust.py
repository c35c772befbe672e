"""Trust policies: who may assume a role."""

from __future__ import annotations

from collections.abc import Sequence

from modules.policies.document import Document, document, statement


def service_trust(services: Sequence[str], *, account_id: str | None) -> Document:
    """Return a trust in AWS services that act for ``account_id`` and for no other account.

    ``services`` are service principals, such as ``sagemaker.amazonaws.com``. ``account_id``
    is None only for a service that sends no ``aws:SourceAccount`` when it takes on a role:
    the condition would lock it out. Raises ValueError when there is no service.
    """
    if not services:
        raise ValueError("service_trust: needs at least one service principal, got none")
    return document(
        statement(
            "AssumeByServices",
            principals={"Service": services},
            actions=["sts:AssumeRole"],
            condition={"StringEquals": {"aws:SourceAccount": account_id}} if account_id else None,
        )
    )


def principal_trust(principal_arns: Sequence[str]) -> Document:
    """Return a trust in IAM principals, by full ARN.

    Raises ValueError when there is none, or when one is a wildcard: IAM takes ``*`` alone for
    everybody and refuses it inside a principal's ARN.
    """
    if not principal_arns:
        raise ValueError("principal_trust: needs at least one principal ARN, got none")
    for arn in principal_arns:
        if "*" in arn or "?" in arn:
            raise ValueError(
                f"principal_trust: a principal is one full ARN without wildcard, got {arn!r}"
            )
    return document(
        statement(
            "AssumeByPrincipals",
            principals={"AWS": principal_arns},
            actions=["sts:AssumeRole"],
        )
    )
