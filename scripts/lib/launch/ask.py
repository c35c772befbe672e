"""Asking a person for the parameters that were not given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from scripts.lib.errors import one_line
from scripts.lib.launch.model import Parameter
from scripts.lib.launch.parameters import allowed, fault_of, missing

Prompt = Callable[[str, bool], str]
"""Takes the question, and whether the answer is to be hidden; returns the answer."""

Tell = Callable[[str], None]


def ask_missing(
    parameters: Iterable[Parameter], given: Mapping[str, str], prompt: Prompt, tell: Tell
) -> Mapping[str, str]:
    """Return ``given`` and an answer for each parameter that must be given and is not.

    An answer that is not allowed is asked for again.
    """
    answers = dict(given)
    for item in missing(parameters, given):
        if item.description:
            tell(one_line(item.description))
        if rule := allowed(item):
            tell(one_line(rule))
        answers[item.name] = _ask(item, prompt, tell)
    return answers


def _ask(parameter: Parameter, prompt: Prompt, tell: Tell) -> str:
    while True:
        answer = prompt(one_line(parameter.name), parameter.is_secret)
        fault = fault_of(parameter, answer)
        if not fault:
            return answer
        tell(one_line(fault))
