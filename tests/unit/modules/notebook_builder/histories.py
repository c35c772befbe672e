"""Histories of many stacks, notebooks and people: the rules by which hypothesis makes them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from botocore.exceptions import ClientError
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from tests.unit.modules.notebook_builder.account import Account
from tests.unit.modules.notebook_builder.invocation import (
    CALL_TROUBLES,
    PUT_TROUBLES,
    Weather,
    virtual_time,
)
from tests.unit.modules.notebook_builder.stacks import AT_REST, ENDED, Stack
from tests.unit.modules.notebook_builder.world import PROPERTIES

NAMES = ("first", "second", "third")
PEOPLE = ("amy", "bob@example.com")

properties = st.fixed_dictionaries(
    {
        "NotebookInstanceName": st.sampled_from(NAMES),
        "NotebookInstanceType": st.sampled_from(("ml.t3.medium", "ml.m5.xlarge")),
        "VolumeSizeInGB": st.sampled_from(("20", "50")),
    }
).map(lambda changed: PROPERTIES | changed)
calm = st.just(Weather)
foul = st.builds(
    lambda **troubles: lambda: Weather(**{k: list(v) for k, v in troubles.items()}),
    calls=st.lists(st.sampled_from(CALL_TROUBLES), max_size=6),
    puts=st.lists(st.sampled_from(PUT_TROUBLES), max_size=3).flatmap(
        lambda puts: st.sampled_from((1, 3, 9)).map(lambda times: puts * times)
    ),
    lives=st.lists(st.sampled_from((None, 0.3, 1.0, 30.0)), max_size=1).flatmap(
        lambda lives: st.sampled_from((1, 3)).map(lambda times: lives * times)
    ),
    transitions=st.lists(
        st.tuples(st.sampled_from((1.0, 60.0, 400.0, 880.0, 1200.0)), st.booleans()), max_size=3
    ),
    tag_lags=st.lists(st.sampled_from((0.0, 20.0)), max_size=2),
)
weathers = calm | foul
waits = st.sampled_from((0.0, 1.0, 10.0, 100.0, 300.0, 1000.0, 4000.0))


def nothing_in(faults: list[str]) -> None:
    assert not faults, "; ".join(faults)


class Histories(RuleBasedStateMachine):
    """People launch, change and end notebooks, and meddle; AWS has its troubles."""

    run = 0

    def __init__(self) -> None:
        super().__init__()
        Histories.run += 1
        self._time = virtual_time()
        self._time.__enter__()
        self.account = Account()

    @property
    def stacks(self) -> list[Stack]:
        return list(self.account.cloudformation.stacks.values())

    def stack_in(self, statuses: tuple[str, ...], number: int) -> Stack:
        fitting = [stack for stack in self.stacks if stack.status in statuses]
        return fitting[number % len(fitting)]

    def go_on(self, weather: Callable[[], Weather], seconds: float) -> None:
        for trouble, coming in vars(weather()).items():
            getattr(self.account.weather, trouble)[:] = coming
        self.account.clockwork.run(seconds)

    @initialize(person=st.sampled_from(PEOPLE), wanted=properties, weather=weathers, seconds=waits)
    def first_launch(
        self, person: str, wanted: dict[str, str], weather: Any, seconds: float
    ) -> None:
        self.launch(person, wanted, weather, seconds)

    @precondition(lambda self: len(self.stacks) < 4)
    @rule(person=st.sampled_from(PEOPLE), wanted=properties, weather=weathers, seconds=waits)
    def another_launch(
        self, person: str, wanted: dict[str, str], weather: Any, seconds: float
    ) -> None:
        self.launch(person, wanted, weather, seconds)

    def launch(self, person: str, wanted: dict[str, str], weather: Any, seconds: float) -> None:
        self.account.cloudformation.create(person, wanted)
        self.go_on(weather, seconds)

    @precondition(lambda self: any(stack.at_rest for stack in self.stacks))
    @rule(number=st.integers(0, 3), wanted=properties, weather=weathers, seconds=waits)
    def update(self, number: int, wanted: dict[str, str], weather: Any, seconds: float) -> None:
        stack = self.stack_in(AT_REST, number)
        self.account.cloudformation.update(stack, wanted)
        self.go_on(weather, seconds)

    @precondition(lambda self: any(stack.at_rest for stack in self.stacks))
    @rule(number=st.integers(0, 3), weather=weathers, seconds=waits)
    def end(self, number: int, weather: Any, seconds: float) -> None:
        self.account.cloudformation.delete(self.stack_in(AT_REST, number))
        self.go_on(weather, seconds)

    @rule(weather=weathers, seconds=waits)
    def time_passes(self, weather: Any, seconds: float) -> None:
        self.go_on(weather, seconds)

    @precondition(lambda self: self.account.cloudformation.events)
    @rule(number=st.integers(0, 2), seconds=waits)
    def lambda_delivers_twice(self, number: int, seconds: float) -> None:
        """It promises at least once; within minutes, not hours."""
        recent = self.account.cloudformation.recent(within=600)
        if recent:
            self.account.invoke(recent[-1 - number % len(recent)])
            self.account.clockwork.run(seconds)

    @rule(
        name=st.sampled_from(NAMES),
        verb=st.sampled_from(("make", "stop", "start", "delete")),
        seconds=waits,
    )
    def somebody_meddles(self, name: str, verb: str, seconds: float) -> None:
        sagemaker, account = self.account.sagemaker, self.account
        account.outsiders[name] = account.clockwork.now
        if verb == "make" and not sagemaker.exists(name):
            sagemaker.tagged_at.pop(name, None)
            sagemaker.add(owner={"ProjectName": "beta"}, NotebookInstanceName=name)
        elif verb != "make" and sagemaker.exists(name):
            with suppress(ClientError):  # it may be in no state for that
                getattr(sagemaker, f"{verb}_notebook_instance")(NotebookInstanceName=name)
        account.clockwork.run(seconds)

    @invariant()
    def no_rule_is_broken(self) -> None:
        nothing_in(self.account.faults)

    def teardown(self) -> None:
        """Let everything come to its end, in calm weather, and see what is left."""
        try:
            account = self.account
            account.weather.clear()
            account.clockwork.run()
            nothing_in(account.faults)
            nothing_in(account.leaks())
            for _ in range(2):  # what had to be given up once is ended by the second try
                for stack in self.stacks:
                    if stack.status not in ENDED:
                        account.cloudformation.delete(stack)
                account.clockwork.run()
            nothing_in([stack.status for stack in self.stacks if stack.status not in ENDED])
            nothing_in(account.leaks())
            nothing_in(account.faults)
            self.launch_in_calm_weather()
        finally:
            self._time.__exit__(None, None, None)

    def launch_in_calm_weather(self) -> None:
        account = self.account
        wanted = PROPERTIES | {"NotebookInstanceName": "calm"}
        stack = account.cloudformation.create("amy", wanted)
        account.clockwork.run(75)
        assert stack.status == "CREATE_COMPLETE"
        nothing_in(account.faults)
