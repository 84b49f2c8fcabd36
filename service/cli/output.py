"""How values are shown in the terminal."""

import json
import sys
from collections.abc import Iterable, Sequence

from pydantic import BaseModel, JsonValue
from rich.markup import escape
from rich.table import Table

from service.cli.answers import OutputAnswer


def outputs_table(outputs: Iterable[OutputAnswer]) -> Table:
    """Lay outputs out for reading: a row per plain value, lists and maps one entry a line; secrets hidden."""
    table = Table("output", "value", box=None, padding=(0, 2, 0, 0))
    table.columns[0].no_wrap = True
    table.columns[1].overflow = "fold"
    for output in outputs:
        value = "(secret)" if output.is_secret else _lines(output.value)
        table.add_row(escape(output.name), escape(value))
    return table


def _lines(value: JsonValue) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{key}: {_lines(item)}" for key, item in sorted(value.items())) or "-"
    if isinstance(value, list):
        return "\n".join(_lines(item) for item in value) or "-"
    return value if isinstance(value, str) else json.dumps(value)


def print_json(value: BaseModel | Sequence[BaseModel]) -> None:
    """Write models to standard output as JSON, for programs to read."""
    if isinstance(value, BaseModel):
        print_json_value(value.model_dump(mode="json", by_alias=True))
    else:
        print_json_value([item.model_dump(mode="json", by_alias=True) for item in value])


def print_json_value(value: JsonValue | Sequence[JsonValue]) -> None:
    """Write a JSON value to standard output."""
    sys.stdout.write(json.dumps(value, indent=2) + "\n")
