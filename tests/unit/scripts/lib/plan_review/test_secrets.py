"""What is taken for a secret, and what must stay readable."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.lib.plan_review.secrets import HIDDEN, has_hint, is_secret, is_secret_name, redact

# Put together here, so that nothing that scans this repository takes them for real ones.
KEY_ID = "AKIA" + "IOSFODNN7EXAMPLE"
JWT = "eyJ" + "hbGciOiJIUzI1NiJ9" + "." + "eyJzdWIiOiIxMjM0In0" + "." + "c2lnbmF0dXJl"
AWS_SECRET = "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY"
PEM = "-----BEGIN RSA PRIVATE " + "KEY-----\nMIIEow\n-----END RSA PRIVATE " + "KEY-----"

SECRET_NAMES = (
    "password", "db_password", "dbPassword", "DB_PASSWORD", "Password1", "passwd",
    "master_user_password", "token", "api_key", "apiKey", "API-KEY", "x-api-key", "secret",
    "client_secret", "secret_key", "private_key", "private_key_pem", "tls_private_key",
    "aws_secret_access_key", "secret_string", "connection_string", "primary_access_key",
    "account_key", "tunnel1_preshared_key", "password_wo", "psk", "credentials", "bearer_token",
    "AccessKey", "MYSQL_ROOT_PASSWORD", "secretKey", "authToken", "SecretAccessKey",
    "GITHUB_TOKEN",
)  # fmt: skip
HARMLESS_NAMES = (
    "secret_arn", "token_validity", "kms_key_id", "kms_key_arn", "password_length",
    "password_policy", "require_password", "secret_name", "secret_id", "secrets", "tokens",
    "http_tokens", "public_key", "key", "hash_key", "range_key", "key_name", "tokenization",
    "creation_token", "next_token", "access_token_validity", "source_code_hash",
    "aws:SecureTransport", "kms_master_key_id", "token_type", "keys", "passport", "compass",
    "bypass", "secretsmanager_arn", "name_prefix", "manage_master_user_password",
    "client_request_token",
)  # fmt: skip


@pytest.mark.parametrize("name", SECRET_NAMES)
def test_a_secret_is_known_by_its_name(name: str) -> None:
    assert is_secret_name(name)
    assert is_secret("x", name)


@pytest.mark.parametrize("name", HARMLESS_NAMES)
def test_what_is_only_about_a_secret_is_none(name: str) -> None:
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf",
        "{{resolve:secretsmanager:db:SecretString:password}}",
        "${var.password}",
        "projects/1/secrets/db/versions/latest",
        "required",
        "true",
    ],
)
def test_a_reference_to_a_secret_is_none(value: str) -> None:
    assert not is_secret(value, "password")


SHAPES = {
    "access key": (f"key={KEY_ID};", f"key={HIDDEN};"),
    "temporary access key": ("ASIA" + "A" * 16, HIDDEN),
    "JWT": (f"use {JWT} now", f"use {HIDDEN} now"),
    "private key": (f"a {PEM} b", f"a {HIDDEN} b"),
    "private key, cut off": (PEM[:40], HIDDEN),
    "GitHub": ("gh" + "p_" + "a1" * 18, HIDDEN),
    "GitHub, fine-grained": ("github" + "_pat_" + "a1" * 20, HIDDEN),
    "GitLab": ("glp" + "at-" + "a1" * 10, HIDDEN),
    "Slack": ("xox" + "b-123456789012-abcdef", HIDDEN),
    "Slack hook": (
        "https://hooks.slack." + "com/services/T00/B00/XXXX",
        f"https://{HIDDEN}",
    ),
    "Stripe": ("sk_" + "live_" + "a1" * 12, HIDDEN),
    "Google": ("AIz" + "a" + "b" * 35, HIDDEN),
    "npm": ("npm" + "_" + "a" * 36, HIDDEN),
    "SendGrid": ("SG" + "." + "a" * 22 + "." + "b" * 43, HIDDEN),
    "Vault": ("hv" + "s." + "a" * 24, HIDDEN),
    **{
        f"token {begin}": (begin + rest, HIDDEN)
        for begin, rest in (
            *((f"gh{kind}_", "a1" * 18) for kind in "ousr"),
            *(
                (f"gl{kind}-", "a1" * 10)
                for kind in ("ptt", "dt", "rt", "cbt", "soat", "ft", "oas", "agent")
            ),
            ("gl" + "sa_", "a1" * 16),
            ("gl" + "c_", "a1" * 16),
            *((f"xox{kind}-", "1234567890-abc") for kind in "aceoprs"),
            ("xapp" + "-", "1-A012-345-abc"),
            ("rk_" + "test_", "a1" * 12),
            ("wh" + "sec_", "a1" * 16),
            ("ya" + "29.", "a1" * 16),
            ("GOC" + "SPX-", "a1" * 14),
            ("pypi" + "-Ag", "a1" * 30),
            ("dckr" + "_pat_", "a1" * 13),
            *((f"hv{kind}.", "a1" * 12) for kind in "br"),
            ("a1" * 7 + ".atlas" + "v1.", "a1" * 30),
            ("s" + "k-", "a1" * 20),
            *((f"do{kind}_v1_", "a1" * 32) for kind in "opr"),
            ("da" + "pi", "a1" * 16),
            *((f"shp{kind}_", "a1" * 16) for kind in ("at", "ca", "pa", "ss")),
            ("NR" + "AK-", "A1" * 14),
            ("lin" + "_api_", "a1" * 20),
            ("ATA" + "TT3", "a1" * 20),
            ("AGE-" + "SECRET-KEY-1", "A1" * 25),
            ("AB" + "IA", "A1" * 8),
            ("AC" + "CA", "A1" * 8),
        )
    },
    "basic": ("Authorization: Basic bWU6aHVudGVyMg==", f"Authorization: Basic {HIDDEN}"),
    "Google URL": ("https://x/?X-Goog-Signature=abc", f"https://x/?X-Goog-Signature={HIDDEN}"),
    "key id in a URL": ("https://x/?AWSAccessKeyId=abc&b", f"https://x/?AWSAccessKeyId={HIDDEN}&b"),
    **{
        f"name {name}": (f"{name}=abc;", f"{name}={HIDDEN};")
        for name in (
            "MY_PASSWORD",
            "db_passwd",
            "pwd",
            "passphrase",
            "PASSCODE",
            "client-secret",
            "token2",
            "credential",
            "api_key",
            "PRIVATE-KEY",
            "AccessKey",
            "account_key",
            "auth_key",
            "signing_key",
            "storage_key",
            "license_key",
            "encryption_key",
            "master_key",
            "PreSharedKey",
            "host_key",
            "psk",
            "key_material",
            "primary_key",
            "secondary_key",
            "connection_string",
            "webhook_url",
            "bearer",
        )
    },
    "Hugging Face": ("hf" + "_" + "a" * 34, HIDDEN),
    "URL": ("postgres://me:hunter2@db:5432/x", f"postgres://me:{HIDDEN}@db:5432/x"),
    "URL, @ in it": ("https://me:p@ss@host/", f"https://me:{HIDDEN}@host/"),
    "presigned": (
        "https://b.s3.amazonaws.com/k?X-Amz-Signature=abc&X-Amz-Date=1",
        f"https://b.s3.amazonaws.com/k?X-Amz-Signature={HIDDEN}&X-Amz-Date=1",
    ),
    "session token": ("?X-Amz-Security-Token=IQoJ", f"?X-Amz-Security-Token={HIDDEN}"),
    "SAS": ("https://x/?sv=1&sig=abc%3D", f"https://x/?sv=1&sig={HIDDEN}"),
    "shell": ("export DB_PASSWORD=hunter2\n", f"export DB_PASSWORD={HIDDEN}\n"),
    "quoted": ("password = 'a b c'", f"password = '{HIDDEN}'"),
    "JSON": ('{"api_key": "abc", "b": 1}', f'{{"api_key": "{HIDDEN}", "b": 1}}'),
    "JSON in JSON": (r"{\"token\":\"abc\"}", rf"{{\"token\":\"{HIDDEN}\"}}"),
    "JSON, a quote in it": (r'x "token": "a\"b c" y', f'x "token": "{HIDDEN}" y'),
    "YAML": ("db:\n  password: hunter2\n", f"db:\n  password: {HIDDEN}\n"),
    "option": ("run --password hunter2 -v", f"run --password {HIDDEN} -v"),
    "header": ("Authorization: Bearer abcdefgh", f"Authorization: Bearer {HIDDEN}"),
    "connection string": (
        "AccountName=x;AccountKey=bm90;Suffix=y",
        f"AccountName=x;AccountKey={HIDDEN};Suffix=y",
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_secret_inside_text_is_taken_out(name: str) -> None:
    text, expected = SHAPES[name]
    assert redact(text) == expected


@pytest.mark.parametrize("name", SHAPES)
def test_a_secret_inside_long_text_is_taken_out(name: str) -> None:
    # What is long is first looked through in another way.
    text, expected = SHAPES[name]
    around = "some words, " * 40
    assert redact(f"{around} {text}") == f"{around} {expected}"


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf",
        "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        '{"Bool": {"aws:SecureTransport": "false"}}',
        '{"Action": ["secretsmanager:GetSecretValue", "sts:GetSessionToken"]}',
        '{"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}',
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "https://example.com:8080/path?x=1",
        "https://user@example.com/",
        "password=${DB_PASSWORD}",
        "password=$DB_PASSWORD",
        "TOKEN=$(cat token)",
        '{"password": null, "token": true}',
        "http_tokens = required",
        "the password policy",
        "-----BEGIN CERTIFICATE-----",
    ],
)
def test_what_reviews_are_made_for_stays(text: str) -> None:
    assert redact(text) == text
    assert not is_secret(text, "description")


def test_random_text_is_hidden_under_a_suspicious_name_only() -> None:
    random = "q8Zr1LmT0xVb7KpS3nWd"
    assert is_secret(random, "auth_header")
    assert not is_secret(random, "bucket")
    assert not is_secret("q8Zr1LmT0xVb7KpS3nWd", "key_id")
    assert is_secret("0f3a9c71d8e2b465" * 2, "signature")
    assert not is_secret("0f3a9c71d8e2b465" * 2, "source_code_hash")
    assert not is_secret("1234abcd-12ab-34cd-56ef-1234567890ab", "auth_key_ref")
    assert not is_secret("Builds/Release2024/Application", "key")


def test_a_secret_access_key_is_hidden_whatever_its_name() -> None:
    assert is_secret(AWS_SECRET, "note")
    assert not is_secret("da39a3ee5e6b4b0d3255bfef95601890afd80709", "note")
    assert not is_secret("A" * 40, "note")


def test_a_secret_in_base64_is_hidden() -> None:
    script = "#!/bin/sh\nexport DB_PASSWORD=hunter2\n"
    assert is_secret(base64.b64encode(script.encode()).decode(), "user_data_base64")
    harmless = base64.b64encode(b"#!/bin/sh\necho hello, hello\n").decode()
    assert not is_secret(harmless, "user_data_base64")
    assert not is_secret("not base64 at all, but long", "user_data_base64")


@given(st.text(max_size=60), st.sampled_from(sorted(SHAPES)), st.text(max_size=60))
@settings(max_examples=60, derandomize=True, deadline=None)
def test_whatever_is_around_it_the_hint_leads_to_what_is_found(
    head: str, name: str, tail: str
) -> None:
    text = f"{head} {SHAPES[name][0]} {tail}"
    assert has_hint(text)
    assert redact(text) != text


@pytest.mark.parametrize(
    "text",
    ["-eyJ" * 20_000, "://" * 30_000, "password" * 10_000, "-" * 80_000, " --a" * 20_000],
    ids=["jwt", "url", "name", "pem", "option"],
)
def test_no_text_takes_long(text: str) -> None:
    # Quadratic time would be minutes.
    redact(text)
