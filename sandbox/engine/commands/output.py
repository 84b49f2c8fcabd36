"""What commands print."""

import sys
from collections.abc import Mapping, Sequence

from sandbox.engine.state.json_values import Json, dump_indented


def say(line: str = "") -> None:
    """A line on standard output."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def say_json(value: Json | Mapping[str, Json]) -> None:
    """A JSON document on standard output."""
    say(dump_indented(value, indent=2))


def say_table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table on standard output."""
    widths = [max(len(row[column]) for row in [headers, *rows]) for column in range(len(headers))]
    for row in [headers, *rows]:
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def complain(message: str) -> None:
    """An error on standard error, as the official CLI words it."""
    sys.stderr.write(f"error: {message}\n")
    sys.stderr.flush()
