"""Which person stands behind an actor's name."""

import pytest

from service.access.persons import person_of


@pytest.mark.parametrize(
    "actor",
    [
        "user:kim",
        "user:kim@example.com",
        "user:Kim",
        "user:default/kim via backstage:scaffolder",
        "user:default/kim via service:platform/portal",
        "kim via service:platform/portal",
        "kim@example.com via local-developer",
    ],
)
def test_names_of_one_person(actor: str) -> None:
    """Kind, namespace, domain, size of letters and channel make no other person."""
    assert person_of(actor) == "kim"


@pytest.mark.parametrize(
    "actor", ["service:shop/kim", "backstage:kim", "admin-token", "local-developer", "user:kim2", "user:@"]
)
def test_names_of_others(actor: str) -> None:
    """A pipeline is no person of its name."""
    assert person_of(actor) != "kim"
