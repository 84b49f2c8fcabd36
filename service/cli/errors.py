"""Errors that end a command with a message for the person at the terminal."""

from service.cli.exit_codes import ExitCode


class CommandError(Exception):
    """A command cannot go on: what happened, what to do about it, and the exit code."""

    def __init__(self, message: str, *, hint: str | None = None, exit_code: ExitCode) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.exit_code = exit_code
