"""The commands of `berth` and how their errors end."""

import signal
import sys
from types import FrameType

import click
import typer
from rich.console import Console
from rich.markup import escape

from service.cli import (
    costs,
    document,
    engine,
    environments,
    guardrails,
    keys,
    processes,
    sandbox,
    tokens,
)
from service.cli.errors import CommandError
from service.cli.exit_codes import ExitCode

app = typer.Typer(
    name="berth",
    help="Self-service ECS and EKS environments.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
processes.register(app)
app.command()(document.openapi)
app.add_typer(environments.app, name="env")
app.add_typer(tokens.app, name="token")
app.add_typer(guardrails.app, name="guardrail")
app.add_typer(engine.app, name="engine")
app.add_typer(keys.app, name="keys")
app.command()(costs.costs)
app.command()(costs.compare)
app.command()(costs.recommend)
app.command(context_settings=sandbox.PASS_ON)(sandbox.sandbox)


def main() -> None:
    """Run the command line; errors become a message on standard error and an exit code."""
    signal.signal(signal.SIGTERM, _end_in_order)
    try:
        app()
    except CommandError as error:
        _report(error.message, error.hint)
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(ExitCode.INTERRUPTED)


def _end_in_order(_number: int, _frame: FrameType | None) -> None:
    """Leave by an exception, so that what was started is stopped on the way out."""
    raise SystemExit(ExitCode.TERMINATED)


def _report(message: str, hint: str | None) -> None:
    console = Console(stderr=True)
    console.print(f"[bold red]error:[/] {escape(message)}", soft_wrap=True)
    if hint:
        console.print(f"[bold]hint:[/] {escape(hint)}", soft_wrap=True)
