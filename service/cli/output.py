"""How values are shown in the terminal."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence

from pydantic import BaseModel, JsonValue
from rich.console import Console
from rich.markup import escape

from service.cli.answers import OutputAnswer


def print_outputs(console: Console, outputs: Iterable[OutputAnswer]) -> None:
    """Print outputs for reading and copying: a value a line, never wrapped; secrets stay hidden."""
    for output in outputs:
        lines = ["(secret)"] if output.is_secret else list(_lines(output.value))
        console.print(f"[bold]{escape(output.name)}[/]", soft_wrap=True, highlight=False)
        for line in lines:
            console.print(f"  {line}", soft_wrap=True, markup=False, highlight=False)


def _lines(value: JsonValue) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in sorted(value.items()):
            first, *rest = list(_lines(item)) or ["-"]
            yield f"{key}: {first}"
            yield from (f"  {line}" for line in rest)
    elif isinstance(value, list):
        for item in value:
            yield from _lines(item)
    else:
        yield value if isinstance(value, str) else json.dumps(value)


def print_json(value: BaseModel | Sequence[BaseModel]) -> None:
    """Write models to standard output as JSON, for programs to read."""
    if isinstance(value, BaseModel):
        print_json_value(value.model_dump(mode="json", by_alias=True))
    else:
        print_json_value([item.model_dump(mode="json", by_alias=True) for item in value])


def print_json_value(value: JsonValue | Sequence[JsonValue]) -> None:
    """Write a JSON value to standard output."""
    sys.stdout.write(json.dumps(value, indent=2) + "\n")
