"""The table of reasons (reasons.toml), checked when it is read."""

import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from service.core.errors import ConfigurationError
from service.recommendations.questionnaire import CHOICES

SHIPPED = Path(__file__).with_name("reasons.toml")
Side = Literal["ecs", "eks"]
Weight = int


class _Entry(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")


class AnswerReason(_Entry):
    """Counts when a question was answered so."""

    question: str
    answer: str
    favours: Side
    weight: Weight = Field(ge=1, le=5)
    reason: str = Field(min_length=10)
    source: str = Field(pattern=r"^https://")

    @model_validator(mode="after")
    def _names_an_answer(self) -> Self:
        choices = CHOICES.get(self.question)
        if choices is None:
            raise ValueError(f"no such question {self.question!r}; there are {', '.join(CHOICES)}")
        if self.answer not in set(choices):
            raise ValueError(f"{self.question} has the answers {', '.join(choices)}, not {self.answer!r}")
        return self


class CostReason(_Entry):
    """Counts for the cheaper side from a difference on."""

    percent_more: Decimal = Field(gt=0)
    weight: Weight = Field(ge=1, le=5)
    source: str = Field(pattern=r"^https://")


class UnavailableReason(_Entry):
    """Counts for the other side when something cannot be had on one."""

    weight: Weight = Field(ge=1, le=5)


class ReasonTable(_Entry):
    """All reasons."""

    version: str
    answers: tuple[AnswerReason, ...]
    costs: tuple[CostReason, ...]
    unavailable: UnavailableReason

    @model_validator(mode="after")
    def _weighs_an_answer_once(self) -> Self:
        seen = [(reason.question, reason.answer) for reason in self.answers]
        twice = {pair for pair in seen if seen.count(pair) > 1}
        if twice:
            raise ValueError(
                f"weighed more than once: {', '.join(' = '.join(pair) for pair in sorted(twice))}"
            )
        return self


@cache
def read_reasons(path: Path | None = None) -> ReasonTable:
    """Read a table, that which ships if none is named; raise ConfigurationError saying what is wrong."""
    try:
        return _read(path or SHIPPED)
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            f"the table of reasons {path} cannot be used: {error}",
            hint="service/recommendations/reasons.toml shows how one is written",
        ) from error


def _read(path: Path) -> ReasonTable:
    return ReasonTable.model_validate(tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal))
