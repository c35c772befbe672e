"""What looks like a secret, by its name or its shape; Terraform's own marks come on top of this.

A review is public to all who read the pull request: hiding too much costs them a value, hiding too
little costs a password. Still, what reviews are made for (ARNs, key ids, hashes, policies,
references to secrets) must stay readable. The formats are those that their makers publish, such as
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
and https://github.blog/engineering/behind-githubs-new-authentication-token-formats/.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections import Counter
from functools import lru_cache

HIDDEN = "[hidden]"
"""Stands where a secret was."""

_TERMS = (
    "password|passwd|passphrase|passcode|pwd|secret|token|credentials?|api[_-]?key|private[_-]?key"
    "|access[_-]?key|secret[_-]?key|account[_-]?key|auth[_-]?key|signing[_-]?key|storage[_-]?key|license[_-]?key"
    "|encryption[_-]?key|master[_-]?key|(?:pre[_-]?)?shared[_-]?key|shared[_-]?access[_-]?key|host[_-]?key|psk|key[_-]?material"
    "|(?:primary|secondary)[_-]?key|connection[_-]?string|secret[_-]?access[_-]?key|webhook[_-]?url|bearer"
)
_SUFFIXES = (
    "values?|strings?|binary|plain_?text|text|pem|openssh|pkcs8|base64|b64|wo|hash|raw|data|json"
    "|old|new|current|previous|primary|secondary|default|[0-9]+"
)
_SECRET_NAME = re.compile(
    rf"(?:^|.*_)(?:{_TERMS})[0-9]*(?:_(?:{_SUFFIXES}))*|.*(?:password|passwd|apikey)[0-9]*"
)
_HARMLESS_NAME = re.compile(
    r".*(?:public_key|(?:creation|client|client_request|request|idempotency|lock|next|page"
    r"|continuation|update|resource)_token|(?:partition|sort|hash|range)_key|kms_.*_key)"
    r"|(?:require|requires|allow|enable|use|is|has|manage|rotate|generate|force|change|skip)_.*"
)
_SUSPICIOUS_WORDS = frozenset(
    {"key", "keys", "auth", "authorization", "cred", "creds", "credential", "credentials",
     "secret", "secrets", "token", "tokens", "password", "passwords", "pass", "signature", "salt",
     "seed", "pin", "otp", "cookie", "session", "bearer"}
)  # fmt: skip
_NAMES_NO_SECRET = frozenset(
    {"id", "ids", "arn", "arns", "name", "names", "hash", "sha", "sha1", "sha256", "md5",
     "checksum", "fingerprint", "version", "etag", "url", "uri", "public", "path", "prefix",
     "suffix", "alias", "type", "kind", "policy", "region", "zone", "digest", "thumbprint",
     "endpoint"}
)  # fmt: skip
_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NO_WORD = re.compile(r"[^a-z0-9]+")

_REFERENCE = re.compile(
    r"arn:[a-z-]*:.*|\{\{resolve:.*\}\}|\$\{[^}]*\}|projects/[^/]+/secrets/.*|ssm:.*|vault:.*"
    r"|true|false|required|optional|null|none",
    re.IGNORECASE | re.DOTALL,
)
"""Says where a secret is, or that there is (to be) one, but not which."""

_PEM = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
    r"(?:.*?-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|.*)",
    re.DOTALL,
)
_B, _E = r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])"
_TOKENS = re.compile(
    "|".join(
        (
            rf"{_B}(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{{16}}{_E}",
            rf"{_B}eyJ[\w-]{{6,4000}}+\.[\w-]{{6,}}+\.[\w-]*",
            rf"{_B}gh[opusr]_[A-Za-z0-9]{{20,}}",
            rf"{_B}github_pat_\w{{20,}}",
            rf"{_B}gl(?:pat|ptt|dt|rt|cbt|soat|ft|oas|agent)-[\w-]{{20,}}",
            rf"{_B}gl(?:sa|c)_[\w=/+-]{{20,}}",
            rf"{_B}xox[abceoprs]-[\w.-]{{10,}}",
            rf"{_B}xapp-[\w-]{{10,}}",
            r"hooks\.slack\.com/(?:services|workflows)/[\w/-]{10,}",
            rf"{_B}[sr]k_(?:live|test)_[A-Za-z0-9]{{10,}}",
            rf"{_B}whsec_[A-Za-z0-9+/=]{{20,}}",
            rf"{_B}AIza[\w-]{{35}}",
            rf"{_B}ya29\.[\w-]{{20,}}",
            rf"{_B}GOCSPX-[\w-]{{20,}}",
            rf"{_B}npm_[A-Za-z0-9]{{36}}",
            rf"{_B}pypi-Ag[\w-]{{40,}}",
            rf"{_B}dckr_pat_[\w-]{{20,}}",
            rf"{_B}SG\.[\w-]{{16,64}}\.[\w-]{{16,}}",
            rf"{_B}hv[sbr]\.[\w-]{{20,}}",
            rf"{_B}[A-Za-z0-9]{{14}}\.atlasv1\.[\w-]{{40,}}",
            rf"{_B}sk-[\w-]{{20,}}",
            rf"{_B}do[opr]_v1_[0-9a-f]{{64}}",
            rf"{_B}dapi[0-9a-f]{{32}}",
            rf"{_B}hf_[A-Za-z0-9]{{30,}}",
            rf"{_B}shp(?:at|ca|pa|ss)_[0-9a-fA-F]{{32}}",
            rf"{_B}NRAK-[A-Z0-9]{{20,}}",
            rf"{_B}lin_api_[A-Za-z0-9]{{30,}}",
            rf"{_B}ATATT3[\w=-]{{30,}}",
            r"AGE-SECRET-KEY-1[0-9A-Z]{40,}",
        )
    )
)
_NOT_A_VALUE = r"(?!\$[{(A-Za-z_]|\{\{|<|%|arn:|\[hidden\]|(?:true|false|null|none|nil)\b)"
_PARTS = (
    # user:password@host; the user stays.
    re.compile(rf"(://[^\s/:@\"'?#]*:){_NOT_A_VALUE}[^\s/\"'?#]+(?=@)"),
    # Presigned URLs of AWS, Google and Azure.
    re.compile(
        r"((?:X-(?:Amz|Goog)-(?:Signature|Security-Token|Credential)|[?&;](?:sig|signature|"
        r"access_token|token|AWSAccessKeyId|Signature))(?:=|%3D))[^&\s\"']+",
        re.IGNORECASE,
    ),
    re.compile(rf"(\b(?:Bearer|Basic)\s+){_NOT_A_VALUE}[\w.~+/=-]{{8,}}", re.IGNORECASE),
    # A secret's name, in any writing, with its value: NAME=value, "name": "value", name: value.
    *(
        re.compile(
            rf"((?<![:\w.-])[\w.-]*?(?:{_TERMS})(?:_(?:{_SUFFIXES}))?[0-9]*"
            rf"\\?[\"']?\s*(?:=>|:=|=|:)\s*{value}",
            re.IGNORECASE,
        )
        for value in (
            rf"\\\"){_NOT_A_VALUE}(?:(?!\\\").)+",
            rf"\"){_NOT_A_VALUE}(?:[^\"\\]|\\.)+",
            rf"'){_NOT_A_VALUE}[^']+",
            rf"){_NOT_A_VALUE}(?![\"'\\])[^\s\"',;&)}}\]\\]+",
        )
    ),
    # Of a command line: --password value.
    re.compile(
        rf"(\s--?[\w-]*(?:password|passwd|secret|token|api-?key)[ ]+){_NOT_A_VALUE}"
        r"[^\s\"'-][^\s\"']*",
        re.IGNORECASE,
    ),
)
_SHAPE_HINTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("akia", ()), ("asia", ()), ("abia", ()), ("acca", ()), ("eyj", ()),
    ("gh", ("p_", "o_", "u_", "s_", "r_")), ("_pat_", ()),
    ("gl", ("pat-", "ptt-", "dt-", "rt-", "cbt-", "soat-", "ft-", "oas-", "agent-", "sa_", "c_")),
    ("xox", ()), ("xapp-", ()), ("k_", ("live_", "test_")), ("whsec_", ()), ("aiza", ()),
    ("ya29.", ()), ("gocspx-", ()), ("npm_", ()), ("pypi-ag", ()), ("sg.", ()),
    ("hv", ("s.", "b.", "r.")), (".atlasv1.", ()), ("sk-", ()), ("_v1_", ()), ("dapi", ()),
    ("hf_", ()), ("shp", ("at_", "ca_", "pa_", "ss_")), ("nrak-", ()), ("lin_api_", ()),
    ("atatt3", ()), ("age-secret", ()), ("private key", ()), ("://", ()),
    ("x-", ("amz-", "goog-")), ("sig", ("=", "%3d", "nature")), ("basic", ()), ("slack.com/", ()),
)  # fmt: skip
_NAME_HINTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("pass", ("word", "wd", "phrase", "code")), ("pwd", ()), ("secret", ()), ("token", ()),
    ("credential", ()), ("psk", ()), ("keymaterial", ()), ("connectionstring", ()),
    ("webhookurl", ()), ("bearer", ()),
)  # fmt: skip
_KEY_HINTS = (
    "api", "private", "access", "account", "auth", "signing", "storage", "license", "encryption",
    "master", "shared", "host", "primary", "secondary",
)  # fmt: skip
"""One of them is in every text that a pattern here would find, in lower case: a beginning with one
of its ends, if it has any. Names are looked for without underscores and hyphens; of keys, what
comes before ``key`` tells."""


def _any_of(hints: tuple[tuple[str, tuple[str, ...]], ...]) -> str:
    return "|".join(re.escape(begin + end) for begin, ends in hints for end in ends or ("",))


_SHAPE_HINT = re.compile(_any_of(_SHAPE_HINTS))
_NAME_HINT = re.compile(f"{_any_of(_NAME_HINTS)}|(?:{'|'.join(_KEY_HINTS)})key")
_LONG = 300
"""Characters from which on many plain searches are faster than one for a pattern."""

_SHORTEST = 8
_BASE64_WORD = re.compile(r"[A-Za-z0-9+/_-]{20,}={0,2}")
_AWS_SECRET = re.compile(r"[A-Za-z0-9/+]{40}")
_HEX = re.compile(r"[0-9a-fA-F-]+")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_LEAST_ENTROPY = 3.5
_LEAST_HEX_ENTROPY = 3.0
_HEX_KEY = 32
_AWS_SECRET_ENTROPY = 4.2
_ENCODED = re.compile(r"[A-Za-z0-9+/\s]{24,}={0,2}\s*")


@lru_cache(maxsize=4096)
def is_secret_name(name: str) -> bool:
    """Tell whether what is called ``name`` is a secret: ``db_password``, ``apiKey``, ``TOKEN``.

    Names of what is about a secret are not: ``secret_arn``, ``token_validity``, ``kms_key_id``.
    """
    words = _words(name)
    return bool(_SECRET_NAME.fullmatch(words)) and not _HARMLESS_NAME.fullmatch(words)


def is_secret(value: str, name: str = "") -> bool:
    """Tell whether the whole of ``value`` is to be hidden, if it is called ``name``."""
    if not value:
        return False
    looks_secret = (
        is_secret_name(name)
        or _looks_random(value, name)
        or (len(value) >= _SHORTEST and _encodes_secret(value))
    )
    return looks_secret and not _REFERENCE.fullmatch(value)


def redact(text: str) -> str:
    """Return ``text`` with ``[hidden]`` where something in it looks like a secret."""
    if len(text) < _SHORTEST or not has_hint(text):
        return text
    text = _PEM.sub(HIDDEN, text)
    text = _TOKENS.sub(HIDDEN, text)
    for pattern in _PARTS:
        text = pattern.sub(rf"\g<1>{HIDDEN}", text)
    return text


def has_hint(text: str) -> bool:
    """Tell, fast, whether ``redact`` has anything to look for; it may then still find nothing."""
    if len(text) < _LONG:
        return _has_hint(text)
    lower = text.lower()
    squeezed = lower.replace("_", "").replace("-", "")
    return _has_one(lower, _SHAPE_HINTS) or _has_one(squeezed, _NAME_HINTS) or _has_key(squeezed)


@lru_cache(maxsize=8192)
def _has_hint(text: str) -> bool:
    lower = text.lower()
    squeezed = lower.replace("_", "").replace("-", "")
    return bool(_SHAPE_HINT.search(lower) or _NAME_HINT.search(squeezed))


def _has_one(text: str, hints: tuple[tuple[str, tuple[str, ...]], ...]) -> bool:
    for begin, ends in hints:
        place = text.find(begin)
        while place >= 0:
            if not ends or text.startswith(ends, place + len(begin)):
                return True
            place = text.find(begin, place + 1)
    return False


def _has_key(text: str) -> bool:
    place = text.find("key")
    while place >= 0:
        if text.endswith(_KEY_HINTS, 0, place):
            return True
        place = text.find("key", place + 1)
    return False


def _words(name: str) -> str:
    return _NO_WORD.sub("_", _WORD_START.sub("_", name[:200]).lower()).strip("_")


def _looks_random(value: str, name: str) -> bool:
    if not _BASE64_WORD.fullmatch(value) or _UUID.fullmatch(value):
        return False
    if _AWS_SECRET.fullmatch(value) and _is_mixed(value):
        return _entropy(value) >= _AWS_SECRET_ENTROPY
    words = _words(name).split("_")
    # An object's key in a bucket, or an item's in a table.
    if words in (["key"], ["keys"]):
        return False
    if not _SUSPICIOUS_WORDS.intersection(words) or _NAMES_NO_SECRET.intersection(words):
        return False
    if _HEX.fullmatch(value):
        return len(value) >= _HEX_KEY and _entropy(value) >= _LEAST_HEX_ENTROPY
    return _is_mixed(value) and _entropy(value) >= _LEAST_ENTROPY


def _is_mixed(value: str) -> bool:
    """Upper and lower case and digits: no word, no path, no hash in hexadecimal."""
    return (
        value != value.lower()
        and value != value.upper()
        and any(char.isdigit() for char in value)
        and not _HEX.fullmatch(value)
    )


def _entropy(value: str) -> float:
    """Bits per character."""
    return -sum(
        count / len(value) * math.log2(count / len(value)) for count in Counter(value).values()
    )


def _encodes_secret(value: str) -> bool:
    """Whether it is text in base64, such as user data, with a secret in it."""
    if not _ENCODED.fullmatch(value):
        return False
    try:
        text = base64.b64decode("".join(value.split()), validate=True).decode()
    except (binascii.Error, ValueError):
        return False
    return redact(text) != text
