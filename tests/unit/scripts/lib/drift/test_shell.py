"""Commands that can be pasted: one word stays one word."""

import shlex
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.lib.drift.shell import Shell


def test_commands_of_this_tool_and_of_aws() -> None:
    shell = Shell("eu-west-1", Path("ledgers"), "python3")
    assert shell.post_apply("prune", "--apply") == (
        "python3 -m scripts.post_apply prune --apply --ledger ledgers --region eu-west-1"
    )
    assert shell.tool("launch", "update", "a") == (
        "python3 -m scripts.launch update a --region eu-west-1"
    )
    assert shell.aws("iam", "get-role") == "aws iam get-role --region eu-west-1"


def test_what_is_usual_is_left_out() -> None:
    assert Shell().post_apply("apply") == "python -m scripts.post_apply apply"


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.text(), st.text(min_size=1))
def test_a_shell_reads_the_words_that_were_given(word: str, region: str) -> None:
    line = Shell(region).aws("iam", word)
    assert shlex.split(line) == ["aws", "iam", word, "--region", region]
