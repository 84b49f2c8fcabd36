"""What a rule finds: a place in the request and what to write there instead."""

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

Place = tuple[int | str, ...]
"""Keys and positions from the document's root, as in pydantic's `loc`."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A combination that cannot be: where, and what to write instead."""

    loc: Place
    message: str


def raise_problems(title: str, problems: Iterable[Problem]) -> None:
    """Raise one `ValidationError` that carries every problem at its place; return when there is none."""
    details = [
        InitErrorDetails(
            type=PydanticCustomError("rule", "{text}", {"text": problem.message}), loc=problem.loc, input=None
        )
        for problem in problems
    ]
    if details:
        raise ValidationError.from_exception_data(title, details, hide_input=True)
