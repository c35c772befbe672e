"""Keeping the latest calls."""

from dataclasses import fields

from scripts.sandbox.journal import Call, Journal


def call(operation: str) -> Call:
    return Call("s3", operation, "AKIA", "arn:aws:iam::123456789012:user/u", 200, "")


def test_calls_are_kept_oldest_first() -> None:
    journal = Journal()
    journal.add(call("a"))
    journal.add(call("b"))
    assert [kept.operation for kept in journal.calls()] == ["a", "b"]


def test_the_oldest_make_room() -> None:
    journal = Journal(capacity=2)
    for operation in "abc":
        journal.add(call(operation))
    assert [kept.operation for kept in journal.calls()] == ["b", "c"]


def test_what_was_read_does_not_change_with_the_journal() -> None:
    journal = Journal()
    read = journal.calls()
    journal.add(call("a"))
    assert read == []
    journal.clear()
    assert journal.calls() == []


def test_a_call_has_no_room_for_bodies_or_secrets() -> None:
    names = [field.name for field in fields(Call)]
    assert names == ["service", "operation", "access_key", "principal", "status", "error"]
