"""The options that most commands share."""

from typing import Annotated

import typer

UrlOption = Annotated[str, typer.Option("--url", envvar="BERTH_URL", help="Where Berth's API is.")]
TokenOption = Annotated[str | None, typer.Option("--token", envvar="BERTH_TOKEN", show_default=False)]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs, and nothing else.")]
WaitOption = Annotated[bool, typer.Option("--wait/--no-wait", help="Follow the operation to its end.")]
Reference = Annotated[str, typer.Argument(help="team/name, or an environment's id.")]

DEFAULT_URL = "http://127.0.0.1:8080"
