"""Where in the program a request came from."""

import os
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from sandbox.engine.rpc import source_pb2


class SourcePositions:
    """Writes positions relative to the project's folder."""

    def __init__(self, root: Path) -> None:
        """Take the project's folder."""
        self._root = str(root)
        self._relative = lru_cache(maxsize=4096)(self._make_relative)

    def _make_relative(self, uri: str) -> str:
        parts = urlsplit(uri)
        path = unquote(parts.path)
        if parts.scheme != "file" or not path.startswith("/"):
            return ""
        return f"project:///{quote(os.path.relpath(path, self._root))}"

    def position(self, position: source_pb2.SourcePosition) -> str:
        """A position as the state records it, empty when there is none."""
        relative = self._relative(position.uri) if position.uri else ""
        if not relative:
            return ""
        column = f",{position.column}" if position.column else ""
        return f"{relative}#{position.line}{column}"

    def trace(self, trace: source_pb2.StackTrace) -> list[str]:
        """The positions of a stack trace."""
        return [self.position(frame.pc) for frame in trace.frames]
