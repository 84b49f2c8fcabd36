"""What can go wrong with a command, as the one who ran it is told."""


class EngineError(Exception):
    """The command cannot be carried out; the text is printed after `error: `."""


class AlreadyReportedError(EngineError):
    """The cause has been shown as diagnostics; the command ends with a failure and says no more."""


class CancelledError(EngineError):
    """The update was cancelled."""


class StackNotFoundError(EngineError):
    """No stack has that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no stack named '{name}' found")


class StackAlreadyExistsError(EngineError):
    """A stack of that name exists."""

    def __init__(self, name: str) -> None:
        super().__init__(f"stack '{name}' already exists")


class NoChangesExpectedError(EngineError):
    """`--expect-no-changes` was given and there are changes."""

    def __init__(self, operation: str) -> None:
        super().__init__(f"no changes were expected for {operation} but changes were proposed")


class DecryptionError(EngineError):
    """A secret cannot be read with the key at hand."""
