"""The proxy as it is held."""

import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError

from scripts.sandbox import GuardError, Sandbox, SandboxError
from scripts.sandbox.faults import Delay, Refuse, Throttle
from tests.unit.scripts.sandbox.faults.through import client
from tests.unit.scripts.sandbox.processes import run

LIST = """
import boto3, botocore.config
boto3.client("sagemaker").list_domains()
"""


def test_its_environment_is_the_sandboxs_with_its_own_endpoint(seeded: Sandbox) -> None:
    with seeded.faults() as proxy:
        differing = {
            name: value
            for name, value in proxy.environment(attempts=5).items()
            if seeded.environment()[name] != value
        }
        assert differing == {"AWS_ENDPOINT_URL": proxy.endpoint, "AWS_MAX_ATTEMPTS": "5"}
        assert proxy.environment()["AWS_MAX_ATTEMPTS"] == "1"
        assert proxy.endpoint != seeded.endpoint


def test_a_process_goes_through_it_and_tries_as_often_as_told(account: Sandbox) -> None:
    rule = Refuse("ListDomains", "ThrottlingException")
    with account.faults(rule) as proxy:
        once = run("-c", LIST, environment=proxy.process_environment())
        again = run("-c", LIST, environment=proxy.process_environment(attempts=2))
        counts = proxy.counts
    assert (once.returncode, again.returncode) == (1, 0)
    assert "ThrottlingException" in once.stderr
    assert (counts.asked, counts.refused) == ({"ListDomains": 2}, {"ListDomains": 1})


def test_a_processs_environment_keeps_the_rest_and_none_of_aws(seeded: Sandbox) -> None:
    base = {"PATH": os.environ["PATH"], "AWS_PROFILE": "work", "https_proxy": "http://10.0.0.1"}
    with seeded.faults() as proxy:
        made = proxy.process_environment(base)
    assert made == {"PATH": base["PATH"], **proxy.environment()}


def test_fails_when_it_could_be_passed_by(seeded: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    with seeded.faults() as proxy:
        monkeypatch.setattr(proxy, "endpoint", "http://10.0.0.1:80")
        with pytest.raises(GuardError, match=r"AWS_ENDPOINT_URL is 'http://10\.0\.0\.1:80'"):
            proxy.process_environment()


def test_fails_with_one_line_when_the_port_is_taken(seeded: Sandbox) -> None:
    with pytest.raises(SandboxError) as caught:
        seeded.faults(port=seeded.port)
    assert str(caught.value) == f"no proxy on 127.0.0.1:{seeded.port}: Address already in use"


def test_two_proxies_before_one_sandbox_have_their_own_rules_and_counts(account: Sandbox) -> None:
    with account.faults(Throttle(1)) as bad, account.faults() as good:
        with pytest.raises(ClientError):
            client(bad, "sagemaker").list_domains()
        client(good, "sagemaker").list_domains()
        client(good, "sagemaker").list_domains()
        assert [bad.counts.total, good.counts.total] == [1, 2]
        assert good.counts.refused == {}


def refused(sandbox: Sandbox) -> list[bool]:
    outcomes = []
    with sandbox.faults(Throttle(0.5, seed=3)) as proxy:
        sagemaker = client(proxy, "sagemaker")
        for _ in range(20):
            try:
                sagemaker.list_domains()
                outcomes.append(False)
            except ClientError:
                outcomes.append(True)
    return outcomes


def test_a_second_run_meets_the_same_faults(seeded: Sandbox) -> None:
    first = refused(seeded)
    assert first == refused(seeded)
    assert 3 < sum(first) < 17


def test_it_is_gone_after_its_block_and_ends_an_answer_that_is_held_back(seeded: Sandbox) -> None:
    begin = time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        with seeded.faults(Delay(30, ("ListBuckets",))) as proxy:
            held = pool.submit(client(proxy, "s3").list_buckets)
            while not proxy.counts.asked:
                assert time.monotonic() - begin < 10
                time.sleep(0.01)
        with pytest.raises(ConnectionClosedError):
            held.result(10)
    assert time.monotonic() - begin < 15
    with pytest.raises(EndpointConnectionError):
        client(proxy, "s3").list_buckets()
