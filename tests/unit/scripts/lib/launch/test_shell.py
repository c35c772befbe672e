import shlex

from scripts.lib.launch.shell import Shell


def test_options_that_were_given_are_given_again() -> None:
    shell = Shell("eu-west-1", "team", "arn:aws:iam::123456789012:role/R", "python3")

    assert shell.launch("follow", "dana") == (
        "python3 -m scripts.launch follow dana --region eu-west-1 --profile team "
        "--assume-role arn:aws:iam::123456789012:role/R"
    )
    assert shell.notebook_url("nb") == (
        "aws sagemaker create-presigned-notebook-instance-url --notebook-instance-name nb "
        "--region eu-west-1 --profile team --query AuthorizedUrl --output text"
    )


def test_hostile_words_are_quoted() -> None:
    line = Shell().launch("start", "dana", ["--parameter", "A=$(rm -rf ~); b"])

    assert shlex.split(line)[-1] == "A=$(rm -rf ~); b"
    assert "'A=$(rm -rf ~); b'" in line
