"""What a warm engine runs: a fork of a process that has loaded the sandbox's engine already."""

import os
import sys
from typing import Protocol

from sandbox.engine.__main__ import main
from sandbox.engine.backends import file, http
from sandbox.engine.commands import update
from sandbox.engine.secrets import passphrase

LOADED = (file, http, update)


class Sent(Protocol):
    """A file descriptor on its way to this process."""

    def detach(self) -> int:
        """The number that it has here."""
        ...


def received(descriptor: Sent) -> int:
    """The number that a descriptor has in this process."""
    return descriptor.detach()


def run_engine(
    arguments: list[str], folder: str, environment: dict[str, str], outputs: tuple[int, int]
) -> None:
    """Be the `pulumi` command: in that folder and environment, writing to those descriptors."""
    for number, descriptor in enumerate(outputs, start=1):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    # Stretching a passphrase into a key costs 0.4 s a command, on purpose; cold engines show that it is done.
    passphrase.ITERATIONS = 1
    sys.exit(main(arguments))
