"""What the bench checks: stacks and their copies, and what it must not find."""

from __future__ import annotations

from pathlib import Path

from scripts.lib.drift.model import Checked, Failure, Plane
from tools.bench_drift.run import STACKS, copies, found


def test_copies_stand_beside_the_stacks_and_are_whole(tmp_path: Path) -> None:
    for name in STACKS:
        (tmp_path / name).mkdir()
        (tmp_path / name / "cdk.tf.json").write_text(name)
    stacks = copies(tmp_path, 10)
    assert len({stack.name for stack in stacks}) == 10
    assert [stack.name for stack in stacks[:4]] == list(STACKS)
    assert (stacks[4].name, stacks[8].name) == ("notebook-quickstart-2", "notebook-quickstart-3")
    assert {stack.directory.parent for stack in stacks} == {tmp_path}
    assert (stacks[9].directory / "cdk.tf.json").read_text() == "notebook-vision"


def test_a_failed_check_is_no_clean_one() -> None:
    failed = Checked(Plane.TERRAFORM, "web", failures=(Failure(Plane.TERRAFORM, "web", "no"),))
    assert list(found(failed)) == ["web: no"]
    assert list(found(Checked(Plane.TERRAFORM, "web"))) == []
