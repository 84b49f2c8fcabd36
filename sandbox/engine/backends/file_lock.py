"""Locks of the folder backend, as the official CLI writes and reads them: one file per holder."""

import getpass
import os
import socket
from pathlib import Path
from uuid import uuid4

from sandbox.engine.backends.file_store import write_whole
from sandbox.engine.clock import timestamp
from sandbox.engine.errors import EngineError
from sandbox.engine.state.json_values import dump, load_object, number, text


class StackLock:
    """Holds a stack while it is updated."""

    def __init__(self, folder: Path) -> None:
        """Take the folder of the stack's locks."""
        self._folder = folder
        self._path = folder / f"{uuid4()}.json"

    def acquire(self) -> None:
        """Take the lock; both of two who try at once may be refused, never both let in.

        Raises:
            EngineError: if someone else holds it.
        """
        self._refuse_if_held()
        content = {
            "pid": os.getpid(),
            "username": getpass.getuser(),
            "hostname": socket.gethostname(),
            "timestamp": timestamp(),
        }
        write_whole(self._path, dump(content))
        try:
            self._refuse_if_held()
        except EngineError:
            self.release()
            raise

    def release(self) -> None:
        """Give the lock back."""
        self._path.unlink(missing_ok=True)

    def _refuse_if_held(self) -> None:
        others = [path for path in self._folder.glob("*.json") if path != self._path]
        if not others:
            return
        advice = "Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`."
        lines = [f"the stack is currently locked by {len(others)} lock(s). {advice}", *map(_describe, others)]
        raise EngineError("\n  ".join(lines))


def _describe(path: Path) -> str:
    holder = load_object(path.read_bytes())
    return (
        f"file://{path}: created by {text(holder, 'username')}@{text(holder, 'hostname')} "
        f"(pid {int(number(holder, 'pid'))}) at {text(holder, 'timestamp')}"
    )


def release_all(folder: Path) -> int:
    """Remove every lock of a stack and answer how many there were."""
    held = list(folder.glob("*.json"))
    for path in held:
        path.unlink(missing_ok=True)
    return len(held)
