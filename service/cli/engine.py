"""`berth engine`: installs the official Pulumi CLI and its plugins."""

from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn

from service.cli.configuration import read_settings
from service.cli.errors import CommandError
from service.cli.exit_codes import ExitCode
from service.cli.output import print_json_value
from service.core.errors import BerthError
from service.installation.install import Installed, install_engine

app = typer.Typer(help="The official Pulumi engine: install.", no_args_is_help=True)


@app.callback()
def engine() -> None:
    """Keep `install` a command of its own while it is the only one."""


@app.command()
def install(
    prefix: Annotated[
        Path | None,
        typer.Option(help="Where to install; BERTH_DATA_DIR/engine by default.", show_default=False),
    ] = None,
    only_pinned: Annotated[
        bool, typer.Option("--only-pinned", help="Refuse plugins that have no pinned SHA-256.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON for programs, and nothing else.")
    ] = False,
) -> None:
    """Download, verify and install the pinned CLI and the aws, eks and kubernetes plugins."""
    target = prefix or read_settings().data_dir / "engine"
    console = Console(stderr=True, quiet=as_json)
    try:
        installed = _install(target, console, only_pinned=only_pinned)
    except BerthError as error:
        raise CommandError(error.message, hint=error.hint, exit_code=ExitCode.OPERATION_FAILED) from error
    if as_json:
        print_json_value(
            [{"name": item.name, "version": item.version, "sha256": item.sha256} for item in installed]
        )
        return
    for item in installed:
        console.print(f"{item.name} {item.version} ({item.verified_by}) sha256 {item.sha256}", soft_wrap=True)
    console.print(f"Put {target / 'bin'} on PATH to use it.", soft_wrap=True)


def _install(target: Path, console: Console, *, only_pinned: bool) -> list[Installed]:
    bars: dict[str, TaskID] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with httpx.Client(timeout=60) as http, Progress(*columns, console=console) as progress:

        def on_bytes(name: str, done: int, total: int | None) -> None:
            if name not in bars:
                bars[name] = progress.add_task(name, total=total)
            progress.update(bars[name], completed=done, total=total)

        return list(install_engine(target, http, on_bytes, only_pinned=only_pinned))
