import pytest

from scripts.lib.errors import InputError
from scripts.lib.role_arn import RoleArn


@pytest.mark.parametrize(
    ("text", "partition", "account_id", "name"),
    [
        ("arn:aws:iam::123456789012:role/Plain", "aws", "123456789012", "Plain"),
        ("arn:aws-cn:iam::123456789012:role/a/b/Deep", "aws-cn", "123456789012", "Deep"),
        ("arn:aws-us-gov:iam::000000000000:role/x+=,.@-_", "aws-us-gov", "0" * 12, "x+=,.@-_"),
        (f"arn:aws:iam::123456789012:role/{'n' * 64}", "aws", "123456789012", "n" * 64),
    ],
)
def test_role_arn_is_taken_apart(text: str, partition: str, account_id: str, name: str) -> None:
    assert RoleArn.parse(text) == RoleArn(text, partition, account_id, name)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Role",
        "arn:aws:iam::123456789012:user/amy",
        "arn:aws:iam::123456789012:role/",
        "arn:aws:iam::123456789012:role/path/",
        "arn:aws:iam::12345678901:role/Short",
        "arn:aws:iam::1234567890123:role/Long",
        "arn:aws:iam:eu-west-1:123456789012:role/Regional",
        "arn:aws:sts::123456789012:assumed-role/Role/session",
        "arn:aws:iam::123456789012:role/Role\n",
        " arn:aws:iam::123456789012:role/Role",
        "arn:aws:iam::123456789012:role/Role*",
        "arn:aws:iam::123456789012:role/R\u00f6le",
        "arn:aws:iam::\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669\u0660\u0661\u0662:role/R",
        f"arn:aws:iam::123456789012:role/{'n' * 65}",
        "arn:other:iam::123456789012:role/Role",
    ],
)
def test_fails_when_text_is_not_the_arn_of_a_role(text: str) -> None:
    with pytest.raises(InputError) as caught:
        RoleArn.parse(text)

    assert str(caught.value) == (
        f"{text!r} is not the ARN of a role: "
        "expected arn:<partition>:iam::<12 digits>:role/<path/><name>"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("arn:aws:iam::123456789012:role/Role", True),
        ("arn:aws:iam::123456789013:role/Role", False),
        ("arn:aws-cn:iam::123456789012:role/Role", False),
    ],
)
def test_role_belongs_to_its_account_and_partition_only(text: str, expected: bool) -> None:
    assert RoleArn.parse(text).is_of("aws", "123456789012") is expected
