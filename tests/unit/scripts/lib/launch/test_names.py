import pytest

from scripts.lib.errors import InputError
from scripts.lib.launch.model import Named
from scripts.lib.launch.names import check_name, default_name, is_passing_session, session_name

STS = "arn:aws:sts::123456789012:assumed-role/SCEndUserRole-x/"


@pytest.mark.parametrize("name", ["a", "dana-notebook", "A.b_c-1", "x" * 128])
def test_name_that_service_catalog_takes(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize("name", ["", "-a", ".a", "a b", "a/b", "x" * 129, "a\n", "ä", "--apply"])
def test_refuses_a_name_that_service_catalog_does_not_take(name: str) -> None:
    with pytest.raises(InputError, match="cannot be the name of a provisioned product: 1 to 128"):
        check_name(name)


@pytest.mark.parametrize(
    ("product", "notebook", "expected"),
    [
        ("SageMakerProduct-quickstart", "dana", "SageMakerProduct-quickstart-dana"),
        ("My product (new)", "dana", "My-product-new--dana"),
        ("  .x", "dana", "x-dana"),
        ("ü", "dana", "dana"),
        ("x" * 500, "n" * 63, "x" * 64 + "-" + "n" * 63),
        ("p", "n" * 127, "n" * 127),
    ],
)
def test_default_name_holds_the_notebooks_whole_name(
    product: str, notebook: str, expected: str
) -> None:
    given = {"NotebookInstanceName": notebook}

    assert default_name(Named("prod-1", product), given) == expected


@pytest.mark.parametrize("given", [{}, {"NotebookInstanceName": ""}, {"Other": "x"}])
def test_refuses_to_name_what_nothing_tells_apart(given: dict[str, str]) -> None:
    with pytest.raises(InputError, match=r"^the launch of Topic has no name: give it one, or"):
        default_name(Named("prod-1", "Topic"), given)


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        (STS + "dana@example.com", "dana@example.com"),
        ("arn:aws:iam::123456789012:user/team/dana", "dana"),
        ("arn:aws:iam::123456789012:user/" + "d" * 64, "d" * 64),
        ("arn:aws:sts::123456789012:federated-user/dana", "dana"),
        ("arn:aws:iam::123456789012:root", "arn-aws-iam--123456789012-root"),
        ("arn:aws:iam::123456789012:user/d", "d-"),
        (STS + "dana ü", "dana--"),
    ],
)
def test_session_is_called_after_the_person(arn: str, expected: str) -> None:
    assert session_name(arn) == expected


@pytest.mark.parametrize(
    ("session", "expected"),
    [
        ("botocore-session-1762000000", True),
        ("aws-go-sdk-1762000000000000000", True),
        ("aws-sdk-js-session-1762000000000", True),
        ("aws-sdk-js-1762000000000", True),
        ("aws-dana-7", False),
        ("dana", False),
        ("botocore-session", False),
        ("dana-1762000000", False),
    ],
)
def test_sessions_that_sdks_name_by_the_time_are_told_apart(session: str, expected: bool) -> None:
    assert is_passing_session(STS + session) == expected
    assert not is_passing_session(f"arn:aws:iam::123456789012:user/{session}")
