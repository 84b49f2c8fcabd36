"""`python -m sandbox.engine`: the `pulumi` command."""

import gc
import sys

# Loading makes hundreds of classes and no garbage: looking for some takes a third of the start.
gc.disable()

# ruff: noqa: E402 -- the imports are what this is about
from sandbox.engine.commands.arguments import UsageError, parse
from sandbox.engine.commands.context import Context, NoStackSelectedError
from sandbox.engine.commands.output import complain
from sandbox.engine.commands.tree import COMMANDS
from sandbox.engine.errors import (
    AlreadyReportedError,
    CancelledError,
    EngineError,
    NoChangesExpectedError,
    StackNotFoundError,
)

# The official CLI's exit codes (cmd/exit_codes.go).
_SUCCESS = 0
_FAILURE = 1
_BAD_CONFIGURATION = 2
_NO_STACK = 6
_UNEXPECTED_CHANGES = 7
_CANCELLED = 8


def main(argv: list[str]) -> int:
    """Run a command and answer its exit code."""
    gc.freeze()
    gc.enable()
    try:
        command, arguments = parse(argv, {name: command.configure for name, command in COMMANDS.items()})
        arguments.command = command
        arguments.argv = argv
        COMMANDS[command].run(Context(arguments))
    except EngineError as error:
        if not isinstance(error, AlreadyReportedError):
            complain(str(error))
        return _exit_code(error)
    return _SUCCESS


def _exit_code(error: EngineError) -> int:
    match error:
        case StackNotFoundError() | NoStackSelectedError():
            return _NO_STACK
        case NoChangesExpectedError():
            return _UNEXPECTED_CHANGES
        case CancelledError():
            return _CANCELLED
        case UsageError():
            return _BAD_CONFIGURATION
        case _:
            return _FAILURE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
