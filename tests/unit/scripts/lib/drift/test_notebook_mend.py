"""Commands that mend notebooks: what can be put back is, the rest takes a new launch."""

import shlex

import pytest

from scripts.lib.drift.notebook_mend import put_back, take_away
from scripts.lib.drift.promise import (
    INTERNET,
    KEY,
    LIFECYCLE,
    METADATA,
    PLATFORM,
    ROLE,
    ROOT,
    SECURITY_GROUPS,
    SUBNET,
    TYPE,
    VOLUME,
)
from scripts.lib.drift.shell import Shell

HERE = Shell("eu-west-1")


def command(promised: dict[str, str], actual: dict[str, str] | None = None) -> str:
    (remedy,) = put_back("ana", "pp-1", promised, actual or dict.fromkeys(promised, ""), HERE)
    return remedy.command


@pytest.mark.parametrize(
    ("key", "value", "option"),
    [
        (ROOT, "Disabled", "--root-access Disabled"),
        (ROLE, "arn:r", "--role-arn arn:r"),
        (LIFECYCLE, "plain", "--lifecycle-config-name plain"),
        (LIFECYCLE, "", "--disassociate-lifecycle-config"),
        (PLATFORM, "notebook-al2023-v1", "--platform-identifier notebook-al2023-v1"),
        (TYPE, "ml.t3.medium", "--instance-type ml.t3.medium"),
        (
            METADATA,
            "2",
            "--instance-metadata-service-configuration MinimumInstanceMetadataServiceVersion=2",
        ),
    ],
)
def test_what_can_be_put_back(key: str, value: str, option: str) -> None:
    line = command({key: value})
    steps = [shlex.split(step)[2] for step in line.split(" && ")]
    assert steps == [
        "stop-notebook-instance",
        "wait",
        "update-notebook-instance",
        "wait",
        "start-notebook-instance",
    ]
    assert f"update-notebook-instance --notebook-instance-name ana {option} --region" in line


@pytest.mark.parametrize("key", [INTERNET, KEY, SUBNET, SECURITY_GROUPS])
def test_what_takes_a_new_launch(key: str) -> None:
    line = command({ROOT: "Disabled", key: "x"})
    assert line == (
        "aws servicecatalog terminate-provisioned-product --provisioned-product-id pp-1 "
        "--region eu-west-1"
    )


def test_a_volume_can_only_grow() -> None:
    assert "--volume-size-in-gb 30" in command({VOLUME: "30"}, {VOLUME: "20"})
    assert "terminate" in command({VOLUME: "20"}, {VOLUME: "30"})


def test_names_of_others_stay_one_word_of_the_shell() -> None:
    (remedy,) = take_away("x; rm -rf ~", HERE)
    words = shlex.split(remedy.command)
    assert words.count("x; rm -rf ~") == 3
    assert "rm" not in words
