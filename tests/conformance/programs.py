"""Small programs that several cases run, and what their resources are called."""

from pulumi import automation

from tests.conformance.things import Thing


def several(*names: str, value: int = 1) -> automation.PulumiFn:
    def program() -> None:
        for name in names:
            Thing(name, {"value": value})

    return program


def chained(value: int = 1) -> automation.PulumiFn:
    def program() -> None:
        first = Thing("first", {"value": value})
        second = Thing("second", {"of": first.arn, "value": value})
        Thing("third", {"of": second.arn, "value": value})

    return program


def urn(name: str) -> str:
    return f"urn:pulumi:dev::lab::test:index:Thing::{name}"
