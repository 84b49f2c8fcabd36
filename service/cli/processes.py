"""Commands that start Berth's processes: all of them, or one."""

import sys
from collections.abc import Callable
from typing import Annotated, TypeVar

import typer
from rich.console import Console

from service.cli.configuration import read_settings
from service.cli.errors import CommandError
from service.cli.exit_codes import ExitCode
from service.core.errors import ConfigurationError
from service.core.heap import kept_for_good
from service.identity.exposure import check_exposure

MadeT = TypeVar("MadeT")

FileArgument = Annotated[
    str | None, typer.Argument(help="A request document (YAML or JSON); the shop by default.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    for command in (up, api, worker, migrate, demo):
        app.command()(command)


def up() -> None:
    """Start Postgres, the API and a worker on this machine and keep serving."""
    from service.cli.local_stack import LocalStack  # noqa: PLC0415 -- starts Postgres' wheel: only where asked for

    console = Console()
    settings = read_settings()
    _made(lambda: check_exposure(settings))
    with LocalStack(settings) as stack:
        console.print(f"Berth is serving at {stack.url} (the form: {stack.url}/docs). Ctrl-C ends it.")
        stack.interrupt_when_a_part_ends()
        try:
            stack.wait()
        except KeyboardInterrupt:
            stack.check()
            console.print("Stopping ...")


def api() -> None:
    """Serve the HTTP API."""
    with kept_for_good():
        import uvicorn  # noqa: PLC0415 -- loaded only by the process that serves

        from service.core.log import set_up_logging  # noqa: PLC0415 -- as above
        from service.main import create_app  # noqa: PLC0415 -- as above

        set_up_logging(as_json=not sys.stderr.isatty())
        settings = read_settings()
        app = _made(lambda: create_app(settings, delivers_webhooks=True))
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        proxy_headers=False,  # the application judges them, by its own settings
        timeout_graceful_shutdown=10,
    )


def _made(make: Callable[[], MadeT]) -> MadeT:
    """Make something of the settings; what is wrong with them becomes a CommandError."""
    try:
        return make()
    except ConfigurationError as error:
        raise CommandError(error.message, hint=error.hint, exit_code=ExitCode.USAGE) from error


def worker() -> None:
    """Run operations from the queue."""
    with kept_for_good():
        from service.worker.main import run_worker  # noqa: PLC0415 -- loads the engine's libraries
    run_worker(read_settings())


def migrate() -> None:
    """Bring the database's schema up to date, and let the role that serves use it, where that is another."""
    from service.core.migrations import upgrade_to_head  # noqa: PLC0415 -- loads Alembic
    from service.core.serving_role import let_serve  # noqa: PLC0415 -- loads SQLAlchemy

    settings = read_settings()
    if settings.database_url is None:
        raise typer.BadParameter("set BERTH_DATABASE_URL to the database to migrate")
    serving_url = settings.database_url.get_secret_value()
    if settings.migration_database_url is None:
        upgrade_to_head(serving_url)
        return
    owner_url = settings.migration_database_url.get_secret_value()
    upgrade_to_head(owner_url)
    try:
        let_serve(owner_url, serving_url)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def demo(
    file: FileArgument = None,
    once: Annotated[bool, typer.Option("--once", help="End after the environment has been shown.")] = False,
) -> None:
    """Plan and deploy a request on this machine, in the sandbox, and watch it."""
    from service.cli.demo import run_demo  # noqa: PLC0415 -- starts Postgres' wheel: only where asked for

    run_demo(read_settings(), Console(), file, once=once)
