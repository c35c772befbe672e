from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.product_template import ProductFacts, product_template
from scripts.lib.launch.model import Parameter
from scripts.lib.launch.parameters import Fault, allowed, check, fault_of, missing
from tests.unit.scripts.lib.launch.samples import NAME, PARAMETERS, SECRET, SIZE, SUBNET, TYPE


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        (NAME, "dana"),
        (TYPE, "large"),
        (SIZE, "5"),
        (SIZE, "100"),
        (SIZE, "20.5"),
        (SIZE, "+20"),
        (SIZE, "2e1"),
        (SUBNET, "net-a"),
        (Parameter("Any"), ""),
        (Parameter("Any"), "anything\nat all"),
        (Parameter("Id", type="AWS::EC2::Subnet::Id"), "subnet-1"),
        (Parameter("Zones", type="CommaDelimitedList", allowed_values=("a", "b")), "a, b"),
        (Parameter("Zones", type="CommaDelimitedList", allowed_pattern="[a-c]"), "a,b,c"),
        (Parameter("Sizes", type="List<Number>", min_value="1", max_value="9"), "1,2, 9"),
        (Parameter("Java", allowed_pattern=r"\p{Alpha}+"), "not checked here: Python has no \\p"),
    ],
)
def test_value_that_is_allowed_has_no_fault(parameter: Parameter, value: str) -> None:
    assert fault_of(parameter, value) == ""


@pytest.mark.parametrize(
    ("parameter", "value", "message"),
    [
        (TYPE, "huge", "got 'huge'; allowed is one of small, large"),
        (TYPE, "Large", "got 'Large'; allowed is one of small, large"),
        (TYPE, "", "got ''; allowed is one of small, large"),
        (SUBNET, "net-b", "got 'net-b'; allowed is only net-a"),
        (SIZE, "4", "got '4'; must be a number, 5 to 100"),
        (SIZE, "101", "got '101'; must be a number, 5 to 100"),
        (SIZE, "4.999", "got '4.999'; must be a number, 5 to 100"),
        (SIZE, "big", "got 'big'; must be a number, 5 to 100"),
        (SIZE, "", "got ''; must be a number, 5 to 100"),
        (SIZE, "1_0", "got '1_0'; must be a number, 5 to 100"),
        (SIZE, " 20", "got ' 20'; must be a number, 5 to 100"),
        (SIZE, "nan", "got 'nan'; must be a number, 5 to 100"),
        (SIZE, "9e999", "got '9e999'; must be a number, 5 to 100"),
        (SIZE, "٢٠", "got '٢٠'; must be a number, 5 to 100"),
        (Parameter("N", type="Number"), "x", "got 'x'; must be a number"),
        (
            Parameter("N", type="Number", min_value="1"),
            "0",
            "got '0'; must be a number, at least 1",
        ),
        (
            Parameter("N", type="Number", max_value="1"),
            "2",
            "got '2'; must be a number, at most 1",
        ),
        (NAME, "d", "got 'd'; must have at least 2 characters, must match [a-z-]+"),
        (Parameter("S", max_length="2"), "abc", "got 'abc'; must have at most 2 characters"),
        (
            Parameter("S", min_length="1", max_length="2"),
            "",
            "got ''; must have 1 to 2 characters",
        ),
        # fullmatch: the whole value, and no newline at its end.
        (Parameter("S", allowed_pattern="[a-z]+"), "ab1", "got 'ab1'; must match [a-z]+"),
        (Parameter("S", allowed_pattern="^[a-z]+$"), "ab\n", "got 'ab\\n'; must match ^[a-z]+$"),
        (
            Parameter("S", allowed_pattern="[a-z]+", constraint="Only small letters."),
            "A",
            "got 'A'; Only small letters",
        ),
        (
            Parameter("S", allowed_values=("a", "b"), constraint="a or b"),
            "A",
            "got 'A'; allowed is one of a, b",
        ),
        (
            Parameter("L", type="CommaDelimitedList", allowed_values=("a", "b")),
            "a,c",
            "got 'a,c'; allowed is one of a, b",
        ),
        (
            Parameter("L", type="List<Number>", max_value="9"),
            "1,10",
            "got '1,10'; must be a number, at most 9",
        ),
    ],
)
def test_refuses_what_the_template_does_not_allow(
    parameter: Parameter, value: str, message: str
) -> None:
    assert fault_of(parameter, value) == message


def test_secret_is_not_repeated_in_its_fault() -> None:
    secret = Parameter("Password", is_secret=True, min_length="12")

    assert fault_of(secret, "hunter2") == "got ****; must have at least 12 characters"


def test_long_and_hostile_value_is_cut_and_has_no_control_characters() -> None:
    fault = fault_of(TYPE, "\x1b[2J\u202e" + "x" * 5000)

    assert len(fault) < 150
    assert fault.isprintable()


def test_many_values_are_cut_and_counted() -> None:
    parameter = Parameter("T", allowed_values=tuple(f"ml.{number}" for number in range(50)))

    assert allowed(parameter).endswith("ml.19, and 30 more")


def test_every_fault_is_told_at_once_and_each_once() -> None:
    faults = check(PARAMETERS, {"Typ": "small", "Size": "1", "Subnet": "net-b"})

    assert faults == (
        Fault("Typ", "is no parameter of this version; did you mean Type?"),
        Fault("Size", "got '1'; must be a number, 5 to 100"),
        Fault("Subnet", "got 'net-b'; allowed is only net-a"),
        Fault(
            "NotebookInstanceName",
            "must be given: must have at least 2 characters, must match [a-z-]+",
        ),
    )


def test_unknown_name_that_resembles_none_gets_the_whole_list() -> None:
    (fault,) = check((TYPE, SIZE), {"zzz": "1"})

    assert fault.message == "is no parameter of this version; there are: Type, Size"


def test_missing_are_those_without_default_also_an_empty_one_is_a_default() -> None:
    empty = Parameter("Empty", default="")

    assert missing((NAME, TYPE, empty), {}) == (NAME,)
    assert missing((NAME, TYPE), {"NotebookInstanceName": ""}) == ()


def test_kept_value_is_not_missing() -> None:
    assert check((NAME, SECRET), {}, kept=frozenset({"NotebookInstanceName"})) == ()


FACTS = ProductFacts(
    project_name="alpha",
    project_id="QuickStart007",
    environment="dev",
    execution_role_arn="arn:aws:iam::123456789012:role/R",
    bucket_name="bucket",
    subnet="net",
    security_group="group",
    lifecycle_config="lc",
    default_instance_type="ml.t3.medium",
    instance_types=("ml.t3.medium", "ml.t3.large"),
    platform_identifier="notebook-al2-v3",
    builder_function_arn="arn:aws:lambda:eu-west-1:123456789012:function:b",
)


def product_parameters() -> tuple[Parameter, ...]:
    """The parameters of the real product, as Service Catalog tells them."""

    def text(spec: dict[str, Any], key: str) -> str | None:
        return str(spec[key]) if key in spec else None

    return tuple(
        Parameter(
            name,
            spec["Type"],
            text(spec, "Default"),
            allowed_values=tuple(spec.get("AllowedValues", ())),
            allowed_pattern=text(spec, "AllowedPattern"),
            min_length=text(spec, "MinLength"),
            max_length=text(spec, "MaxLength"),
            min_value=text(spec, "MinValue"),
            max_value=text(spec, "MaxValue"),
        )
        for name, spec in product_template(FACTS, "lambda")["Parameters"].items()
    )


def test_the_products_own_defaults_are_allowed_and_only_the_name_is_missing() -> None:
    parameters = product_parameters()

    assert [fault.parameter for fault in check(parameters, {})] == ["NotebookInstanceName"]
    assert check(parameters, {item.name: item.default or "dana" for item in parameters}) == ()


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from([p.name for p in PARAMETERS] + ["Other"]), st.text()))
def test_whatever_is_given_there_is_one_fault_for_each_name_at_most(values: dict[str, str]) -> None:
    names = [fault.parameter for fault in check(PARAMETERS, values)]

    assert len(names) == len(set(names))
    assert all("\n" not in fault.message for fault in check(PARAMETERS, values))
    assert ("Other" in names) == ("Other" in values)
