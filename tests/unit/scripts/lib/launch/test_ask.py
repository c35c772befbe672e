from dataclasses import replace

from scripts.lib.launch.ask import ask_missing
from tests.unit.scripts.lib.launch.samples import NAME, PARAMETERS, SECRET, TYPE


class Person:
    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, bool]] = []
        self.told: list[str] = []

    def prompt(self, question: str, hidden: bool) -> str:
        self.asked.append((question, hidden))
        return self.answers.pop(0)

    def tell(self, text: str) -> None:
        self.told.append(text)


def test_only_what_has_no_default_and_is_not_given_is_asked_for() -> None:
    person = Person("dana")

    answered = ask_missing(PARAMETERS, {"Type": "large"}, person.prompt, person.tell)

    assert answered == {"Type": "large", "NotebookInstanceName": "dana"}
    assert person.asked == [("NotebookInstanceName", False)]
    assert person.told == ["must have at least 2 characters, must match [a-z-]+"]


def test_nothing_is_asked_where_nothing_is_missing() -> None:
    person = Person()

    assert ask_missing((TYPE,), {}, person.prompt, person.tell) == {}
    assert ask_missing((NAME,), {NAME.name: ""}, person.prompt, person.tell) == {NAME.name: ""}
    assert person.told == []


def test_answer_that_is_not_allowed_is_asked_for_again() -> None:
    person = Person("D", "ok")

    answered = ask_missing((NAME,), {}, person.prompt, person.tell)

    assert answered == {NAME.name: "ok"}
    assert person.told[-1] == "got 'D'; must have at least 2 characters, must match [a-z-]+"


def test_secret_is_asked_for_hidden_and_never_told() -> None:
    secret = replace(SECRET, default=None, min_length="5", description="The\x1b[2J word")
    person = Person("abc", "abcdef")

    assert ask_missing((secret,), {}, person.prompt, person.tell) == {"Secret": "abcdef"}
    assert person.asked == [("Secret", True)] * 2
    assert person.told == [
        "The?[2J word",
        "must have at least 5 characters",
        "got ****; must have at least 5 characters",
    ]
