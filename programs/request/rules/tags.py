"""Tags that AWS or Berth keep for themselves."""

from collections.abc import Iterator

from programs.request.rules.problem import Problem
from programs.request.shape import SharedShape

RESERVED_PREFIXES = ("aws:", "berth:")


def tag_problems(request: SharedShape) -> Iterator[Problem]:
    """Tags whose keys are reserved: `aws:` by AWS, `berth:` for what an environment owns."""
    for key in request.tags:
        if key.lower().startswith(RESERVED_PREFIXES):
            yield Problem(("tags", key), "`aws:` and `berth:` are reserved; write a key without that prefix")
