"""How values are shown in the terminal."""

import json
import sys
from collections.abc import Sequence

from pydantic import BaseModel, JsonValue

from service.cli.answers import OutputAnswer


def output_text(output: OutputAnswer) -> str:
    """Show an output's value on one line; secrets stay hidden."""
    if output.is_secret:
        return "[secret]"
    return output.value if isinstance(output.value, str) else json.dumps(output.value)


def print_json(value: BaseModel | Sequence[BaseModel]) -> None:
    """Write models to standard output as JSON, for programs to read."""
    if isinstance(value, BaseModel):
        print_json_value(value.model_dump(mode="json", by_alias=True))
    else:
        print_json_value([item.model_dump(mode="json", by_alias=True) for item in value])


def print_json_value(value: JsonValue | Sequence[JsonValue]) -> None:
    """Write a JSON value to standard output."""
    sys.stdout.write(json.dumps(value, indent=2) + "\n")
