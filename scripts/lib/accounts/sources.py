"""Which accounts: a file that lists them."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from scripts.lib.accounts.model import AccountEntry
from scripts.lib.errors import InputError, one_line
from scripts.lib.role_arn import RoleArn

MOST_BYTES = 2_000_000
MOST_ACCOUNTS = 10_000
"""More than any Organization that AWS tells of has."""

SHOWN_FAULTS = 5
SHOWN_TEXT = 60

_ACCOUNT_ID = re.compile(r"\d{12}", re.ASCII)
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d{1,2}", re.ASCII)
_KEYS = frozenset({"account_id", "name", "role_arn", "regions"})


def read_accounts(path: Path) -> tuple[AccountEntry, ...]:
    """Return the accounts that a file lists, in its order.

    Either one account a line, twelve digits and perhaps a name, with comments from ``#`` on; or
    a JSON list of objects with ``account_id`` and perhaps ``name``, ``role_arn``, ``regions``.

    Raises InputError, which names the file and each bad line, if it cannot be read, is too
    large, lists nothing, or lists an account twice.
    """
    text = _read(path)
    is_json = text.lstrip().startswith(("[", "{"))
    found = list(_of_json(path, text) if is_json else _of_lines(text))
    entries = [each for _, each in found if isinstance(each, AccountEntry)]
    faults = [(place, each) for place, each in found if isinstance(each, str)]
    places: dict[str, str] = {}
    for place, each in found:
        if isinstance(each, AccountEntry):
            first = places.setdefault(each.account_id, place)
            if first != place:
                faults.append((place, f"account {each.account_id} is listed at {first} already"))
    if faults:
        raise InputError(_told(path, faults))
    if not entries:
        raise InputError(f"accounts file {path}: lists no account")
    if len(entries) > MOST_ACCOUNTS:
        raise InputError(
            f"accounts file {path}: lists {len(entries)} accounts, "
            f"at most {MOST_ACCOUNTS} are allowed"
        )
    return tuple(entries)


def _read(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as exc:
        raise InputError(f"accounts file {path}: {exc.strerror}") from exc
    if len(content) > MOST_BYTES:
        raise InputError(f"accounts file {path}: larger than {MOST_BYTES} bytes")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        line = content.count(b"\n", 0, exc.start) + 1
        raise InputError(f"accounts file {path}:{line}: not UTF-8 text") from exc


def _told(path: Path, faults: list[tuple[str, str]]) -> str:
    shown = [f"{path}:{place}: {fault}" for place, fault in faults[:SHOWN_FAULTS]]
    if len(faults) > SHOWN_FAULTS:
        shown.append(f"and {len(faults) - SHOWN_FAULTS} more")
    return "accounts file " + "; ".join(shown)


Found = Iterator[tuple[str, AccountEntry | str]]
"""A place in the file, and what is there: an account, or what is wrong."""


def _of_lines(text: str) -> Found:
    for number, line in enumerate(text.split("\n"), 1):
        words = line.partition("#")[0].split(maxsplit=1)
        if words:
            name = one_line(words[1]) if len(words) > 1 else ""
            yield str(number), _account(words[0], AccountEntry("", name))


def _account(account_id: object, entry: AccountEntry) -> AccountEntry | str:
    if not isinstance(account_id, str) or not _ACCOUNT_ID.fullmatch(account_id):
        hint = " in quotes" if isinstance(account_id, int) else ""
        return f"{_shown(account_id)} is not an account's id: expected 12 digits{hint}"
    return replace(entry, account_id=account_id)


def _of_json(path: Path, text: str) -> Found:
    try:
        document = json.loads(text, object_pairs_hook=_Object)
    except json.JSONDecodeError as exc:
        raise InputError(f"accounts file {path}:{exc.lineno}: not JSON: {exc.msg}") from exc
    except (RecursionError, ValueError) as exc:
        raise InputError(f"accounts file {path}: not JSON: {one_line(exc)}") from exc
    if not isinstance(document, list):
        raise InputError(
            f"accounts file {path}: got a JSON object, "
            'expected a list: [{"account_id": "123456789012"}]'
        )
    lines = _lines_of_items(text)
    for number, item in enumerate(document):
        yield f"{lines[number]} (entry {number + 1})", _of_item(item)


class _Object(dict[str, object]):
    """A JSON object that remembers a key that it has twice, of which JSON keeps the last."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        counts = Counter(name for name, _ in pairs)
        self.repeated = next((name for name, count in counts.items() if count > 1), "")


def _lines_of_items(text: str) -> list[int]:
    """Return the line on which each item of a valid JSON list begins."""
    decoder, at, lines = json.JSONDecoder(), text.index("[") + 1, list[int]()
    line, counted = 1, 0
    while True:
        while text[at] in " \t\r\n,":
            at += 1
        if text[at] == "]":
            return lines
        line, counted = line + text.count("\n", counted, at), at
        lines.append(line)
        _, at = decoder.raw_decode(text, at)


def _of_item(item: object) -> AccountEntry | str:
    if not isinstance(item, _Object):
        return f'{_shown(item)} is not an object: expected {{"account_id": "123456789012"}}'
    role_arn, regions = item.get("role_arn"), item.get("regions")
    faults = (
        _fault_of_keys(item),
        *(_fault_of_text(key, item.get(key)) for key in ("name", "role_arn")),
        _fault_of_regions(regions),
    )
    fault = next(filter(None, faults), "") or _fault_of_role(role_arn, item.get("account_id"))
    if fault:
        return fault
    entry = AccountEntry(
        account_id="",
        name=one_line(item.get("name") or ""),
        role_arn=role_arn if isinstance(role_arn, str) else None,
        regions=tuple(regions) if isinstance(regions, list) else (),
    )
    return _account(item.get("account_id"), entry)


def _fault_of_keys(item: _Object) -> str:
    if item.repeated:
        return f"key {json.dumps(item.repeated)} is there twice"
    unknown = sorted(set(item) - _KEYS)
    if unknown:
        return f"unknown key {_shown(unknown[0])}: expected {', '.join(sorted(_KEYS))}"
    return ""


def _fault_of_text(key: str, value: object) -> str:
    return "" if value is None or isinstance(value, str) else f"{key} {_shown(value)} is not text"


def _fault_of_role(role_arn: object, account_id: object) -> str:
    if not isinstance(role_arn, str):
        return ""
    try:
        owner = RoleArn.parse(role_arn).account_id
    except InputError:
        return f"role_arn {_shown(role_arn)} is not the ARN of a role"
    return "" if owner == account_id else f"role_arn {_shown(role_arn)} is of another account"


def _fault_of_regions(regions: object) -> str:
    if regions is None:
        return ""
    if not isinstance(regions, list) or not regions:
        return f"regions {_shown(regions)} is not a list of Regions"
    for region in regions:
        if not isinstance(region, str) or not _REGION.fullmatch(region):
            return f"{_shown(region)} is not a Region: expected such as eu-west-1"
    return "" if len(set(regions)) == len(regions) else f"regions {_shown(regions)} repeat"


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=True) if not isinstance(value, str) else repr(value)
    return one_line(text, SHOWN_TEXT)
