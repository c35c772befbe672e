"""CloudFormation's intrinsic functions, evaluated.

Reference:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from scripts.sandbox.backends.cloudformation.errors import ValidationError
from scripts.sandbox.backends.templates import references, text


class _NoValue:
    """What `AWS::NoValue` refers to: the member that holds it is left out."""

    def __repr__(self) -> str:
        return "AWS::NoValue"


NO_VALUE: Final = _NoValue()
_VARIABLE = re.compile(r"\$\{(!?)([^}]*)\}")
_SELECT_ARGUMENTS = 2
_IF_ARGUMENTS = 3


@dataclass(frozen=True)
class Scope:
    """What names mean where a template is evaluated.

    Attributes:
        values: parameters and pseudo parameters.
        reference: what Ref of a resource gives.
        attribute: what Fn::GetAtt of a resource and an attribute gives.
        conditions: the template's conditions, not yet evaluated.
        mappings: the template's mappings.
        opaque: resources of which nothing is known yet: a function that needs one stays as it is,
            with the values that it uses beside it.
    """

    values: Mapping[str, Any]
    reference: Callable[[str], Any]
    attribute: Callable[[str, str], Any]
    conditions: Mapping[str, Any] = field(default_factory=dict)
    mappings: Mapping[str, Any] = field(default_factory=dict)
    opaque: frozenset[str] = frozenset()

    def ref(self, name: str) -> Any:
        """The value of a parameter, a pseudo parameter or a resource."""
        return self.values[name] if name in self.values else self.reference(name)

    def condition(self, name: str, asking: tuple[str, ...] = ()) -> bool:
        """Whether a condition of the template holds.

        Raises:
            ValidationError: there is no such condition, or it depends on itself.
        """
        if name not in self.conditions:
            raise ValidationError(f"Template format error: Unresolved condition dependency {name}")
        if name in asking:
            raise ValidationError(f"Template format error: Circular condition dependency on {name}")
        return holds(self.conditions[name], self, (*asking, name))


def evaluate(value: Any, scope: Scope) -> Any:
    """The value with every function replaced by its result, without the members of no value.

    Raises:
        ValidationError: a function is unknown or its arguments are not acceptable.
    """
    if isinstance(value, Mapping):
        function = _function_of(value)
        if function:
            return _apply(function, value[function], scope)
        members = {str(name): evaluate(item, scope) for name, item in value.items()}
        return {name: item for name, item in members.items() if item is not NO_VALUE}
    if isinstance(value, list):
        items = [evaluate(item, scope) for item in value]
        return [item for item in items if item is not NO_VALUE]
    return value


def holds(value: Any, scope: Scope, asking: tuple[str, ...] = ()) -> bool:
    """Whether a condition function is true.

    Raises:
        ValidationError: it is not one, or its arguments are not acceptable.
    """
    match value:
        case {"Condition": str(name)} if len(value) == 1:
            return scope.condition(name, asking)
        case {"Fn::Equals": [left, right]}:
            return bool(_plain(evaluate(left, scope)) == _plain(evaluate(right, scope)))
        case {"Fn::Contains": [items, wanted]}:
            return _plain(evaluate(wanted, scope)) in _plain(evaluate(items, scope))
        case {"Fn::Not": [item]}:
            return not holds(item, scope, asking)
    return _all_or_any(value, scope, asking)


def _all_or_any(value: Any, scope: Scope, asking: tuple[str, ...]) -> bool:
    match value:
        case {"Fn::And": [_, *_] as items}:
            return all(holds(item, scope, asking) for item in items)
        case {"Fn::Or": [_, *_] as items}:
            return any(holds(item, scope, asking) for item in items)
    raise ValidationError(f"Template error: {value} is not a condition")


def _function_of(value: Mapping[str, Any]) -> str:
    """The function that a mapping of one member means; a property may be called `Condition`."""
    if len(value) != 1:
        return ""
    (name,) = map(str, value)
    return name if name == "Ref" or name.startswith("Fn::") else ""


def _apply(function: str, argument: Any, scope: Scope) -> Any:
    if function in ("Fn::Equals", "Fn::Not", "Fn::And", "Fn::Or", "Fn::Contains"):
        return holds({function: argument}, scope)
    apply = _FUNCTIONS.get(function)
    if apply is None:
        raise ValidationError(f"Template error: unsupported function {function}")
    if scope.opaque and function != "Fn::If":
        names = set(references({function: argument}))
        if names & scope.opaque:
            used = {name: scope.values[name] for name in names if name in scope.values}
            return {
                function: argument if isinstance(argument, str) else evaluate(argument, scope),
                "uses": used,
            }
    return apply(argument, scope)


def _ref(argument: Any, scope: Scope) -> Any:
    if not isinstance(argument, str):
        raise ValidationError("Template format error: Every Ref object must have a single string.")
    return scope.ref(argument)


def _get_att(argument: Any, scope: Scope) -> Any:
    match argument:
        case str() if "." in argument:
            resource, _, name = argument.partition(".")
        case [str(resource), name]:
            name = text(evaluate(name, scope))
        case _:
            raise ValidationError(
                "Template error: every Fn::GetAtt object requires two non-empty parameters, the"
                " resource name and the resource attribute"
            )
    return scope.attribute(resource, name)


def _join(argument: Any, scope: Scope) -> str:
    match argument:
        case [str(delimiter), given]:
            items = evaluate(given, scope)
            if isinstance(items, list):
                return delimiter.join(_word(item, "Fn::Join") for item in items)
    raise ValidationError(
        "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and"
        " (2) a list of strings to be joined or a function that returns a list of strings (such as"
        " Fn::GetAZs) to be joined."
    )


def _sub(argument: Any, scope: Scope) -> str:
    match argument:
        case str(pattern):
            own: Mapping[str, Any] = {}
        case [str(pattern), Mapping() as own]:
            pass
        case _:
            raise ValidationError(
                "Template error: One or more Fn::Sub intrinsic functions don't specify expected"
                " arguments. Specify a string as first argument, and an optional second argument to"
                " specify a mapping of values to replace in the string"
            )

    def replaced(found: re.Match[str]) -> str:
        literal, name = found.groups()
        if literal:
            return f"${{{name}}}"
        if name in own:
            return _word(evaluate(own[name], scope), "Fn::Sub")
        function = "Fn::GetAtt" if "." in name else "Ref"
        return _word(_apply(function, name, scope), "Fn::Sub")

    return _VARIABLE.sub(replaced, pattern)


def _select(argument: Any, scope: Scope) -> Any:
    if not isinstance(argument, list) or len(argument) != _SELECT_ARGUMENTS:
        raise ValidationError(
            "Template error: Fn::Select requires a list argument with two elements: an integer"
            " index and a list"
        )
    index, items = text(evaluate(argument[0], scope)), evaluate(argument[1], scope)
    if not isinstance(items, list) or not index.isdigit() or int(index) >= len(items):
        raise ValidationError(
            f"Template error: Fn::Select  cannot select nonexistent value at index {index}"
        )
    return items[int(index)]


def _split(argument: Any, scope: Scope) -> list[str]:
    match argument:
        case [str(delimiter), given] if delimiter:
            return _word(evaluate(given, scope), "Fn::Split").split(delimiter)
    raise ValidationError(
        "Template error: every Fn::Split object requires two parameters, (1) a string delimiter and"
        " (2) a string to be split or a function that returns a string to be split."
    )


def _if(argument: Any, scope: Scope) -> Any:
    if not isinstance(argument, list) or len(argument) != _IF_ARGUMENTS:
        raise ValidationError("Template error: Fn::If requires a list argument with three elements")
    name, then, otherwise = argument
    held = scope.condition(name) if isinstance(name, str) else holds(name, scope)
    return evaluate(then if held else otherwise, scope)


def _find_in_map(argument: Any, scope: Scope) -> Any:
    keys = [text(key) for key in evaluate(argument, scope)] if isinstance(argument, list) else []
    found: Any = scope.mappings
    for key in keys:
        found = found.get(key) if isinstance(found, Mapping) else None
    if len(keys) != len(("map", "top", "second")) or found is None:
        raise ValidationError(f"Template error: Unable to get mapping for {'::'.join(keys)}")
    return found


def _base64(argument: Any, scope: Scope) -> str:
    word = _word(evaluate(argument, scope), "Fn::Base64")
    return base64.b64encode(word.encode()).decode()


def _word(value: Any, function: str) -> str:
    """A scalar as text.

    Raises:
        ValidationError: it is a list or a mapping.
    """
    if isinstance(value, list | Mapping) or value is NO_VALUE:
        raise ValidationError(f"Template error: {function} takes strings, not {value}")
    return text(value)


def _plain(value: Any) -> Any:
    """A value as conditions compare it: by text."""
    return list(map(_plain, value)) if isinstance(value, list) else text(value)


_FUNCTIONS: dict[str, Callable[[Any, Scope], Any]] = {
    "Ref": _ref,
    "Fn::GetAtt": _get_att,
    "Fn::Join": _join,
    "Fn::Sub": _sub,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::If": _if,
    "Fn::FindInMap": _find_in_map,
    "Fn::Base64": _base64,
}
