"""Which resources a run is limited to."""

import re
from collections.abc import Iterable


class Targets:
    """URNs and patterns with `*` and `**`; without any, everything is meant."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        """Take the arguments as given."""
        given = list(texts)
        self.literals = [text for text in given if "*" not in text]
        self._names = set(self.literals)
        self._patterns = [_pattern(text) for text in given if "*" in text]

    @property
    def is_constrained(self) -> bool:
        """Whether anything was named."""
        return bool(self._names or self._patterns)

    def contains(self, urn: str) -> bool:
        """Whether a URN is meant; everything is when nothing was named."""
        if not self.is_constrained:
            return True
        return urn in self._names or any(pattern.fullmatch(urn) for pattern in self._patterns)

    def add(self, urn: str) -> None:
        """Mean one more."""
        self._names.add(urn)

    def copy(self) -> "Targets":
        """Another one that means the same."""
        copied = Targets()
        copied.literals = list(self.literals)
        copied._names = set(self._names)
        copied._patterns = list(self._patterns)
        return copied


def _pattern(text: str) -> re.Pattern[str]:
    # A single star stays within a part of the URN, a double one does not (deploy/target.go).
    pieces = re.split(r"(\*\*|\*)", text)
    wild = {"**": ".*", "*": "[^:]*"}
    return re.compile("".join(wild.get(piece, re.escape(piece)) for piece in pieces))
