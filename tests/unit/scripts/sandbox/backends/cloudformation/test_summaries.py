"""What a template asks for."""

import json
from typing import Any

from modules.product_template import product_template
from tests.unit.scripts.sandbox.backends.cloudformation.stacks import Stacks
from tools.sample_product import FACTS

TEMPLATE = product_template(FACTS, "cloudformation")
BODY = json.dumps(TEMPLATE)


def test_a_template_is_validated_with_its_parameters(stacks: Stacks) -> None:
    found = stacks.client.validate_template(TemplateBody=BODY)
    assert found["Description"] == TEMPLATE["Description"]
    assert [one["ParameterKey"] for one in found["Parameters"]] == list(TEMPLATE["Parameters"])
    size = next(one for one in found["Parameters"] if one["ParameterKey"] == "VolumeSizeInGB")
    assert size == {
        "ParameterKey": "VolumeSizeInGB",
        "DefaultValue": "20",
        "NoEcho": False,
        "Description": TEMPLATE["Parameters"]["VolumeSizeInGB"]["Description"],
    }


def test_a_summary_tells_types_and_allowed_values(stacks: Stacks) -> None:
    found = stacks.client.get_template_summary(TemplateBody=BODY)
    assert found["ResourceTypes"] == ["AWS::SageMaker::NotebookInstance"]
    assert found["Version"] == "2010-09-09"
    assert json.loads(found["Metadata"]) == TEMPLATE["Metadata"]
    kinds = {one["ParameterKey"]: one for one in found["Parameters"]}
    assert kinds["VolumeSizeInGB"]["ParameterType"] == "Number"
    assert kinds["NotebookInstanceType"]["ParameterConstraints"] == {
        "AllowedValues": list(FACTS.instance_types)
    }
    assert "DefaultValue" not in kinds["NotebookInstanceName"]


def test_a_stacks_template_can_be_summarised(stacks: Stacks) -> None:
    secret: dict[str, Any] = {"S": {"Type": "String", "NoEcho": True, "Default": "x"}}
    handle = {"A": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}
    stack = stacks.create(handle, TemplateParameters=secret)
    found = stacks.client.get_template_summary(StackName=stack)
    assert found["Parameters"][0]["NoEcho"] is True
    assert "Metadata" not in found
