"""What stands in facts.toml: duties, and what else there is to choose."""

import tomllib
from functools import cache
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

SHIPPED = Path(__file__).with_name("facts.toml")
Orchestrator = Literal["ecs", "eks"]


class _Entry(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")


class Duty(_Entry):
    """Something that those who run it have to do themselves."""

    orchestrator: Orchestrator
    what: str
    how_often: str
    source: str = Field(pattern=r"^https://")
    when: Literal["always", "instances", "nodes", "auto_mode"] = "always"


class Alternative(_Entry):
    """Another service that runs containers."""

    name: str
    is_open: bool
    what: str
    limits: str
    how: str
    source: str = Field(pattern=r"^https://")


class ComparisonFacts(_Entry):
    """All of it."""

    duties: tuple[Duty, ...]
    alternatives: tuple[Alternative, ...]


@cache
def read_facts(path: Path = SHIPPED) -> ComparisonFacts:
    """Read the facts; raise pydantic's ValidationError naming the entry that is wrong."""
    return ComparisonFacts.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
