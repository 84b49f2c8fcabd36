"""What a request can set, and what the tables of a page name of it: docs/ecs.md and docs/eks.md."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import get_args

from pydantic import BaseModel

from programs.request.workload import Workload

OF_THE_SERVICE = frozenset({"cost_assumptions", "orchestrator", "protected", "ttl", "working_hours"})
"""The service's own, told elsewhere: docs/schedules.md, docs/cost.md, docs/request.md."""

_DOCS = Path(__file__).parents[2] / "docs"
_HEAD = "| setting | field |"


@dataclass(frozen=True, slots=True, order=True)
class Setting:
    """A field of a request, and the field that holds it; `holder` is empty where none does."""

    holder: str
    name: str

    def __str__(self) -> str:
        """Return the end of its path in a request."""
        return f"{self.holder}.{self.name}" if self.holder else self.name

    def is_named_in(self, cell: str) -> bool:
        """Return whether a cell names the field, and what holds it: `min` alone could be anybody's."""
        return all(re.search(rf"\b{word}\b", cell) for word in (self.holder, self.name) if word)


def settings_of(
    environment: type[BaseModel], depth: int, left_out: Collection[str] = OF_THE_SERVICE
) -> list[Setting]:
    """Return the settings of an environment and of its workloads, in order.

    A field that is a model of its own counts as its fields, `depth` levels down; below that, as itself.
    """
    found = {*_settings(environment, "", depth, left_out), *_settings(Workload, "", depth, left_out)}
    return sorted(found)


def field_cells(page: str) -> list[str]:
    """Return the column `field` of a page's tables of settings; other tables of the page are left aside."""
    tables = (_DOCS / page).read_text().split(_HEAD)[1:]
    rows = [row for table in tables for row in takewhile(_is_row, table.splitlines()[2:])]
    return [row.split("|")[2].strip() for row in rows]


def _is_row(line: str) -> bool:
    return line.startswith("| ")


def _settings(
    model: type[BaseModel], holder: str, depth: int, left_out: Collection[str]
) -> Iterator[Setting]:
    for attribute, field in model.model_fields.items():
        name = field.alias or attribute
        if name in left_out or name == "workloads":
            continue
        parts = list(_parts(field.annotation)) if depth else []
        for part in parts:
            yield from _settings(part, name, depth - 1, left_out)
        if not parts:
            yield Setting(holder, name)


def _parts(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _parts(inner)
