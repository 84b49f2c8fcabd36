"""How the rules of a static scan are written, and what they look at."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.programs.recording import Registered

Inputs = Mapping[str, Any]


@dataclass(frozen=True)
class Rule:
    """A rule of high severity, under the ids that public scanners know it by.

    `is_wrong` looks at the inputs of resources of `types`; `wrong` are inputs that it must object to.
    """

    ids: str
    title: str
    types: tuple[str, ...]
    is_wrong: Callable[[Inputs], object]
    wrong: Inputs

    def findings(self, resources: Iterable[Registered]) -> list[str]:
        """The resources that are wrong, each with the rule's title."""
        return [
            f"{one.type} {one.name}: {self.title} ({self.ids})"
            for one in resources
            if one.type in self.types and self.is_wrong(one.inputs)
        ]


def items(value: object) -> list[Any]:
    """A list, or what stands alone where a list may stand."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]
