"""`berth sandbox`: looks at and changes the simulated cloud behind Pulumi's back."""

import subprocess
import sys
from typing import Annotated

import typer

from service.cli.configuration import read_settings

PASS_ON: dict[str, object] = {
    "ignore_unknown_options": True,
    "allow_extra_args": True,
    "help_option_names": [],
}


def sandbox(
    arguments: Annotated[
        list[str] | None,
        typer.Argument(help="show, set, delete, reset or fault, and what they take; --help."),
    ] = None,
) -> None:
    """Look at the simulated cloud, change it as somebody else would, or let its calls fail."""
    command, *rest = arguments or ["--help"]
    store = [] if command.startswith("-") else ["--store", str(read_settings().data_dir / "cloud")]
    line = [sys.executable, "-m", "sandbox.cloud", command, *store, *rest]
    raise typer.Exit(subprocess.call(line))  # noqa: S603 -- our own command
