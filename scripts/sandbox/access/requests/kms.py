"""KMS, also on behalf of a service that encrypts for the caller.

https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from moto.kms.models import kms_backends

from scripts.sandbox.access.reference import types
from scripts.sandbox.access.requests.call import DNS_SUFFIX, Call, Need, Values
from scripts.sandbox.access.requests.generic import needs as generic_needs
from scripts.sandbox.access.requests.generic import tag_context
from scripts.sandbox.account import ACCOUNT
from scripts.sandbox.policies import UNKNOWN_RESOURCE

_KEY = ("KeyId", "TargetKeyId")
_ALIAS = "AliasName"
# Parameter -> condition key that holds it.
_KEYS = {
    "BypassPolicyLockoutSafetyCheck": "kms:BypassPolicyLockoutSafetyCheck",
    "GranteePrincipal": "kms:GranteePrincipal",
    "KeySpec": "kms:KeySpec",
    "KeyUsage": "kms:KeyUsage",
    "MultiRegion": "kms:MultiRegion",
    "Operations": "kms:GrantOperations",
    "Origin": "kms:KeyOrigin",
    "PendingWindowInDays": "kms:ScheduleKeyDeletionPendingWindowInDays",
    "RetiringPrincipal": "kms:RetiringPrincipal",
}


def needs(call: Call) -> Iterator[Need]:
    action = f"kms:{call.operation}"
    kinds = types("kms", call.operation)
    if kinds == () or call.operation == "CreateKey":
        yield Need(action, "*", _context(call.params))
        return
    if call.operation == "ReEncrypt":
        yield from _re_encrypt(call)
        return
    key = next((call.params[name] for name in _KEY if call.params.get(name)), None)
    alias = call.params.get(_ALIAS)
    if alias:
        yield Need(action, call.arn(alias), _context(call.params))
        # DeleteAlias names the alias alone; its key is asked too.
        key = key or alias
    if call.operation == "UpdateAlias" and alias:
        yield Need(action, key_arn(call.region, alias), _context(call.params))
    if key:
        yield Need(action, key_arn(call.region, key), _context(call.params))
    elif call.operation == "Decrypt":
        yield Need(action, _of_ciphertext(call), _context(call.params))
    elif not alias:
        yield from generic_needs(call, context=_context(call.params))


def key_arn(region: str, key_id: str) -> str:
    """The ARN of a key by id, ARN, alias or alias's ARN; `UNKNOWN_RESOURCE` for none."""
    backend = kms_backends[ACCOUNT][region]
    try:
        key = backend.keys.get(backend.any_id_to_key_id(key_id))
    except (KeyError, AttributeError):
        key = None
    if key is not None:
        return str(key.arn)
    return key_id if ":key/" in key_id else UNKNOWN_RESOURCE


def on_behalf(
    call: Call,
    action: str,
    key_id: str,
    service: str,
    *,
    encryption_context: Mapping[str, str] | None = None,
    **more: str | list[str],
) -> Need:
    """What a service asks of KMS for the caller: `kms:ViaService` is that service."""
    context: dict[str, str | list[str]] = {
        "kms:ViaService": f"{service}.{call.region}.{DNS_SUFFIX}",
        **_encryption_context(encryption_context or {}),
        **{f"kms:{name}": value for name, value in more.items()},
    }
    return Need(f"kms:{action}", key_arn(call.region, key_id), context, via=service)


def grant_for(call: Call, key_id: str, service: str) -> list[Need]:
    """What SageMaker asks before it keeps a volume under the caller's key."""
    return [
        on_behalf(call, "DescribeKey", key_id, service),
        on_behalf(call, "CreateGrant", key_id, service, GrantIsForAWSResource="true"),
    ]


def _re_encrypt(call: Call) -> Iterator[Need]:
    yield Need("kms:ReEncryptFrom", _of_ciphertext(call), _context(call.params))
    target = key_arn(call.region, call.params["DestinationKeyId"])
    yield Need("kms:ReEncryptTo", target, _context(call.params))


def _of_ciphertext(call: Call) -> str:
    """The key that encrypted: the 36 characters before all else, as moto writes ciphertexts."""
    blob = call.params.get("CiphertextBlob", b"")
    return key_arn(call.region, bytes(blob)[:36].decode(errors="replace"))


def _context(params: Mapping[str, Any]) -> Values:
    context = dict(tag_context(params))
    for name, key in _KEYS.items():
        if params.get(name) is not None:
            context[key] = _text(params[name])
    if params.get("KeyId", "").startswith(("alias/", "arn:")) and "alias/" in params["KeyId"]:
        context["kms:RequestAlias"] = "alias/" + params["KeyId"].partition("alias/")[2]
    if params.get("Constraints"):
        context["kms:GrantConstraintType"] = next(iter(params["Constraints"]))
    # A grant that a service asks for itself says so; one that a caller asks for is none.
    if "Operations" in params:
        context["kms:GrantIsForAWSResource"] = "false"
    return {**context, **_encryption_context(params.get("EncryptionContext") or {})}


def _encryption_context(given: Mapping[str, str]) -> dict[str, str | list[str]]:
    if not given:
        return {}
    pairs: dict[str, str | list[str]] = {
        f"kms:EncryptionContext:{key}": value for key, value in given.items()
    }
    return {**pairs, "kms:EncryptionContextKeys": list(given)}


def _text(value: Any) -> str | list[str]:
    if isinstance(value, list):
        return [str(each) for each in value]
    return str(value).lower() if isinstance(value, bool) else str(value)
