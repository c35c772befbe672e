"""Starting, copying and ending a sandbox."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from scripts.sandbox import Crowd, Sandbox, SandboxError
from scripts.sandbox.guard import GuardError
from tests.unit.scripts.sandbox.processes import is_alive, run, start, wait_until_gone

REGION = {"LocationConstraint": "eu-west-1"}


def buckets(sandbox: Sandbox) -> set[str]:
    return {bucket["Name"] for bucket in sandbox.client("s3").list_buckets()["Buckets"]}


def create_bucket(sandbox: Sandbox, name: str) -> None:
    sandbox.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=REGION)


def test_two_sandboxes_stand_side_by_side_and_leave_nothing(
    seeded: Sandbox, capfd: pytest.CaptureFixture[str]
) -> None:
    with Sandbox.start() as other:
        assert other.journal() == []
        assert other.endpoint != seeded.endpoint
        create_bucket(other, "only-in-the-other")
        assert "only-in-the-other" not in buckets(seeded)
        pid = other.pid
        assert other.log() == ""
    wait_until_gone(pid)
    with pytest.raises(EndpointConnectionError):
        other.client("s3").list_buckets()
    assert capfd.readouterr() == ("", "")


def test_fails_with_one_line_and_the_log_when_the_port_is_taken(seeded: Sandbox) -> None:
    with pytest.raises(SandboxError) as caught:
        Sandbox.start(port=seeded.port)
    first, *tail = str(caught.value).splitlines()
    assert first == "the sandbox ended before it was ready"
    assert "Address already in use" in "".join(tail)


def test_fails_when_it_is_not_ready_in_time_and_leaves_no_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[subprocess.Popen[bytes]] = []

    class Recorded(subprocess.Popen[bytes]):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Recorded)
    with pytest.raises(SandboxError, match=r"^the sandbox was not ready after 0\.01 s"):
        Sandbox.start(limit=0.01)
    assert [process.returncode for process in started] == [-signal.SIGKILL]


def test_stop_may_be_called_twice(seeded: Sandbox) -> None:
    copy = seeded.fork()
    copy.stop()
    copy.stop()
    wait_until_gone(copy.pid)


def test_a_copy_and_its_original_do_not_see_each_others_writes(account: Sandbox) -> None:
    create_bucket(account, "before-the-copy")
    with account.fork() as copy:
        create_bucket(account, "original-only")
        create_bucket(copy, "copy-only")
        assert buckets(copy) == {"prosm-code", "before-the-copy", "copy-only"}
        assert buckets(account) == {"prosm-code", "before-the-copy", "original-only"}
    assert "copy-only" not in buckets(account)


def test_a_copy_works_for_the_same_deployer(account: Sandbox) -> None:
    with account.fork() as copy:
        caller = copy.client("sts").get_caller_identity()
    assert caller["Arn"] == "arn:aws:iam::123456789012:user/platform-deployer"


def test_a_copy_can_be_copied_and_ends_with_its_original(seeded: Sandbox) -> None:
    first = seeded.fork()
    second = first.fork()
    create_bucket(second, "second-only")
    assert "second-only" not in buckets(first)
    first.stop()
    wait_until_gone(first.pid, second.pid)


def test_one_copy_ending_leaves_the_others(account: Sandbox) -> None:
    first, second = account.fork(), account.fork()
    first.stop()
    wait_until_gone(first.pid)
    create_bucket(second, "still-here")
    third = account.fork()
    assert "still-here" in buckets(second)
    second.stop()
    third.stop()


def test_everything_ends_when_the_process_that_started_it_is_killed() -> None:
    program = (
        "import sys, time\n"
        "from scripts.sandbox import Sandbox\n"
        "sandbox = Sandbox.start(); copy = sandbox.fork()\n"
        "print(sandbox.pid, copy.pid, flush=True); time.sleep(60)\n"
    )
    with start("-c", program) as owner:
        assert owner.stdout
        pids = [int(pid) for pid in owner.stdout.readline().split()]
        assert len(pids) == 2
        assert all(map(is_alive, pids))
        owner.kill()
    wait_until_gone(*pids)


def test_copies_end_when_their_original_is_killed(account: Sandbox) -> None:
    copy = account.fork()
    os.kill(account.pid, signal.SIGKILL)
    wait_until_gone(account.pid, copy.pid)
    with pytest.raises(SandboxError, match="did not answer journal"):
        account.journal()


def test_the_environment_reaches_this_sandbox_and_nothing_else(seeded: Sandbox) -> None:
    environment = seeded.environment()
    key, secret = environment.pop("AWS_ACCESS_KEY_ID"), environment.pop("AWS_SECRET_ACCESS_KEY")
    assert key.startswith("AKIA")
    assert len(secret) == 40
    dead = "http://127.0.0.1:9"
    assert environment == {
        "AWS_ENDPOINT_URL": seeded.endpoint,
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
        "AWS_SESSION_TOKEN": "",
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_PAGER": "",
        "HTTP_PROXY": dead,
        "HTTPS_PROXY": dead,
        "NO_PROXY": "127.0.0.1,localhost",
        "http_proxy": dead,
        "https_proxy": dead,
        "no_proxy": "127.0.0.1,localhost",
    }


def test_a_process_gets_none_of_the_users_aws_settings(seeded: Sandbox) -> None:
    base = {
        "PATH": "/bin",
        "AWS_PROFILE": "production",
        "AWS_ENDPOINT_URL_S3": "https://s3.amazonaws.com",
        "AWS_SESSION_TOKEN": "theirs",
        "Https_Proxy": "http://proxy.corp:3128",
        "MOTO_ACCOUNT_ID": "999999999999",
    }
    environment = seeded.process_environment(base)
    assert environment == {"PATH": "/bin", **seeded.environment()}


def test_a_process_in_that_environment_talks_to_the_sandbox(account: Sandbox) -> None:
    program = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"
    ran = run("-c", program, environment=account.process_environment())
    assert ran.stdout.strip() == "arn:aws:iam::123456789012:user/platform-deployer"
    assert [call.operation for call in account.journal()] == ["GetCallerIdentity"]


def test_the_servers_own_settings_do_not_leak(seeded: Sandbox) -> None:
    assert not [name for name in seeded.process_environment() if name.startswith("MOTO_")]


def test_clients_ignore_the_users_settings(
    account: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "does-not-exist")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://sts.amazonaws.com")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert account.client("sts").get_caller_identity()["Account"] == "123456789012"


def test_a_client_may_be_somebody_elses(account: Sandbox) -> None:
    session = account.client("sts").assume_role(
        RoleArn="arn:aws:iam::123456789012:role/CustomRoleBen", RoleSessionName="ben"
    )
    ben = account.client("sts", credentials=session["Credentials"])
    expected = "arn:aws:sts::123456789012:assumed-role/CustomRoleBen/ben"
    assert ben.get_caller_identity()["Arn"] == expected
    assert account.journal()[-1].principal == expected


def test_a_service_takes_on_a_role_that_trusts_it_and_no_other(account: Sandbox) -> None:
    role = "arn:aws:iam::123456789012:role/CustomRoleBen"
    session = account.service_session("sagemaker.amazonaws.com", role, "notebook")
    caller = account.client("sts", credentials=session).get_caller_identity()
    assert caller["Arn"].endswith(":assumed-role/CustomRoleBen/notebook")
    with pytest.raises(SandboxError, match=r"lambda.amazonaws.com cannot assume .*CustomRoleBen"):
        account.service_session("lambda.amazonaws.com", role, "notebook")


def test_a_client_may_work_in_another_region(account: Sandbox) -> None:
    assert account.client("sagemaker", region="us-east-1").list_domains()["Domains"] == []


def test_the_journal_has_each_call_and_who_made_it(account: Sandbox) -> None:
    account.client("sagemaker").list_domains(MaxResults=1)
    with pytest.raises(ClientError):
        account.client("s3").get_object(Bucket="prosm-code", Key="absent")
    listed, got = account.journal()
    assert (listed.service, listed.operation, listed.status, listed.error) == (
        "sagemaker",
        "ListDomains",
        200,
        "",
    )
    assert (got.service, got.operation, got.status, got.error) == (
        "s3",
        "GetObject",
        404,
        "NoSuchKey",
    )
    assert got.access_key == account.environment()["AWS_ACCESS_KEY_ID"]
    assert got.principal == "arn:aws:iam::123456789012:user/platform-deployer"


def test_a_process_environment_is_refused_if_it_could_reach_aws(
    seeded: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = {**seeded.environment(), "AWS_ENDPOINT_URL": "https://sts.amazonaws.com"}
    monkeypatch.setattr(seeded, "environment", lambda: elsewhere)
    with pytest.raises(GuardError):
        seeded.process_environment({})


@pytest.fixture(scope="module")
def furnished() -> Iterator[Sandbox]:
    """A sandbox of one's own, started with all that may be asked for. Not to be changed."""
    crowd = Crowd(users=2, roles=2)
    with Sandbox.start(crowd=crowd, enforce=True, notebook_seconds=0) as sandbox:
        yield sandbox


def test_a_sandbox_starts_with_what_was_asked_for_and_its_copies_have_it(
    furnished: Sandbox,
) -> None:
    with furnished.fork() as copy:
        sagemaker = copy.client("sagemaker")
        domains = {
            each["DomainName"]: each["DomainId"] for each in sagemaker.list_domains()["Domains"]
        }
        assert domains.keys() == {"data-science", "research", "crowd"}
        users = sagemaker.list_user_profiles(DomainIdEquals=domains["crowd"])["UserProfiles"]
        assert len(users) == 2
        sagemaker.create_notebook_instance(
            NotebookInstanceName="quick",
            InstanceType="ml.t3.medium",
            RoleArn=f"arn:aws:iam::{copy.account_id}:role/DataScienceDomainRole",
        )
        described = sagemaker.describe_notebook_instance(NotebookInstanceName="quick")
        assert described["NotebookInstanceStatus"] == "InService"
    nobodys = {"AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "SecretAccessKey": "x"}
    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        furnished.client("iam", credentials=nobodys).list_users()
    assert len(furnished.client("iam").list_users()["Users"]) == 1


@pytest.fixture
def logged_copy(furnished: Sandbox) -> Iterator[Sandbox]:
    """Of a sandbox of one's own, as copies write into the log of what they came from."""
    with furnished.fork() as copy:
        yield copy


def test_a_fault_within_the_sandbox_is_told_to_the_caller_and_logged(logged_copy: Sandbox) -> None:
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::prosm-code/*",
        "Condition": {"StringIs": {"aws:SourceVpce": "v"}},
    }
    s3 = logged_copy.client("s3")
    s3.put_bucket_policy(Bucket="prosm-code", Policy=json.dumps({"Statement": [statement]}))
    with pytest.raises(ClientError, match="the sandbox failed at s3:GetObject: PolicyError"):
        s3.get_object(Bucket="prosm-code", Key="README.md")
    logged_copy.client("sts").get_caller_identity()
    logged = logged_copy.log()
    assert "s3:GetObject failed\nTraceback" in logged
    assert logged.count("Traceback") == 1
    assert logged_copy.environment()["AWS_SECRET_ACCESS_KEY"] not in logged


def test_refuses_notebooks_faster_than_at_once(seeded: Sandbox) -> None:
    with pytest.raises(SandboxError, match="seconds is -1, allowed: 0 or more"):
        seeded.pace_notebooks(-1)
