from __future__ import annotations

import json
from typing import Any

from cdktf import Testing as CdktfTesting

from modules.naming import project_tags
from modules.settings import parse
from modules.stacks.base import AwsStack
from tests.unit.modules.stacks.samples import LEAST, REGION
from tests.unit.modules.stacks.whole_app import WholeStack

KEY = f"arn:aws-us-gov:kms:{REGION}:123456789012:alias/state"


def a_stack(**settings: Any) -> AwsStack:
    return AwsStack(CdktfTesting.app(), "network-main", settings=parse(LEAST | settings))


def synthesised(stack: AwsStack) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(CdktfTesting.synth(stack))
    return result


def backend(**state: Any) -> dict[str, Any]:
    found: dict[str, Any] = synthesised(a_stack(state=state))["terraform"]["backend"]
    return found


def test_every_stack_pins_the_provider(app: dict[str, WholeStack]) -> None:
    for stack in app.values():
        assert stack.json["terraform"]["required_providers"] == {
            "aws": {"source": "hashicorp/aws", "version": ">= 5.100, < 7.0"}
        }


def test_a_stack_refuses_a_terraform_that_is_too_old_for_what_it_uses() -> None:
    def required(stack: AwsStack) -> str:
        return str(synthesised(stack)["terraform"]["required_version"])

    assert required(a_stack()) == ">= 1.5"
    in_s3 = a_stack(state={"backend": "s3", "bucket": "our-state"})
    assert required(in_s3) == ">= 1.10"
    in_s3.require_terraform((1, 7))
    assert required(in_s3) == ">= 1.10"


def test_every_stack_has_one_provider_in_the_region_of_the_settings(
    app: dict[str, WholeStack],
) -> None:
    for stack in app.values():
        assert list(stack.json["provider"]) == ["aws"]
        (provider,) = stack.json["provider"]["aws"]
        assert sorted(provider) == ["default_tags", "region"]
        assert provider["region"] == REGION


def test_default_tags_are_the_settings_and_whose_the_stack_is(app: dict[str, WholeStack]) -> None:
    def tags(name: str) -> Any:
        return app[name].json["provider"]["aws"][0]["default_tags"]

    given = {"CostCenter": "4711"}
    for shared in ("network-main", "network-other", "jumpstart", "audit"):
        assert tags(shared) == [{"tags": {**given, "ManagedBy": "Terraform"}}]
    assert tags("notebook-Vision") == [{"tags": given | project_tags("Vision", "Vision001")}]
    assert tags("notebook-text") == [{"tags": given | project_tags("text", "QuickStart007")}]


def test_the_local_state_is_beside_the_project_a_file_for_each_stack(
    app: dict[str, WholeStack],
) -> None:
    for name, stack in app.items():
        assert stack.json["terraform"]["backend"] == {
            "local": {"path": f"../../../state/{name}.tfstate"}
        }


def test_the_local_states_directory_can_be_chosen() -> None:
    assert backend(directory="kept/here") == {
        "local": {"path": "../../../kept/here/network-main.tfstate"}
    }


def test_state_in_s3_is_encrypted_and_locked_by_s3_itself() -> None:
    assert backend(backend="s3", bucket="our-state") == {
        "s3": {
            "bucket": "our-state",
            "key": "sagemaker/network-main.tfstate",
            "region": REGION,
            "encrypt": True,
            "use_lockfile": True,
        }
    }


def test_state_in_s3_may_have_a_prefix_a_region_and_a_key_of_its_own() -> None:
    state = backend(
        backend="s3",
        bucket="our-state",
        key_prefix="platform/dev",
        region="us-gov-east-1",
        kms_key_arn=KEY,
    )
    assert state == {
        "s3": {
            "bucket": "our-state",
            "key": "platform/dev/network-main.tfstate",
            "region": "us-gov-east-1",
            "encrypt": True,
            "use_lockfile": True,
            "kms_key_id": KEY,
        }
    }


def test_the_environment_comes_from_data_sources() -> None:
    stack = a_stack()
    stack.add_outputs(
        {"arn": stack.env.arn("kms", "key/*"), "dns": f"{stack.env.dns_suffix}/{stack.dns_prefix}"}
    )
    result = synthesised(stack)
    partition = "${data.aws_partition.Partition"
    region = "${data.aws_region.Region.name}"
    account = "${data.aws_caller_identity.CallerIdentity.account_id}"
    assert result["output"] == {
        "arn": {"value": f"arn:{partition}.partition}}:kms:{region}:{account}:key/*"},
        "dns": {"value": f"{partition}.dns_suffix}}/{partition}.reverse_dns_prefix}}"},
    }
    assert set(result["data"]) == {"aws_caller_identity", "aws_partition", "aws_region"}


def test_outputs_keep_their_names_and_every_value_but_none() -> None:
    stack = a_stack()
    stack.add_outputs({"empty": {}, "nothing": None, "no": False, "list": ["a"]})
    assert synthesised(stack)["output"] == {
        "empty": {"value": {}},
        "no": {"value": False},
        "list": {"value": ["a"]},
    }
