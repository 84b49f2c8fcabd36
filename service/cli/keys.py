"""`berth keys`: rotation of the keys that seal secrets, run where the API's database and keys are at hand."""

import asyncio
from collections.abc import Coroutine
from typing import Annotated

import typer
from rich.console import Console

from service.cli.configuration import read_settings
from service.cli.errors import CommandError
from service.cli.exit_codes import ExitCode
from service.core.errors import BerthError

STACK_PARTS = 3

app = typer.Typer(help="Keys that seal secrets: rewrap, rotate.", no_args_is_help=True)


@app.command()
def rewrap() -> None:
    """Close every stack's data key with the present key; BERTH_PREVIOUS_SECRETS_KEYS may go then."""
    from service.backend.maintenance import rewrap_all  # noqa: PLC0415 -- loads the database's libraries

    count = _result(rewrap_all(read_settings()))
    Console().print(f"{count} data keys closed anew; the previous keys are needed no more.")


@app.command()
def rotate(stack: Annotated[str, typer.Argument(help="TEAM/environments/NAME")]) -> None:
    """Give a stack a new data key; what older ones sealed still opens."""
    from service.backend.maintenance import rotate as rotate_key  # noqa: PLC0415 -- as above
    from service.backend.model import StackName  # noqa: PLC0415 -- as above

    parts = stack.split("/")
    if len(parts) != STACK_PARTS:
        raise CommandError(
            f"{stack!r} names no stack", hint="TEAM/environments/NAME", exit_code=ExitCode.USAGE
        )
    generation = _result(rotate_key(read_settings(), StackName(*parts)))
    Console().print(f"{stack} seals with generation {generation} from now on.")


def _result(work: Coroutine[object, object, int]) -> int:
    try:
        return asyncio.run(work)
    except ValueError as error:
        raise CommandError(str(error), exit_code=ExitCode.USAGE) from error
    except BerthError as error:
        raise CommandError(error.message, hint=error.hint, exit_code=ExitCode.REFUSED) from error
